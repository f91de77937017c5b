"""A `bool` as set algebra: the server's defaults, its arithmetic, and leaves without names."""

from __future__ import annotations

import pytest

from muster.errors import InvalidSelection
from muster.query import wire
from muster.query.algebra import AllOf, AnyOf, AtLeast, Atom, Not
from muster.query.formula import LeafFormula, formula, leaves
from muster.query.minimum import minimum, spelled
from muster.query.nodes import Bool, Minimum, Nested, Term, Terms

A, B, C = (Term("tags", value) for value in "abc")
ALL: LeafFormula = AllOf(())
NONE: LeafFormula = AnyOf(())


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Bool(), ALL),
        (Bool(minimum_should_match=1), ALL),
        (Bool(adjust_pure_negative=False), ALL),
        (Bool(filter=(A,)), Atom(A)),
        (Bool(must=(A,), filter=(B,)), AllOf((Atom(A), Atom(B)))),
        (Bool(should=(A, B)), AnyOf((Atom(A), Atom(B)))),
        (Bool(should=(A, B), minimum_should_match=0), AnyOf((Atom(A), Atom(B)))),
        (Bool(should=(A, B), minimum_should_match=-3), AnyOf((Atom(A), Atom(B)))),
        (Bool(should=(A, B), minimum_should_match=3), NONE),
        (Bool(should=(A, B, C), minimum_should_match=2), AtLeast(2, (Atom(A), Atom(B), Atom(C)))),
        (Bool(should=(A, A, B), minimum_should_match=2), AtLeast(2, (Atom(A), Atom(A), Atom(B)))),
        (Bool(filter=(A,), should=(B,)), Atom(A)),
        (Bool(filter=(A,), should=(B,), minimum_should_match=1), AllOf((Atom(A), Atom(B)))),
        (Bool(filter=(A,), should=(B,), minimum_should_match="75%"), Atom(A)),
        (Bool(filter=(A,), minimum_should_match=1), AllOf((Atom(A), NONE))),
        (Bool(filter=(A,), minimum_should_match="75%"), Atom(A)),
        (Bool(must_not=(A,)), Not(Atom(A))),
        (Bool(must_not=(A, B)), AllOf((Not(Atom(A)), Not(Atom(B))))),
        (Bool(must_not=(A,), minimum_should_match=1), Not(Atom(A))),
        (Bool(must_not=(A,), adjust_pure_negative=False), NONE),
        (Bool(must_not=(A,), should=(B,), adjust_pure_negative=False), AllOf((Atom(B), Not(Atom(A))))),
    ],
    ids=lambda part: wire.canonical(part) if isinstance(part, Bool) else None,
)
def test_a_bool_is_read_as_the_server_reads_it(node: Bool, expected: LeafFormula) -> None:
    """Each of these was asked of an OpenSearch node."""
    assert formula(node) == expected


@pytest.mark.parametrize(
    ("count", "specification", "expected"),
    [
        (3, 2, 2),
        (3, "2", 2),
        (3, "+2", 2),
        (3, 0, 0),
        (3, 5, 5),
        (3, -1, 2),
        (3, -5, 0),
        (0, 1, 1),
        (3, "75%", 2),
        (3, "-25%", 3),
        (4, "-25%", 3),
        (2, "-200%", 0),
        (3, "100%", 3),
        (3, "200%", 6),
        (0, "75%", 0),
        (2, "2<75%", 2),
        (3, "2<75%", 2),
        (1, "2<75% 9<-3", 1),
        (9, "2<75% 9<-3", 6),
        (10, "2<75% 9<-3", 7),
        (5, " 2 < 75%  ", 3),
        (5, "2<-25% 9<-3", 4),
        (100, "29%", 29),
        (10, "2147483647%", 10),
    ],
)
def test_a_minimum_counts_as_the_server_counts(count: int, specification: Minimum, expected: int) -> None:
    """Numbers, percentages, negatives and conditions; percentages are cut off towards zero."""
    assert minimum(count, specification) == expected


@pytest.mark.parametrize(
    "wrong", ["", "x", "1.5", "75.5%", "%", "2<", "<2", "2<x", "1<2<3", "1<2  3<4", "1 2", "3000000000"]
)
def test_what_is_no_minimum_is_refused(wrong: str) -> None:
    """Also where the wrong part would not apply."""
    with pytest.raises(InvalidSelection) as caught:
        minimum(1, wrong)
    assert caught.value.message == f"`{wrong}` is not a `minimum_should_match`"


def test_a_minimum_has_one_spelling() -> None:
    """Plain numbers are numbers; conditions have no spaces around `<`."""
    assert [spelled(text) for text in ("2", "+2", "-1", " 75% ", "2 < 75% 9 <-3")] == [2, 2, -1, "75%", "2<75% 9<-3"]


def test_leaves_are_shared_whatever_they_are_called() -> None:
    """Names, boosts and scoring do not make two leaves of one."""
    named = Term("tags", "a", name="first", boost=2.0)
    inside = Nested("columns", Bool(filter=(named,)), score_mode="max", name="second")
    assert leaves(Bool(filter=(A, named), must_not=(B,), should=(inside, A))) == (A, B)
    assert leaves(Bool(should=(inside, A))) == (Nested("columns", Bool(filter=(A,))), A)


def test_values_of_different_types_are_different_leaves() -> None:
    """`1`, `1.0` and `true` are three terms of a keyword field."""
    node = Bool(
        should=(Term("f", 1), Term("f", 1.0), Term("f", True), Term("f", -0.0), Term("f", 0.0), Terms("f", (1,)))
    )
    assert len(leaves(node)) == 6
