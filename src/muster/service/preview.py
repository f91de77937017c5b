"""Run a selection that is not stored: how many, which, of what types, and what there is to complain about."""

from dataclasses import dataclass

from muster.catalog.entity import Entity
from muster.protocols import Page
from muster.query.english import english
from muster.query.nodes import Node
from muster.service import cursor as cursors
from muster.service.check import Complaint, check
from muster.service.resolve import PageRequest, tally
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Preview:
    """What a selection would hold now; `next` is None on the last page."""

    english: str
    total: int
    by_type: tuple[tuple[str, int], ...]
    members: tuple[Entity, ...]
    complaints: tuple[Complaint, ...]
    next: str | None


def preview(work: Workspace, node: Node, request: PageRequest) -> Preview:
    """Return one page of what a selection holds now, with the exact total.

    Raises:
        InvalidInput: the selection cannot run; `check` has the whole list.
    """
    question = cursors.fingerprint(node, request.sort)
    after = cursors.decode(question, request.cursor, len(request.sort)) if request.cursor else None
    now = work.clock()
    found = work.engine.search(node, Page(request.size, request.sort, after), now=now)
    more = len(found.hits) == request.size
    return Preview(
        english(node),
        found.total,
        tuple(tally(work, work.engine.members(node, now=now))),
        tuple(work.record.entities([hit.ordinal for hit in found.hits])),
        tuple(check(work, node)),
        cursors.encode(question, found.hits[-1].after) if more and found.hits else None,
    )
