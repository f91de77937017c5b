"""What a query means by the names that people give tags and types."""

import pytest

from muster.catalog.naming import TagNames, meant, meant_aggregations
from muster.catalog.typedef import Category, Typedef
from muster.query.aggregations import Aggregations
from muster.query.aggregations.nodes import ByQueries, ByQuery, ByTerm
from muster.query.nodes import (
    Bool,
    ConstantScore,
    DisMax,
    Exists,
    MatchNone,
    Nested,
    Node,
    Prefix,
    Regexp,
    Term,
    Terms,
    Wildcard,
)

TAGS = "__traitNames"
TYPE = "__typeName.keyword"


def typedef(category: Category, name: str, display_name: str) -> Typedef:
    """Return a typedef of which only the names matter."""
    return Typedef(category, name, display_name, "", {}, 1, 0, 0, "ada", "ada")


NAMES = TagNames.of(
    [
        typedef(Category.CLASSIFICATION, "aB3xMarketing", "Marketing"),
        typedef(Category.CLASSIFICATION, "Zz9Mar", "Market research"),
        typedef(Category.CLASSIFICATION, "pii", "pii"),
        typedef(Category.CLASSIFICATION, "gold", "Finest"),
        typedef(Category.ENUM, "Colour", "Colour"),
    ]
)

MEANT: dict[str, tuple[Node, Node]] = {
    "a display name": (Term(TAGS, "Marketing"), Term(TAGS, "aB3xMarketing")),
    "with its options": (
        Term(TAGS, "Marketing", case_insensitive=False, name="n", boost=2.0),
        Term(TAGS, "aB3xMarketing", case_insensitive=False, name="n", boost=2.0),
    ),
    "a propagated tag": (Term("__propagatedTraitNames", "Finest"), Term("__propagatedTraitNames", "gold")),
    "one of several": (Terms(TAGS, ("Marketing", "pii", "lost")), Terms(TAGS, ("aB3xMarketing", "pii", "lost"))),
    "both names of one": (Terms(TAGS, ("Marketing", "aB3xMarketing")), Terms(TAGS, ("aB3xMarketing",))),
    "case aside": (Term(TAGS, "MARKETING", case_insensitive=True), Terms(TAGS, ("aB3xMarketing",))),
    "a prefix": (Prefix(TAGS, "Market", name="n"), Terms(TAGS, ("aB3xMarketing", "Zz9Mar"), name="n")),
    "a prefix, case aside": (Prefix(TAGS, "FIN", case_insensitive=True), Terms(TAGS, ("gold",))),
    "a wildcard": (Wildcard(TAGS, "*search"), Terms(TAGS, ("Zz9Mar",))),
    "a pattern": (Regexp(TAGS, "Mark.*g"), Terms(TAGS, ("aB3xMarketing",))),
    "an internal name alone has the shape": (Prefix(TAGS, "Zz"), MatchNone()),
    "a type in capitals": (Term(TYPE, "CONNECTION"), Term(TYPE, "Connection")),
    "types in capitals": (Terms(TYPE, ("PERSONA", "Table")), Terms(TYPE, ("Persona", "Table"))),
    "deep inside": (
        Bool(filter=(ConstantScore(DisMax((Term(TAGS, "Finest"), Exists(TAGS)))),), must_not=(Term(TAGS, "pii"),)),
        Bool(filter=(ConstantScore(DisMax((Term(TAGS, "gold"), Exists(TAGS)))),), must_not=(Term(TAGS, "pii"),)),
    ),
    "nested": (Nested("p", Term(TAGS, "Finest")), Nested("p", Term(TAGS, "gold"))),
}

AS_SAID: dict[str, Node] = {
    "an internal name": Term(TAGS, "aB3xMarketing"),
    "an internal name, case aside": Term(TAGS, "gold", case_insensitive=True),
    "no tag's name": Term(TAGS, "lost"),
    "the name of an enum": Term(TAGS, "Colour"),
    "a tag in another field": Term("name.keyword", "Marketing"),
    "a number": Term(TAGS, 7),
    "a prefix of names that are both": Prefix(TAGS, "pi"),
    "a prefix of nothing known": Prefix(TAGS, "lo"),
    "a pattern that cannot be read": Regexp(TAGS, "(("),
    "a type as it is": Term(TYPE, "Table"),
    "a type that nobody knows": Term(TYPE, "PondLife"),
    "a type in another field": Term("name.keyword", "CONNECTION"),
    "any tag": Exists(TAGS),
}


@pytest.mark.parametrize("case", MEANT)
def test_meant(case: str) -> None:
    """A name that people use becomes the one that the index has, and saying that changes nothing any more."""
    said, expected = MEANT[case]
    assert meant(said, NAMES) == expected
    assert meant(expected, NAMES) == expected


@pytest.mark.parametrize("case", AS_SAID)
def test_as_said(case: str) -> None:
    """Whatever is no tag's display name and no type in other letters is left as it is, the very same object."""
    assert meant(AS_SAID[case], NAMES) is AS_SAID[case]


def test_a_large_tree_is_left_alone() -> None:
    """A selection that names nothing in other words is returned itself."""
    node = Bool(filter=tuple(Term("name.keyword", f"n{number}") for number in range(100)))
    assert meant(node, NAMES) is node


def test_aggregations() -> None:
    """The queries among aggregations are understood as others are, at every level."""
    said, expected = Term(TAGS, "Finest"), Term(TAGS, "gold")
    wanted: Aggregations = {
        "a": ByTerm(TYPE, inside={"b": ByQuery(said, inside={"c": ByQueries((said,), None)})}),
        "d": ByQueries((said, Exists(TAGS)), ("x", "y")),
    }
    assert meant_aggregations(wanted, NAMES) == {
        "a": ByTerm(TYPE, inside={"b": ByQuery(expected, inside={"c": ByQueries((expected,), None)})}),
        "d": ByQueries((expected, Exists(TAGS)), ("x", "y")),
    }
