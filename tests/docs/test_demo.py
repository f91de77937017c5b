"""The demonstration that the README begins with tells its story to the end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "examples" / "shop" / "artifacts"
CHAPTERS = (
    "A real catalog in",
    "defined by a query",
    "Membership, stored",
    "moves",
    "and says why",
    "and that one out?",
)


@pytest.mark.parametrize(
    ("manifest", "catalog", "moves"),
    [
        ("manifest.json", "catalog.json", "built again: tags and owners changed"),
        ("changed-manifest.json", None, "tagged pii: "),
    ],
)
def test_the_demo_tells_of_who_moved_and_why(manifest: str, catalog: str | None, moves: str, tmp_path: Path) -> None:
    """Of our own project as dbt changed it, and of any other as people change it by hand."""
    more = [] if catalog is None else ["--catalog", str(SHOP / catalog)]
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "demo.py"), "--manifest", str(SHOP / manifest), *more],
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    places = [done.stdout.index(one) for one in (*CHAPTERS, "That took")]
    assert places == sorted(places)
    assert moves in done.stdout
    told = done.stdout[places[4] : places[5]]
    assert any(line.startswith("- ") for line in told.splitlines())
    assert " Relations to share" in done.stdout[places[5] :]


def test_a_manifest_that_is_none_is_said_so(tmp_path: Path) -> None:
    """Without a traceback."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "demo.py"), "--manifest", str(tmp_path / "none.json")],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "none.json" in done.stderr
