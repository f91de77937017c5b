"""Pointers to clauses."""

from __future__ import annotations

from muster.query.naming import Place, clause_name, walk
from muster.query.nodes import Bool, ConstantScore, DisMax, MatchPhrasePrefix, Nested, SpanNot, SpanTerm, Term

A = Term("tags", "a")


def test_every_clause_is_named_by_its_place() -> None:
    """A clause comes before those inside it, in the order they are written."""
    span = SpanNot(SpanTerm("name", "x"), SpanTerm("name", "y"))
    tree = Bool(filter=(Nested("columns", Bool(must=(A,))), ConstantScore(A)), must_not=(DisMax((A, span)),))
    assert [pointer for pointer, _ in walk(tree, "/query")] == [
        "/query",
        "/query/bool/filter/0",
        "/query/bool/filter/0/nested/query",
        "/query/bool/filter/0/nested/query/bool/must/0",
        "/query/bool/filter/1",
        "/query/bool/filter/1/constant_score/filter",
        "/query/bool/must_not/0",
        "/query/bool/must_not/0/dis_max/queries/0",
        "/query/bool/must_not/0/dis_max/queries/1",
        "/query/bool/must_not/0/dis_max/queries/1/span_not/include",
        "/query/bool/must_not/0/dis_max/queries/1/span_not/exclude",
    ]


def test_a_tree_of_any_depth_can_be_walked() -> None:
    """Walking does not recurse."""
    tree: Bool = Bool()
    for _ in range(3_000):
        tree = Bool(filter=(tree,))
    assert sum(1 for _ in walk(tree)) == 3_001


def test_clauses_are_called_as_on_the_wire() -> None:
    """The name follows from the kind."""
    assert (
        clause_name(MatchPhrasePrefix)
        == clause_name(MatchPhrasePrefix(field="name", query="x"))
        == "match_phrase_prefix"
    )


def test_long_keys_are_cut_off_in_pointers() -> None:
    """An error does not repeat a key of a megabyte."""
    assert str(Place("") / "term" / ("k" * 1_000_000)) == "/term/" + "k" * 200
