"""The page on OpenMetadata's API and client does what it says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.command import run
from tests.acceptance.serving import Served, served
from tests.docs.examples import Script, examples

Json = Any
ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "how-to" / "use-openmetadata.md"
ARTIFACTS = ROOT / "examples" / "shop" / "artifacts"
BLOCK = re.compile(r"^```(sh|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SET_UP = ("muster ", "pip ")
"""How blocks begin that the tests do in their own way."""
APART = "\0"
PATIENCE = 300
"""Seconds that the page may take."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The example project, served."""
    with served(tmp_path_factory.mktemp("page") / "data") as one:
        run(one.data, "import", "dbt", str(ARTIFACTS / "manifest.json"), "--catalog", str(ARTIFACTS / "catalog.json"))
        yield one


def blocks() -> list[tuple[str, Json]]:
    """Return what is typed into a shell, block by block, with the JSON that is shown after it or None."""
    found: list[tuple[str, Json]] = []
    for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "json":
            found[-1] = found[-1][0], json.loads(text)
        elif not text.startswith(SET_UP):
            found.append((text, None))
    return found


def printed(text: str) -> Json:
    """Return the last of the JSON that a block printed."""
    at, found = 0, None
    while at < len(text.rstrip()):
        found, at = json.JSONDecoder().raw_decode(text, at)
    return found


def shows(shown: Json, said: Json) -> bool:
    """Whether what is shown is part of what was said; `…` is any text."""
    match shown, said:
        case dict(), dict():
            return all(name in said and shows(value, said[name]) for name, value in shown.items())
        case list(), list():
            return len(shown) == len(said) and all(map(shows, shown, said))
        case "…", str():
            return bool(said)
        case _:
            return bool(shown == said)


def test_examples_of_the_shell(shop: Served) -> None:
    """One block after the other, in one shell; each prints what is shown after it."""
    typed = blocks()
    assert shutil.which("curl"), "the page needs curl"
    script = "\nprintf '\\0'\n".join(text for text, _ in typed)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env=os.environ | {"BASE": shop.url, "TOKEN": shop.token},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    for (text, shown), out in zip(typed, done.stdout.split(APART), strict=True):
        assert shown is None or shows(shown, printed(out)), f"{text}\nprinted {out}"
    assert sum(shown is not None for _, shown in typed) == 7


def test_examples_of_the_released_client(shop: Served, client: Path) -> None:
    """Its Python, one block after the other, in the environment that has the client."""
    source = "\n".join(one.source for one in examples(PAGE) if isinstance(one, Script))
    assert "from metadata.sdk import" in source
    done = subprocess.run(
        [str(client), "-W", "ignore", "-c", source],
        env=os.environ | {"OPENMETADATA_HOST": f"{shop.url}/sdk/2.0/api", "OPENMETADATA_JWT_TOKEN": shop.token},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
