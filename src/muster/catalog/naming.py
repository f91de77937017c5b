"""What people call tags and types, put in the names that the index has.

A tag has an internal name for good, and a display name that may change. Queries say either. A query that is stored stays
as it was written; what it means is settled each time it is asked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeAlias

from muster.binding.bind import bind
from muster.catalog.typedef import Category, Typedef
from muster.catalog.types import supertypes
from muster.errors import InvalidInput
from muster.fields import asset_fields
from muster.indexing import IndexedAsset
from muster.predicate import Predicate
from muster.query.aggregations import Aggregation, Aggregations
from muster.query.aggregations.nodes import ByQueries, ByQuery, Metric, Stats, TopHits
from muster.query.nodes import (
    Bool,
    ConstantScore,
    DisMax,
    Leaf,
    MatchNone,
    Nested,
    Node,
    Prefix,
    Regexp,
    Term,
    Terms,
    Value,
    Wildcard,
)
from muster.query.tree import rebuild

TAG_FIELDS = frozenset({"__traitNames", "__propagatedTraitNames"})
TYPE_FIELD = "__typeName.keyword"

Shape: TypeAlias = Term | Prefix | Wildcard | Regexp
"""The clauses that ask for all values of a shape; a `Term` does when it leaves case aside."""


@dataclass(frozen=True, slots=True)
class TagNames:
    """All tags: internal names by display name, and display names by internal name."""

    internal: Mapping[str, str]
    shown: Mapping[str, str]

    @classmethod
    def of(cls, typedefs: Iterable[Typedef]) -> "TagNames":
        """Take the tags out of typedefs of all categories."""
        tags = [one for one in typedefs if one.category is Category.CLASSIFICATION]
        return cls({one.display_name: one.name for one in tags}, {one.name: one.display_name for one in tags})

    def internal_of(self, said: Value) -> Value:
        """Return the internal name of the tag that someone said; what is one itself, or no tag's name, stays."""
        return said if said in self.shown or not isinstance(said, str) else self.internal.get(said, said)

    def shown_of(self, name: str) -> str:
        """Return what people read for an internal name; a tag that nobody defined is its own name."""
        return self.shown.get(name, name)


def meant(node: Node, names: TagNames) -> Node:
    """Return a selection in the names that the index has; each clause stays where it was, and its `_name` with it."""
    if isinstance(node, Bool | ConstantScore | DisMax):
        return rebuild(node, lambda part: meant(part, names))
    return meant_leaf(node, names)


def meant_leaf(leaf: Leaf, names: TagNames) -> Leaf:
    """Return a leaf clause in the names that the index has."""
    match leaf:
        case Nested():
            return rebuild(leaf, lambda part: meant(part, names))
        case Term(field=field, case_insensitive=True) if field in TAG_FIELDS and leaf.value not in names.shown:
            return _shape(leaf, names)
        case Prefix(field=field) | Wildcard(field=field) | Regexp(field=field) if field in TAG_FIELDS:
            return _shape(leaf, names)
        case Term(field=field, value=value):
            return _term(leaf, _translation(field, names)(value))
        case Terms(field=field, values=values):
            return _terms(leaf, tuple(map(_translation(field, names), values)))
        case _:
            return leaf


def meant_aggregations(wanted: Aggregations, names: TagNames) -> Aggregations:
    """Return aggregations with the queries among them in the names that the index has."""
    return {name: _aggregation(one, names) for name, one in wanted.items()}


def _aggregation(one: Aggregation, names: TagNames) -> Aggregation:
    match one:
        case Metric() | Stats() | TopHits():
            return one
        case ByQuery(query=query):
            return replace(one, query=meant(query, names), inside=meant_aggregations(one.inside, names))
        case ByQueries(queries=queries):
            meanings = tuple(meant(query, names) for query in queries)
            return replace(one, queries=meanings, inside=meant_aggregations(one.inside, names))
        case _:
            return replace(one, inside=meant_aggregations(one.inside, names))


def _term(clause: Term, value: Value) -> Term:
    return clause if value == clause.value else replace(clause, value=value)


def _terms(clause: Terms, values: tuple[Value, ...]) -> Terms:
    return clause if values == clause.values else replace(clause, values=tuple(dict.fromkeys(values)))


def _translation(field: str, names: TagNames) -> Callable[[Value], Value]:
    if field in TAG_FIELDS:
        return names.internal_of
    return _type_name if field == TYPE_FIELD else lambda value: value


def _type_name(said: Value) -> Value:
    """Return the type that someone means, case aside: Atlan's Python client asks for `CONNECTION`."""
    return said if not isinstance(said, str) else _types().get(said.casefold(), said)


@cache
def _types() -> Mapping[str, str]:
    return {name.casefold(): name for name in supertypes()}


def _shape(clause: Shape, names: TagNames) -> Leaf:
    """Ask the display names for a shape; the clause stays where asking the internal names comes to the same."""
    fits = _fits(clause)
    if fits is None or all(shown == name or fits(shown) == fits(name) for name, shown in names.shown.items()):
        return clause
    found = tuple(name for name, shown in names.shown.items() if fits(shown))
    if not found:
        return MatchNone(name=clause.name, boost=clause.boost)
    return Terms(clause.field, found, name=clause.name, boost=clause.boost)


def _fits(clause: Shape) -> Callable[[str], bool] | None:
    """Return what says whether a value has the shape; None where the clause cannot be asked, as the engine will say."""
    try:
        predicate = Predicate(bind(clause, asset_fields(), now=0))
    except InvalidInput:
        return None
    return lambda value: predicate(IndexedAsset("", {clause.field: (value,)}, {}))
