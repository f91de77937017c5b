"""Writes the tables of `docs/reference/fields.md` from the index template: `python -m tests.docs.fields_page`."""

from collections.abc import Iterator
from pathlib import Path

from muster.fields import Field, Fields, Kind, asset_fields

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "fields.md"
BEGIN = "<!-- tables: written by `python -m tests.docs.fields_page` -->\n"


def current() -> str:
    """Return the page as it should be: its own words up to the mark, then the tables."""
    words, mark, _ = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    if not mark:
        raise ValueError(PAGE)
    return words + mark + "".join(f"{line}\n" for line in _tables(asset_fields()))


def _tables(fields: Fields) -> Iterator[str]:
    plain = [leaf for leaf in fields if leaf.name == leaf.source]
    yield from _table("Header", fields, [leaf for leaf in plain if leaf.name.startswith("__")])
    yield from _table(
        "Attributes", fields, [leaf for leaf in plain if not leaf.name.startswith("__") and not leaf.nested]
    )
    for path in sorted(fields.nested_paths):
        leaves = [leaf for leaf in plain if leaf.nested == path]
        if leaves:
            yield from _table(f"Nested objects in `{path}`", fields, leaves)
    grown = [path for path in sorted(fields.objects) if not fields.match(f"{path}.*")]
    yield from ["", "## Objects without fixed names", ""]
    yield ", ".join(f"`{path}`{' (nested)' if path in fields.nested_paths else ''}" for path in grown)


def _table(title: str, fields: Fields, leaves: list[Field]) -> Iterator[str]:
    yield from ["", f"## {title}", "", "| field | kind | sub-fields |", "|---|---|---|"]
    for leaf in leaves:
        inner = [one for one in fields.match(f"{leaf.name}.*") if one.source == leaf.name]
        yield f"| `{leaf.name}` | {leaf.kind} | {', '.join(map(_inner, inner))} |"


def _inner(leaf: Field) -> str:
    suffix = leaf.name.removeprefix(f"{leaf.source}.")
    analyzer = leaf.analyzer.name if leaf.analyzer else ""
    extra = f", {analyzer}" if leaf.kind is Kind.TEXT and analyzer != "standard" else ""
    return f"`.{suffix}` ({leaf.kind}{extra})"


if __name__ == "__main__":
    PAGE.write_text(current(), encoding="utf-8")
