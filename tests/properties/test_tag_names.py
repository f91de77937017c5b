"""A query means by display names what it would mean if the index had them."""

from collections.abc import Mapping

from hypothesis import assume, given
from hypothesis import strategies as st

from muster.binding.bind import bind
from muster.catalog.naming import TagNames, meant
from muster.errors import InvalidInput
from muster.fields import asset_fields
from muster.indexing import Indexer
from muster.predicate import Predicate
from muster.query.naming import walk
from muster.query.nodes import Bool, Exists, Node, Prefix, Regexp, Term, Terms, Wildcard

TAGS = "__traitNames"
FIELDS = asset_fields()

words = st.text("aAbB1", min_size=1, max_size=3)
shapes = st.text("aAb*?.", min_size=1, max_size=3)
blind = st.none() | st.booleans()
clauses = st.one_of(
    st.builds(Term, st.just(TAGS), words, blind),
    st.builds(Terms, st.just(TAGS), st.lists(words, min_size=1, max_size=3).map(tuple)),
    st.builds(Prefix, st.just(TAGS), words, blind),
    st.builds(Wildcard, st.just(TAGS), shapes, blind),
    st.builds(Regexp, st.just(TAGS), shapes.map(lambda shape: shape.replace("?", "b?")), case_insensitive=blind),
    st.just(Exists(TAGS)),
)
nodes = st.recursive(
    clauses,
    lambda inner: st.builds(
        Bool,
        filter=st.lists(inner, max_size=2).map(tuple),
        should=st.lists(inner, max_size=2).map(tuple),
        must_not=st.lists(inner, max_size=2).map(tuple),
    ),
    max_leaves=6,
)
tags = st.dictionaries(words, words, max_size=5).filter(lambda shown: len(set(shown.values())) == len(shown))
"""Display names by internal name, both from the same few letters, so that one often looks like another."""


def holds(node: Node, said: list[str]) -> bool:
    """Whether a selection holds of an asset with these tags."""
    return Predicate(bind(node, FIELDS, now=0))(Indexer(FIELDS).index("", {TAGS: said}))


def names_internally(node: Node, shown: Mapping[str, str]) -> bool:
    """Whether a selection names a tag by its internal name, as clients do that looked it up."""
    values = [
        value
        for _, clause in walk(node)
        if isinstance(clause, Term | Terms)
        for value in ([clause.value] if isinstance(clause, Term) else clause.values)
    ]
    return any(value in shown for value in values)


@given(node=nodes, shown=tags, data=st.data())
def test_meant_as_shown(node: Node, shown: dict[str, str], data: st.DataObject) -> None:
    """What a selection means of internal names is what it says of display names."""
    assume(not names_internally(node, shown))
    had = data.draw(st.lists(st.sampled_from(sorted(shown)), unique=True)) if shown else []
    names = TagNames({display: name for name, display in shown.items()}, shown)
    try:
        expected = holds(node, [shown[name] for name in had])
    except InvalidInput:
        assume(False)
    assert holds(meant(node, names), had) == expected
    assert meant(meant(node, names), names) == meant(node, names)
