"""The clauses inside a clause: where they stand and how to put others in their place."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from muster.query.nodes import Clause, Node

N = TypeVar("N", bound=Clause)

PLACES: dict[str, tuple[str, ...]] = {
    "Bool": ("must", "filter", "should", "must_not"),
    "ConstantScore": ("filter",),
    "DisMax": ("queries",),
    "Nested": ("query",),
    "SpanNear": ("clauses",),
    "SpanOr": ("clauses",),
    "SpanWithin": ("little", "big"),
    "SpanNot": ("include", "exclude"),
}
"""The attributes that hold clauses, by node; they are named as on the wire."""


def children(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield the clauses directly inside, each with its place: `filter/2`, `query`."""
    for place in PLACES.get(type(node).__name__, ()):
        held = getattr(node, place)
        if isinstance(held, tuple):
            yield from ((f"{place}/{position}", part) for position, part in enumerate(held))
        else:
            yield place, held


def rebuild(node: N, change: Callable[[Node], Node]) -> N:
    """Put `change` of each clause inside in its place; a node whose clauses all stay is returned itself."""
    changed: dict[str, Any] = {}
    for place in PLACES.get(type(node).__name__, ()):
        held = getattr(node, place)
        fresh = tuple(change(part) for part in held) if isinstance(held, tuple) else change(held)
        if not _same(held, fresh):
            changed[place] = fresh
    return replace(node, **changed) if changed else node


def _same(held: "Node | tuple[Node, ...]", fresh: "Node | tuple[Node, ...]") -> bool:
    """Compare by identity: equality would walk the whole tree at every level."""
    if isinstance(held, Clause) or isinstance(fresh, Clause):
        return held is fresh
    return all(old is new for old, new in zip(held, fresh, strict=True))
