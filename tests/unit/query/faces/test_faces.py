"""The faces by name, and how a text is taken for one of them."""

import json

import pytest

from muster.errors import InvalidSelection, LimitExceeded
from muster.query.build import F, select
from muster.query.faces import Face, guess_face, read, write
from muster.query.limits import Limits
from muster.query.nodes import Term, Terms
from muster.query.rules import EMPTY

SELECTION = select("Table").where(F.tags.has("Marketing")).where_not(F.tags.has("PII"))


@pytest.mark.parametrize("face", Face)
def test_every_face_reads_what_it_writes(face: Face) -> None:
    """Each face reads its own text back to the same text."""
    text = write(face, SELECTION.node)
    assert write(face, read(face, text)) == text


@pytest.mark.parametrize("face", [Face.BUILDER, Face.WIRE, Face.DSL])
def test_json_faces_keep_every_option(face: Face) -> None:
    """The JSON faces give back the very clause."""
    assert read(face, write(face, SELECTION.node)) == SELECTION.node


GUESSES = {
    "type:Table": Face.SHORTHAND,
    '"customer orders"': Face.SHORTHAND,
    "": Face.SHORTHAND,
    "[]": Face.SHORTHAND,
    '{"match_all": {}}': Face.WIRE,
    ' \n{"match_all": {}} ': Face.WIRE,
    '{"match_all": {}} type:Table': Face.SHORTHAND,
    '{"match_all": {}': Face.WIRE,
    '{"term": {"a": 1, "a": 2}}': Face.WIRE,
    '{"term": {"a": NaN}}\n': Face.WIRE,
    '{"term": {"a": NaN}} tag:Gold': Face.SHORTHAND,
    '{"query": {"dsl": {}}}': Face.DSL,
    '{"query": {"match_all": {}}}': Face.DSL,
    '{"dsl": {}}': Face.DSL,
    '{"query": {}, "filterScrubbed": true}': Face.DSL,
    EMPTY: Face.RULES,
}


@pytest.mark.parametrize(("text", "face"), GUESSES.items())
def test_face_is_guessed(text: str, face: Face) -> None:
    """The form of a text tells its face."""
    assert guess_face(text) is face


def test_a_face_is_guessed_within_the_limits_given() -> None:
    """A limit raised or lowered holds for the guess as it holds for the reading."""
    text = write(Face.WIRE, Terms("f", tuple(map(str, range(200)))))
    assert guess_face(text, Limits(text=len(text))) is Face.WIRE
    with pytest.raises(LimitExceeded):
        guess_face(text, Limits(text=len(text) - 1))


def test_tree_without_rules_is_no_selection() -> None:
    """As a face, a tree has to ask for something."""
    with pytest.raises(InvalidSelection, match="no rules"):
        read(Face.RULES, EMPTY)


def test_unreadable_tree_raises_its_reason() -> None:
    """As a face, a tree that cannot be read is an error that points into it."""
    rule = {"operand": "f", "operator": "equals", "value": None}
    with pytest.raises(InvalidSelection) as refused:
        read(Face.RULES, json.dumps({"condition": "AND", "isGroupLocked": False, "rules": [rule]}))
    assert refused.value.path == "/rules/0/value"


def test_shorthand_becomes_a_stored_text() -> None:
    """A selection typed at a prompt is stored as clients store theirs."""
    text = write(Face.DSL, read(Face.SHORTHAND, "tag:Marketing"))
    assert read(Face.DSL, text).filter == (Term("__traitNames", "Marketing"),)  # type: ignore[union-attr]
