"""The page on the HTTP API does what it says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import which

import pytest

from tests.acceptance.command import environment, run
from tests.acceptance.serving import served
from tests.docs.examples import Command, Script, examples

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "how-to" / "use-the-api.md"
ARTIFACTS = ROOT / "examples" / "shop" / "artifacts"
PROGRAMS = {"muster": (sys.executable, "-m", "muster"), "curl": ("curl",)}


@pytest.mark.skipif(which("curl") is None, reason="the page is about curl")
def test_examples_run(tmp_path: Path) -> None:
    """Its commands, one after the other, print what it shows, on the example project."""
    data = tmp_path / "data"
    with served(data) as one:
        run(data, "import", "dbt", str(ARTIFACTS / "manifest.json"), "--catalog", str(ARTIFACTS / "catalog.json"))
        told = {"MUSTER": f"{one.url}/api/v1/dataProducts", "TOKEN": one.token}
        for example in examples(PAGE):
            match example:
                case Command():
                    type_in(example, tmp_path, environment(data) | told)
                case Script():
                    pytest.fail(f"line {example.line}: no test runs Python of this page")


def type_in(command: Command, folder: Path, known: Mapping[str, str]) -> None:
    """Run one command and hold it to what the page shows."""
    program, *words = command.words
    printed = printed_by([*PROGRAMS[program], *(put_in(word, known) for word in words)], folder, known)
    assert command.printed(printed), f"line {command.line}: `{' '.join(command.words)}` printed\n{printed}"


def put_in(word: str, known: Mapping[str, str]) -> str:
    """Return a word with what a shell would put in for variables."""
    for name in ("MUSTER", "TOKEN"):
        word = word.replace(f"${name}", known[name])
    return word


def printed_by(words: Sequence[str], folder: Path, known: Mapping[str, str]) -> str:
    """Return what a command prints."""
    done = subprocess.run(
        words, cwd=folder, env=os.environ | dict(known), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, f"{words[0]} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout
