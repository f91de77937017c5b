"""What holds of every face and every clause."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from muster.errors import InvalidSelection, MusterError
from muster.query import wire
from muster.query.english import english
from muster.query.faces import Face, guess_face, read, write
from muster.query.nodes import Bool, Node, Regexp, Term, Wildcard
from tests.unit.query.faces.drawn import SIGNS, clauses, holds, plain_clauses

ASSETS = range(24)


def is_readable(node: Node) -> bool:
    """Tell whether a clause is one at all: drawn options need not go together."""
    try:
        return wire.read(wire.write(node)) is not None
    except InvalidSelection:
        return False


def members(node: Node) -> set[int]:
    """Return the drawn assets for which a clause holds."""
    return {asset for asset in ASSETS if holds(node, asset)}


@pytest.mark.parametrize("face", [Face.DSL, Face.SHORTHAND, Face.RULES])
@given(node=st.one_of(plain_clauses, clauses).filter(is_readable))
@example(node=Wildcard("name.keyword", "a\\*b*"))
@example(node=Regexp("f", "a\\/b\\"))
@example(node=Bool(should=(Term("f", "a"),), filter=(Term("f", "b"),)))
@settings(max_examples=300, deadline=None)
def test_a_face_keeps_the_members(face: Face, node: Node) -> None:
    """Written and read again, a clause has the same members, and is written the same from then on."""
    text = write(face, node)
    back = read(face, text)
    assert members(back) == members(node)
    assert write(face, back) == text


@given(node=clauses.filter(is_readable))
@settings(max_examples=200, deadline=None)
def test_the_face_is_guessed(node: Node) -> None:
    """What a face has written is taken for a text of that face, or of one that reads it alike."""
    for face in (Face.WIRE, Face.DSL, Face.SHORTHAND, Face.RULES):
        text = write(face, node)
        assert members(read(guess_face(text), text)) == members(node)


@given(node=clauses.filter(is_readable))
@settings(max_examples=200, deadline=None)
def test_english_is_one_line_and_always_the_same(node: Node) -> None:
    """Every clause can be read aloud, on one line, twice alike."""
    said = english(node)
    assert said
    assert "\n" not in said
    assert english(node) == said


@given(text=st.text(st.sampled_from(SIGNS + "type:Table SOME 2 name:"), max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever is typed is a selection or an error of ours; what is read is written and read alike."""
    for face in (Face.SHORTHAND, Face.DSL, Face.RULES, Face.WIRE):
        try:
            node = read(face, text)
        except MusterError:
            continue
        assert members(read(face, write(face, node))) == members(node)
