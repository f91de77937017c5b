"""Assets that no product has."""

from dataclasses import dataclass
from typing import Final

from pyroaring import BitMap

from muster.batches import batches
from muster.catalog.entity import Entity, Status
from muster.query.nodes import Bool, MatchAll, Node, Term, Terms
from muster.service import cursor as cursors
from muster.service import selecting
from muster.service.check import refuse_unknown
from muster.service.domains import DOMAIN, PRODUCT
from muster.service.project import project
from muster.service.resolve import PageRequest, page_of, tally
from muster.service.workspace import Workspace

AT_ONCE: Final = 200
"""Memberships that are in memory at a time."""

TYPES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Uncovered:
    """How many assets no product has, of how many, of which types, and a page of them; `next` is None on the last, unless that is full: an empty one may follow it."""

    total: int
    of: int
    by_type: tuple[tuple[str, int], ...]
    shown: tuple[Entity, ...]
    next: str | None


def among(work: Workspace, said: str | None) -> Node | None:
    """Return the selection that narrows the assets, in whatever face it is said; None where nothing does.

    Raises:
        InvalidInput: it cannot be read, or names a field that no asset can have.
    """
    if said is None:
        return None
    node, _ = selecting.read(work, selecting.Written(said))
    refuse_unknown(work, node)
    return node


def uncovered(work: Workspace, request: PageRequest, narrowed: Node | None = None) -> Uncovered:
    """Return a page of the assets that no product has, how many there are, and of which types.

    Raises:
        InvalidInput: the selection cannot be evaluated, or the cursor is of another question.
        EngineUnavailable: the index cannot be asked.
    """
    missing, of = missing_of(work, narrowed)
    question = cursors.fingerprint("uncovered", narrowed, request.sort)
    after = cursors.decode(question, request.cursor, len(request.sort)) if request.cursor else None
    ordinals, last = page_of(work, missing, request, after)
    following = cursors.encode(question, last) if last is not None and len(ordinals) == request.size else None
    by_type = tuple(tally(work, missing, limit=TYPES))
    return Uncovered(len(missing), of, by_type, tuple(work.record.entities(ordinals)), following)


def missing_of(work: Workspace, narrowed: Node | None = None) -> tuple[BitMap, int]:
    """Return the assets in use that are in no stored membership, and of how many; only of those that a selection holds.

    Domains and products are no assets. All memberships are read once.
    """
    project(work)
    assets = work.engine.members(_in_use(narrowed or MatchAll()), now=work.clock())
    return assets - _covered(work), len(assets)


def _in_use(narrowed: Node) -> Node:
    no_assets = Terms("__typeName.keyword", (DOMAIN, PRODUCT))
    return Bool(filter=(narrowed, Term("__state", Status.ACTIVE.value)), must_not=(no_assets,))


def _covered(work: Workspace) -> BitMap:
    found = BitMap()
    for some in batches((run.product for run in work.record.current_runs()), AT_ONCE):
        for generation in work.record.generations(some).values():
            found |= generation.members
    return found
