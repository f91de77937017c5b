"""Carry the record's changes to the index, in order, from where the index stands."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace

from muster.catalog.document import indexed_document
from muster.catalog.entity import Status
from muster.errors import EngineUnavailable
from muster.fields import Fields
from muster.protocols import Change, Refusal, Update
from muster.service.workspace import Workspace

BATCH = 5000


@dataclass(frozen=True, slots=True)
class Projected:
    """How many entities were indexed, the position reached, and the documents that the index could not take."""

    entities: int
    position: int
    refused: tuple[Refusal, ...] = ()


def project(work: Workspace, *, advance: Callable[[int], None] = lambda _: None) -> Projected:
    """Bring the index up to the record as it is now; `advance` hears how many entities each batch carried.

    What is written meanwhile is left to the next time: whoever reads would wait for as long as others write.
    The position is remembered after its batch is in, so that a process killed anywhere goes on where it was and at
    worst carries a batch again. Any number of processes may do this side by side. Memberships that were followed with an
    index that is gone have missed what an index made anew maps otherwise.

    Raises:
        EngineUnavailable: the index belongs to another record, or does not answer.
    """
    if not claimed(work) and work.record.followed().position:
        _miss(work)
    return _carry(work, advance)


def _miss(work: Workspace) -> None:
    work.record.miss([one.guid for one in work.record.outlines()])


def _carry(work: Workspace, advance: Callable[[int], None]) -> Projected:
    entities, refused, wanted = 0, list[Refusal](), work.record.position()
    with ExitStack() as stack:
        ahead = _Ahead(work, stack)
        while (after := claimed(work)) < wanted:
            batch = ahead.batch(after)
            refused += work.engine.apply(batch.updates, position=batch.last, after=after)
            entities += len(batch.updates)
            advance(len(batch.updates))
    return Projected(entities, after, tuple(refused))


@dataclass(frozen=True, slots=True)
class _Batch:
    """What changed after a position, as documents, and the number of its last change."""

    after: int
    last: int
    updates: list[Update]


class _Ahead:
    """Reads batches, the next one while the engine takes the last: both wait for the other's work otherwise."""

    def __init__(self, work: Workspace, stack: ExitStack) -> None:
        self._work = work
        self._stack = stack
        self._pool: ThreadPoolExecutor | None = None
        self._next: Future[_Batch] | None = None

    def batch(self, after: int) -> _Batch:
        """Return the batch after a position, which is another than the last one's end where others project as well."""
        found = None if self._next is None else self._next.result()
        if found is None or found.after != after:
            found = self._read(after)
        self._next = self._reading(found.last) if len(found.updates) == BATCH else None
        return found

    def _reading(self, after: int) -> Future[_Batch]:
        if self._pool is None:
            self._pool = self._stack.enter_context(ThreadPoolExecutor(1, "muster-projection"))
        return self._pool.submit(self._read, after)

    def _read(self, after: int) -> _Batch:
        changes = self._work.record.changes(after, BATCH)
        return _Batch(after, changes[-1].number if changes else after, [_update(change) for change in changes])


def reindex(work: Workspace, *, advance: Callable[[int], None] = lambda _: None) -> Projected:
    """Rebuild the index from the record; one that was stopped goes on where it was.

    A server's index serves until the new one has caught up, and is replaced by it in one step; what that one was told
    meanwhile follows. One that was left unfinished for another record is left alone. Where a field is mapped otherwise than
    before, memberships have missed that.
    """
    before = _mapped(work)
    rebuilt = replace(work, engine=work.engine.successor())
    if is_foreign(rebuilt):
        rebuilt = replace(work, engine=work.engine.successor(fresh=True))
    done = _carry(rebuilt, advance)
    after = _written(rebuilt.fields)
    rebuilt.engine.take_over()
    late = _carry(rebuilt, advance)
    if before is None or before - after:
        _miss(work)
    return Projected(done.entities + late.entities, late.position, done.refused + late.refused)


def _mapped(work: Workspace) -> frozenset[str] | None:
    """Return the fields of the index that memberships were followed with; None where this is another, or does not answer."""
    try:
        known = work.engine.position() >= work.record.followed().position and not is_foreign(work)
        return _written(work.fields) if known else None
    except EngineUnavailable:
        return None


def _written(fields: Fields) -> frozenset[str]:
    """Write fields out, to be compared: analyzers of the same name are not the same where they were read twice."""
    return frozenset(map(str, fields))


def claimed(work: Workspace) -> int:
    """See that the index is this record's own, and return its position; a new one becomes it.

    Raises:
        EngineUnavailable: the index belongs to another record, or does not answer.
    """
    if work.engine.owner() is None:
        work.engine.claim(work.record.identity())
    if is_foreign(work):
        raise EngineUnavailable(
            "the index belongs to another record", hint="name that record, or rebuild the index with `muster reindex`"
        )
    return work.engine.position()


def is_foreign(work: Workspace) -> bool:
    """Whether the index was made from another record, or from this one before it was set back."""
    another = work.engine.owner() not in {None, work.record.identity()}
    return another or work.engine.position() > work.record.position()


def _update(change: Change) -> Update:
    purged = change.entity.status is Status.PURGED
    return Update(change.ordinal, None if purged else indexed_document(change.entity), change.number)
