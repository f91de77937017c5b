"""Laws of faces, over every clause and over documents with values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.query.english import english
from muster.query.faces import Face, read, write
from muster.query.nodes import Bool
from tests.properties import nodes

if TYPE_CHECKING:
    from muster.query.nodes import Node
    from tests.properties.nodes import Document

FACES = pytest.mark.parametrize("face", Face)


@FACES
@given(node=nodes.trees, documents=st.lists(nodes.documents, min_size=1, max_size=6))
def test_a_face_keeps_the_members_of_documents(face: Face, node: Node, documents: list[Document]) -> None:
    """Through any face and back, a clause holds for the same documents."""
    back = read(face, write(face, node))
    assert [nodes.holds(back, one) for one in documents] == [nodes.holds(node, one) for one in documents]


@FACES
@given(node=nodes.nodes)
def test_a_face_comes_to_rest(face: Face, node: Node) -> None:
    """What a face has written once, it writes again."""
    text = write(face, node)
    assert write(face, read(face, text)) == text


@given(node=nodes.nodes)
def test_stored_texts_lose_nothing(node: Node) -> None:
    """A stored text gives back the very clause, or that clause as the one filter."""
    back = read(Face.DSL, write(Face.DSL, node))
    assert back == (node if isinstance(node, Bool) and node.filter else Bool(filter=(node,)))


@given(node=nodes.nodes)
def test_every_clause_is_read_aloud(node: Node) -> None:
    """English is one printable line that begins with a capital or a number."""
    said = english(node)
    assert said.isprintable()
    assert said[0] == said[0].upper()
