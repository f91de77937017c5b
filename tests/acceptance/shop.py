"""A small catalog whose every state is known: what each entity is tagged at a given step."""

import json
from collections.abc import Iterator
from pathlib import Path

ASSETS = 1200
ROOT = "default/demo/1"


def qualified_name(number: int) -> str:
    """Return the name of one table."""
    return f"{ROOT}/db/schema/table_{number:05d}"


def is_gold(number: int, step: int) -> bool:
    """Whether a table is tagged Gold at a step: a third of them, another third each step."""
    return number % 3 == step % 3


def gold(step: int) -> set[str]:
    """Return the qualified names that a product of Gold tables has at a step."""
    return {qualified_name(number) for number in range(ASSETS) if is_gold(number, step)}


def lines(step: int) -> Iterator[str]:
    """Yield the catalog at a step as NDJSON."""
    for number in range(ASSETS):
        attributes = {"name": f"table_{number:05d}", "description": f"table number {number}, as of {step // 2}"}
        tags = ["Gold"] if is_gold(number, step) else ["Plain"]
        yield json.dumps(
            {"typeName": "Table", "qualifiedName": qualified_name(number), "attributes": attributes, "tags": tags}
        )


def write(folder: Path, step: int) -> Path:
    """Write the catalog at a step to a file."""
    path = folder / f"step-{step}.ndjson"
    path.write_text("\n".join(lines(step)) + "\n", encoding="utf-8")
    return path
