"""Before and after of every pass, from files that anyone can extend.

In `tests/fixtures/rewrites/<pass>.txt` each case is two lines of JSON, before and after, and cases are separated by
an empty line; `rewrite.txt` is about all passes together. A clause that a pass leaves alone stands there twice.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from muster.query import wire
from muster.query.rewrite import RULES, apply, rewrite

FIXTURES = Path(__file__).parents[2] / "fixtures" / "rewrites"
PASSES = {rule.__name__: rule for rule in RULES}


def _cases() -> list[tuple[str, str, str]]:
    files = sorted(FIXTURES.glob("*.txt"))
    cases = [(file.stem, case.split("\n")) for file in files for case in file.read_text("utf-8").strip().split("\n\n")]
    return [(name, before, after) for name, (before, after) in cases]


@pytest.mark.parametrize(("name", "before", "after"), _cases())
def test_a_pass_makes_this_of_that(name: str, before: str, after: str) -> None:
    """The result is exactly the second line, and the pass leaves that alone."""
    node, expected = wire.parse(before), wire.parse(after)
    rewritten = rewrite(node) if name == "rewrite" else apply(PASSES[name], node)
    assert wire.canonical(rewritten) == wire.canonical(expected)
    assert rewrite(expected) is expected if name == "rewrite" else apply(PASSES[name], expected) is expected


def test_every_pass_has_a_file() -> None:
    """No pass goes without cases, and no file without its pass."""
    assert {file.stem for file in FIXTURES.glob("*.txt")} == {*PASSES, "rewrite"}


def test_every_pass_says_what_it_does() -> None:
    """A pass is documented."""
    assert all(rule.__doc__ for rule in RULES)
