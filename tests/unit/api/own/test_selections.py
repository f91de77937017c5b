"""Selections in other faces, and what the routes about them say of themselves."""

from __future__ import annotations

from typing import Any

import pytest

from muster.api.own.selections import SHOWN, WRITERS, _in_all_faces
from muster.api.own.shapes_selections import Converted, Faces
from muster.query import faces
from muster.query.faces import Face
from muster.query.limits import DEFAULT
from muster.query.nodes import Bool, MatchNone, Node, Term
from muster.query.shorthand import parse
from muster.query.wire import canonical

SELECTIONS = (
    "*",
    "type:Table certificate:VERIFIED tag:Marketing -tag:PII",
    'name:"größe 🦆*" OR updated:>now-30d',
    "SOME 2 (type:Table tag:a tag:b)",
    '{"nested": {"path": "columns", "query": {"term": {"columns.name": "x"}}}}',
)


@pytest.mark.parametrize("text", SELECTIONS)
@pytest.mark.parametrize("face", list(Face))
def test_every_face_is_written_without_loss(face: Face, text: str) -> None:
    """What is read back is written in the same words again."""
    node = parse(text)

    there = faces.read(face, WRITERS[face.value](node))

    assert canonical(there) in {canonical(node), canonical(faces.read(face, WRITERS[face.value](there)))}


def test_faces_side_by_side_are_the_ones_that_are_described() -> None:
    """Each that is shown has its place in the answer, and each that can be asked for can be written."""
    assert SHOWN.keys() == Faces.model_fields.keys()
    wanted: Any = Converted.model_json_schema()["properties"]["to"]["anyOf"][0]["enum"]
    assert {*wanted} == WRITERS.keys()


def test_what_a_face_cannot_say_is_told_with_the_reason() -> None:
    """Beside the others: a selection may be deeper, where the settings allow that, than some faces are."""
    deep: Node = Term("certificateStatus", "VERIFIED")
    for _ in range(DEFAULT.nesting):
        deep = Bool(must_not=(deep, MatchNone()))

    told = _in_all_faces(deep)

    assert [name for name, said in told["faces"].items() if said is None] == ["shorthand", "rules", "english"]
    assert {*told["reasons"].values()} == {"more than 32 clauses within each other"}
    assert [*told["reasons"]] == ["shorthand", "rules", "english"]


def test_english_is_for_people() -> None:
    """It has a writer and no reader."""
    node: Node = Term("certificateStatus", "VERIFIED")
    assert WRITERS["english"](node) == "Assets, certified VERIFIED"
    assert "english" not in set(Face)
