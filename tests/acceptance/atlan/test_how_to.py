"""The page on `pyatlan` does what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.atlan.clients import quiet
from tests.acceptance.command import run
from tests.acceptance.serving import served
from tests.docs.examples import Command, Script, examples

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "how-to" / "use-pyatlan.md"
ARTIFACTS = ROOT / "examples" / "shop" / "artifacts"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the client's own
def test_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its Python, one block after the other, on the example project."""
    with served(tmp_path / "data") as one:
        run(one.data, "import", "dbt", str(ARTIFACTS / "manifest.json"), "--catalog", str(ARTIFACTS / "catalog.json"))
        monkeypatch.setenv("ATLAN_BASE_URL", one.url)
        monkeypatch.setenv("ATLAN_API_KEY", one.token)
        names: dict[str, Any] = {}
        with quiet():
            for example in examples(PAGE):
                match example:
                    case Script(source=source, line=line):
                        exec(compile("\n" * (line - 1) + source, str(PAGE), "exec"), names)  # noqa: S102 - our own page
                    case Command():
                        pytest.fail(f"line {example.line}: no test types commands of this page")
        names["client"]._session.close()
