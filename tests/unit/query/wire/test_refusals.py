"""What is refused, with its exact place, message and hint."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from muster.errors import InvalidSelection, MusterError, UnsupportedClause
from muster.query import wire
from muster.query.wire import refused
from muster.query.wire.table import FORMS

FIXTURE = Path(__file__).parents[3] / "fixtures" / "identity" / "refused.jsonl"
LINES = [json.loads(line) for line in FIXTURE.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["text"][:80])
def test_a_wrong_clause_is_refused_at_its_place(line: dict[str, Any]) -> None:
    """Code, message, pointer and hint are exactly those of the fixture."""
    with pytest.raises(MusterError) as caught:
        wire.parse(line["text"])
    assert caught.value.as_dict() == {
        key: line[key] for key in ("code", "message", "path", "hint") if line[key] is not None
    }


@pytest.mark.parametrize("name", sorted(refused.CLAUSES))
def test_an_unsupported_clause_says_why(name: str) -> None:
    """Each refused clause gives its reason at its own place, wherever it stands."""
    with pytest.raises(UnsupportedClause) as caught:
        wire.read({"bool": {"must_not": [{"match_all": {}}, {name: {"anything": 1}}]}})
    reason, hint = refused.CLAUSES[name]
    assert caught.value.path == f"/bool/must_not/1/{name}"
    assert caught.value.message == f"`{name}` cannot be part of a selection: {reason}"
    assert caught.value.hint == hint


def test_no_clause_is_both_known_and_refused() -> None:
    """The two tables do not overlap."""
    assert not FORMS.keys() & refused.CLAUSES.keys()


@pytest.mark.parametrize(
    ("name", "meant"), [("matchPhrase", "match_phrase"), ("rang", "range"), ("TERM", "term"), ("scirpt", "script")]
)
def test_an_unknown_clause_is_answered_with_the_nearest(name: str, meant: str) -> None:
    """Camel case, case and small slips are answered with the name that was meant."""
    with pytest.raises(InvalidSelection) as caught:
        wire.read({name: {}})
    assert caught.value.as_dict() == {
        "code": "invalid_selection",
        "message": f"there is no clause `{name}`",
        "path": f"/{name}",
        "hint": f"did you mean `{meant}`?",
    }


def test_pointers_are_escaped() -> None:
    """`~` and `/` in keys are escaped as RFC 6901 says."""
    with pytest.raises(InvalidSelection) as caught:
        wire.read({"term": {"a/b~c": {"value": None}}})
    assert caught.value.path == "/term/a~1b~0c/value"
