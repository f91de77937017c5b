"""A selection as set algebra over its leaves.

A `Formula` says how sets combine; what its atoms are is the caller's: query clauses for an engine's `postings`,
primitive tests for the embedded engine and the predicate. Two consumers: `combine` over sets, and a fold over
truth values in `muster.predicate`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeAlias, TypeVar, assert_never

L = TypeVar("L")
M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Atom(Generic[L]):
    """The set of one leaf."""

    leaf: L


@dataclass(frozen=True, slots=True)
class AllOf(Generic[L]):
    """The intersection; of nothing, everything."""

    parts: "tuple[Formula[L], ...]"


@dataclass(frozen=True, slots=True)
class AnyOf(Generic[L]):
    """The union; of nothing, nothing."""

    parts: "tuple[Formula[L], ...]"


@dataclass(frozen=True, slots=True)
class AtLeast(Generic[L]):
    """What is in `count` or more of the parts; `count` is 2 or more and less than the number of parts."""

    count: int
    parts: "tuple[Formula[L], ...]"


@dataclass(frozen=True, slots=True)
class Not(Generic[L]):
    """The complement within the universe."""

    part: "Formula[L]"


Formula: TypeAlias = Atom[L] | AllOf[L] | AnyOf[L] | AtLeast[L] | Not[L]

EVERYTHING: AllOf[object] = AllOf(())
NOTHING: AnyOf[object] = AnyOf(())


def all_of(parts: Sequence[Formula[L]]) -> Formula[L]:
    """Intersect, without a wrapper around a single part."""
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def any_of(parts: Sequence[Formula[L]]) -> Formula[L]:
    """Unite, without a wrapper around a single part."""
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def at_least(count: int, parts: Sequence[Formula[L]]) -> Formula[L]:
    """What is in `count` or more of the parts: everything for 0 or less, nothing when there are fewer parts."""
    if count <= 0:
        return AllOf(())
    if count > len(parts):
        return AnyOf(())
    if count == 1:
        return any_of(parts)
    return all_of(parts) if count == len(parts) else AtLeast(count, tuple(parts))


def atoms(formula: Formula[L]) -> Iterator[L]:
    """Yield the leaves, repeated as they stand."""
    match formula:
        case Atom(leaf):
            yield leaf
        case Not(part):
            yield from atoms(part)
        case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            for part in parts:
                yield from atoms(part)
        case _:
            assert_never(formula)


def substitute(formula: Formula[L], replace: "Callable[[L], Formula[M]]") -> "Formula[M]":
    """Put a formula in the place of each leaf."""
    match formula:
        case Atom(leaf):
            return replace(leaf)
        case Not(part):
            return Not(substitute(part, replace))
        case AllOf(parts):
            return all_of([substitute(part, replace) for part in parts])
        case AnyOf(parts):
            return any_of([substitute(part, replace) for part in parts])
        case AtLeast(count, parts):
            return at_least(count, [substitute(part, replace) for part in parts])
        case _:
            assert_never(formula)


class SetLike(Protocol):
    """What `combine` needs of a set; roaring bitmaps and `frozenset` have it."""

    def __and__(self, other: Self, /) -> Self: ...
    def __or__(self, other: Self, /) -> Self: ...
    def __sub__(self, other: Self, /) -> Self: ...
    def __len__(self) -> int: ...


S = TypeVar("S", bound=SetLike)


def combine(formula: Formula[L], postings: Callable[[L], S], universe: S) -> S:
    """Return the members of a formula, given the set of each leaf, none of which leaves `universe`.

    What is returned may be the set of a leaf itself.
    """
    return _combine(formula, postings, universe, narrowed=False)


def _combine(formula: Formula[L], postings: Callable[[L], S], universe: S, *, narrowed: bool) -> S:
    """Do so where the universe may be `narrowed` already: then the sets of leaves leave it."""
    match formula:
        case Atom(leaf):
            return postings(leaf) & universe if narrowed else postings(leaf)
        case Not(part):
            return universe - _combine(part, postings, universe, narrowed=narrowed)
        case AllOf(parts):
            return _intersect(parts, postings, universe, narrowed=narrowed)
        case AnyOf(parts):
            return _unite([_combine(part, postings, universe, narrowed=narrowed) for part in parts], universe)
        case AtLeast(count, parts):
            sets = [_combine(part, postings, universe, narrowed=narrowed) for part in parts]
            return _threshold(count, sets, universe)
        case _:
            assert_never(formula)


def _intersect(parts: Sequence[Formula[L]], postings: Callable[[L], S], universe: S, *, narrowed: bool) -> S:
    """Narrow the universe part by part: leaves first, the smallest before the others, and complements last.

    So every step costs what is left, not what the whole universe has.
    """
    found = universe
    for one in sorted((postings(part.leaf) for part in parts if isinstance(part, Atom)), key=len):
        found, narrowed = one & found if narrowed else one, True
    for part in parts:
        if found and not isinstance(part, Atom | Not):
            found, narrowed = _combine(part, postings, found, narrowed=narrowed), True
    for part in parts:
        if found and isinstance(part, Not):
            found = found - _combine(part.part, postings, found, narrowed=narrowed)
    return found


def _unite(sets: Sequence[S], universe: S) -> S:
    """Unite; the empty set is the universe without itself, so that no set type is named here."""
    united = universe - universe if not sets else sets[0]
    for one in sets[1:]:
        united = united | one
    return united


def _threshold(count: int, sets: Sequence[S], universe: S) -> S:
    """Keep what is in `count` or more sets: `reached[n]` holds what has been seen n+1 times so far."""
    empty = universe - universe
    reached = [empty] * count
    for one in sets:
        for level in range(count - 1, 0, -1):
            reached[level] = reached[level] | (reached[level - 1] & one)
        reached[0] = reached[0] | one
    return reached[-1]
