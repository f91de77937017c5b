"""Clauses that say nothing today: without one of them, the selection would hold the same assets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, TypeAlias

from pyroaring import BitMap

from muster.catalog.entity import Entity
from muster.catalog.product import Outline
from muster.errors import InvalidInput
from muster.query.algebra import combine
from muster.query.english import english
from muster.query.formula import formula, leaves
from muster.query.naming import clause_name
from muster.query.nodes import Bool, ConstantScore, DisMax, Leaf, Node
from muster.query.wire import recall
from muster.service.project import project
from muster.service.workspace import Workspace


class Idle(StrEnum):
    """What a dead clause does not do."""

    KEEPS_OUT = "keeps nobody out"
    LETS_IN = "lets nobody in"


IDLE: Final = {
    "must": Idle.KEEPS_OUT,
    "filter": Idle.KEEPS_OUT,
    "must_not": Idle.KEEPS_OUT,
    "should": Idle.LETS_IN,
    "queries": Idle.LETS_IN,
}
"""By where a clause stands."""

AT_ONCE: Final = 500
"""Leaf clauses whose assets are in memory at a time, at least."""


@dataclass(frozen=True, slots=True)
class Dead:
    """A clause of a product's selection that says nothing today.

    `path` is a JSON pointer into the wire form, `clause` what it is called there, `english` what it asks for.
    """

    product: Entity
    path: str
    clause: str
    english: str
    idle: Idle


@dataclass(frozen=True, slots=True)
class Without:
    """A selection without one of its clauses: which one, where it stood, and what is left."""

    path: str
    occurrence: str
    clause: Node
    rest: Node


def variants(node: Node, at: str = "") -> Iterator[Without]:
    """Yield a selection without each of its clauses by turns, at any depth outside of `nested`.

    Where the last of `should` goes, the minimum of those that have to hold goes with it.
    """
    match node:
        case Bool():
            for occurrence in ("must", "filter", "should", "must_not"):
                yield from _of_some(node, at, occurrence, getattr(node, occurrence))
        case DisMax(queries=queries) if len(queries) > 1:
            yield from _of_some(node, at, "queries", queries)
        case ConstantScore(filter=inner):
            for one in variants(inner, f"{at}/constant_score/filter"):
                yield replace(one, rest=replace(node, filter=one.rest))
        case _:
            return


def _of_some(node: Bool | DisMax, at: str, occurrence: str, parts: tuple[Node, ...]) -> Iterator[Without]:
    for place, part in enumerate(parts):
        path = f"{at}/{clause_name(node)}/{occurrence}/{place}"
        before, after = parts[:place], parts[place + 1 :]
        yield Without(path, occurrence, part, _with(node, occurrence, (*before, *after)))
        for one in variants(part, path):
            yield replace(one, rest=_with(node, occurrence, (*before, one.rest, *after)))


def _with(node: Bool | DisMax, occurrence: str, parts: tuple[Node, ...]) -> Node:
    said: dict[str, Any] = {occurrence: parts}
    if occurrence == "should" and not parts:
        said["minimum_should_match"] = None
    return replace(node, **said)


_Found: TypeAlias = tuple[Outline, Without]


def dead_clauses(work: Workspace) -> list[Dead]:
    """Return the clauses of all products that say nothing today, in order of the products' names.

    The distinct leaf clauses of all selections are asked once, as for a sync; each clause costs one set algebra over the
    answers. A clause inside of a dead one is not told of. Selections that cannot be evaluated are left out.
    """
    project(work)
    outlines = list(work.record.outlines())
    found = [pair for some in _portions(outlines) for pair in _dead(work, some)]
    known = {one.ordinal: one for one in work.record.entities([outline.ordinal for outline, _ in found])}
    return [
        Dead(known[outline.ordinal], one.path, clause_name(one.clause), english(one.clause), IDLE[one.occurrence])
        for outline, one in found
        if outline.ordinal in known
    ]


def _portions(outlines: Sequence[Outline]) -> Iterator[list[tuple[Outline, Node]]]:
    """Yield products some at a time, so that the assets of their leaves fit in memory."""
    some, asked = list[tuple[Outline, Node]](), set[Leaf]()
    for outline in outlines:
        node = recall(outline.wire)
        try:
            asked.update(leaves(node))
        except InvalidInput:
            continue
        some.append((outline, node))
        if len(asked) >= AT_ONCE:
            yield some
            some, asked = [], set()
    if some:
        yield some


def _dead(work: Workspace, some: Sequence[tuple[Outline, Node]]) -> Iterator[_Found]:
    """Yield what is dead in some selections; where one of them spoils the common question, each is asked by itself."""
    asked = list(dict.fromkeys(leaf for _, node in some for leaf in leaves(node)))
    try:
        found = work.engine.postings(asked, now=work.clock())
    except InvalidInput:
        if len(some) > 1:
            for one in some:
                yield from _dead(work, [one])
        return
    sets = dict(zip(asked, found.sets, strict=True))
    for outline, node in some:
        yield from ((outline, one) for one in _dead_in(node, sets, found.universe))


def _dead_in(node: Node, sets: dict[Leaf, BitMap], universe: BitMap) -> Iterator[Without]:
    whole, last = combine(formula(node), sets.__getitem__, universe), ""
    for one in variants(node):
        inside = last and one.path.startswith(f"{last}/")
        if not inside and combine(formula(one.rest), sets.__getitem__, universe) == whole:
            last = one.path
            yield one
