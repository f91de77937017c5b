"""The page of faults says nothing that no test holds."""

import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "explanation" / "when-things-fail.md"


def test_each_row_names_the_tests_that_hold_it() -> None:
    """Every row of every table has, where readers do not see it, the names of tests that are there."""
    there = {
        name
        for file in HERE.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(), re.MULTILINE)
    }
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    facts = [row for row in rows if not row.startswith("| what happens")]
    named = [re.findall(r"test_\w+", "".join(re.findall(r"<!--(.*?)-->", row))) for row in facts]

    assert len(facts) == 33
    assert all(named)
    assert {name for names in named for name in names} <= there
