"""Laws of clauses: the wire form loses nothing, the formula and every rewrite keep the members."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.query import wire
from muster.query.algebra import combine
from muster.query.formula import anonymous, formula, leaves
from muster.query.naming import walk
from muster.query.rewrite import RULES, Rule, apply, rewrite
from tests.properties import nodes

if TYPE_CHECKING:
    from muster.query.nodes import Leaf, Node
    from tests.properties.nodes import Document


@given(nodes.nodes)
def test_reading_what_was_written_gives_the_same_clauses(node: Node) -> None:
    """The wire form loses nothing, as objects and as text."""
    assert wire.read(wire.write(node)) == node
    assert wire.parse(wire.canonical(node)) == node


@given(nodes.nodes)
def test_the_canonical_text_is_a_fixed_point(node: Node) -> None:
    """Reading and writing the canonical text gives the same bytes, and the same digest."""
    again = wire.parse(wire.canonical(node).encode())
    assert wire.canonical(again) == wire.canonical(node)
    assert wire.digest(again) == wire.digest(node)


@given(nodes.nodes, nodes.nodes)
def test_clauses_are_equal_when_their_canonical_texts_are(one: Node, other: Node) -> None:
    """Equality of clauses is equality of what they say; `1`, `1.0` and `true` are told apart."""
    assert (one == other) == (wire.canonical(one) == wire.canonical(other))


@given(nodes.nodes)
def test_a_pointer_leads_to_its_clause(node: Node) -> None:
    """Following the pointer through the canonical form finds the clause that `walk` gives with it."""
    written = wire.write(node)
    for pointer, clause in walk(node):
        found = written
        for key in pointer.split("/")[1:]:
            found = found[int(key)] if isinstance(found, list) else found[key.replace("~1", "/").replace("~0", "~")]
        assert found == wire.write(clause)


@given(nodes.trees, st.lists(nodes.documents, max_size=6))
def test_the_formula_has_the_members_of_the_clauses(node: Node, documents: list[Document]) -> None:
    """Combining the members of the leaves gives what holds when every clause is decided on its own."""
    universe = frozenset(documents)

    def postings(leaf: Leaf) -> frozenset[Document]:
        return frozenset(document for document in documents if nodes.holds(leaf, document))

    expected = {document for document in documents if nodes.holds(node, document)}
    assert combine(formula(node), postings, universe) == expected


@given(nodes.nodes)
def test_names_and_boosts_make_no_leaf(node: Node) -> None:
    """The leaves of a clause are those of the clause without names, boosts and scoring."""
    assert leaves(node) == leaves(anonymous(node))
    assert all(leaf == anonymous(leaf) for leaf in leaves(node))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@given(node=nodes.trees, documents=st.lists(nodes.documents, min_size=1, max_size=6))
def test_no_pass_changes_members(rule: Rule, node: Node, documents: list[Document]) -> None:
    """Each pass alone keeps the members."""
    _same_members(node, apply(rule, node), documents)


@given(nodes.trees, st.lists(nodes.documents, min_size=1, max_size=6))
def test_rewriting_changes_no_members(node: Node, documents: list[Document]) -> None:
    """All passes together keep the members."""
    _same_members(node, rewrite(node), documents)


@given(nodes.nodes)
def test_rewriting_comes_to_rest(node: Node) -> None:
    """What is rewritten stays as it is, never has more clauses, and can be written and read."""
    rewritten = rewrite(node)
    assert rewrite(rewritten) is rewritten
    assert len(list(walk(rewritten))) <= len(list(walk(node)))
    assert wire.read(json.loads(wire.canonical(rewritten))) == rewritten


def _same_members(before: Node, after: Node, documents: list[Document]) -> None:
    assert [nodes.holds(after, one) for one in documents] == [nodes.holds(before, one) for one in documents]
