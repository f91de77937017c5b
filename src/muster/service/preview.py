"""Run a selection that is not stored: how many, which, of what types, and what there is to complain about."""

from dataclasses import dataclass

from muster.catalog.entity import Entity
from muster.protocols import Page
from muster.query.english import english
from muster.query.nodes import Node
from muster.service import cursor as cursors
from muster.service.check import Complaint, Cost, examine
from muster.service.resolve import PageRequest, tally
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Selected:
    """One page of what a selection holds, with the exact total; `next` is None on the last page."""

    total: int
    assets: tuple[Entity, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a selection would hold now, and what that costs; `next` is None on the last page."""

    english: str
    total: int
    by_type: tuple[tuple[str, int], ...]
    members: tuple[Entity, ...]
    complaints: tuple[Complaint, ...]
    cost: Cost | None
    next: str | None


def select(work: Workspace, node: Node, request: PageRequest, *, now: int) -> Selected:
    """Return one page of what a selection holds now.

    Raises:
        InvalidInput: the selection cannot run, or not in this order; or the cursor is not of this question.
    """
    question = cursors.fingerprint(node, request.sort)
    after = cursors.decode(question, request.cursor, len(request.sort)) if request.cursor else None
    found = work.engine.search(node, Page(request.size, request.sort, after), now=now)
    more = found.hits and len(found.hits) == request.size
    return Selected(
        found.total,
        tuple(work.record.entities([hit.ordinal for hit in found.hits])),
        cursors.encode(question, found.hits[-1].after) if more else None,
    )


def preview(work: Workspace, node: Node, request: PageRequest) -> Preview:
    """Return one page of what a selection holds now, with all that is to be said of it.

    Raises:
        InvalidInput: the selection cannot run; `check` has the whole list.
    """
    now = work.clock()
    found = select(work, node, request, now=now)
    by_type, checked = tally(work, work.engine.members(node, now=now)), examine(work, node)
    return Preview(
        english(node), found.total, tuple(by_type), found.assets, checked.complaints, checked.cost, found.next
    )
