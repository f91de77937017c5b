"""Compare the index with the record, and mend what differs."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from pyroaring import BitMap

from muster.catalog.document import CHECKSUM, indexed_document
from muster.catalog.entity import Entity
from muster.errors import EngineUnavailable
from muster.protocols import Digest, Finding, Refusal, Update
from muster.query.nodes import Range
from muster.service.project import is_foreign, project
from muster.service.workspace import Workspace

SPAN = 4096
"""Ordinals of one range that is compared, and mended, as a whole."""

Advance = Callable[[int], None]


def examine(work: Workspace, *, advance: Advance = lambda _: None) -> list[Finding]:
    """Return what was looked at: the engine, its position, every document's checksum, and the room for more fields.

    `advance` hears how many entities have been compared.
    """
    return [*work.engine.examine(), *_position(work), *_compared(work, advance), *_fields(work)]


def repair(work: Workspace, *, advance: Advance = lambda _: None) -> tuple[int, tuple[Refusal, ...]]:
    """Bring the index up to the record, then write the ranges that differ anew.

    Returns the number of ranges that differed, and the documents that the index could not take.
    """
    project(work)
    wrong = differing(work, advance=advance)
    refused = [refusal for number in wrong for refusal in _mend(work, number)]
    return len(wrong), tuple(refused)


def differing(work: Workspace, *, advance: Advance = lambda _: None) -> list[int]:
    """Return the numbers of the ranges whose documents are not those of the record.

    What changes meanwhile is looked at again, so that only what differs for good remains.
    """
    suspects = _unlike(_of_record(_scanned(work, advance)), work.engine.digests(SPAN))
    if not suspects:
        return []
    recorded = {number: _of_record(work.record.entities(_ordinals(number))) for number in suspects}
    indexed = work.engine.digests(SPAN)
    return [number for number in suspects if recorded[number].get(number) != indexed.get(number)]


def _unlike(recorded: dict[int, Digest], indexed: dict[int, Digest]) -> list[int]:
    return sorted(number for number in recorded | indexed if recorded.get(number) != indexed.get(number))


def _of_record(entities: Iterable[Entity]) -> dict[int, Digest]:
    counts: dict[int, int] = defaultdict(int)
    checksums: dict[int, int] = defaultdict(int)
    for entity in entities:
        counts[entity.ordinal // SPAN] += 1
        checksums[entity.ordinal // SPAN] += indexed_document(entity)[CHECKSUM]
    return {number: Digest(count, checksums[number]) for number, count in counts.items()}


def _scanned(work: Workspace, advance: Advance) -> Iterable[Entity]:
    for batch in work.record.scan():
        yield from batch
        advance(len(batch))


def _ordinals(number: int) -> range:
    return range(number * SPAN, (number + 1) * SPAN)


def _mend(work: Workspace, number: int) -> tuple[Refusal, ...]:
    """Write the documents of a range as the record has them, and take out those that it has not.

    They are versioned by the position read before them: a change that comes meanwhile is newer, and stays. How far the
    index has got is nothing that they change.
    """
    version, ordinals = work.record.position(), _ordinals(number)
    entities = work.record.entities(ordinals)
    within = Range("__ordinal", gte=ordinals.start, lt=ordinals.stop)
    foreign = work.engine.members(within, now=work.clock()) - BitMap(one.ordinal for one in entities)
    updates = [Update(one.ordinal, indexed_document(one), version) for one in entities]
    gone = [Update(ordinal, None, version) for ordinal in foreign]
    return work.engine.apply([*updates, *gone], position=None)


def _position(work: Workspace) -> list[Finding]:
    record, index = work.record.position(), work.engine.position()
    if is_foreign(work):
        return [Finding(False, "the index belongs to another record", "name that record, or run `muster reindex`")]
    if index == record:
        return [Finding(True, f"the index is up to date at position {record:,}")]
    return [Finding(True, f"the index is {record - index:,} changes behind", "`muster project` catches up")]


def _compared(work: Workspace, advance: Advance) -> list[Finding]:
    """Compare documents, or say what keeps them from being compared."""
    try:
        return _documents(work, advance)
    except EngineUnavailable as error:
        return [Finding(False, f"documents cannot be compared: {error.message}", error.hint or "")]


def _documents(work: Workspace, advance: Advance) -> list[Finding]:
    """Compare where it can be told: an index that is behind, or another record's, differs anyway."""
    if work.engine.position() != work.record.position():
        return []
    wrong = differing(work, advance=advance)
    if not wrong:
        count = sum(one.count for one in work.engine.digests(SPAN).values())
        return [Finding(True, f"{count:,} documents in the index are those of the record")]
    message = f"documents differ from the record in {len(wrong):,} ranges of {SPAN:,} ordinals"
    return [Finding(False, message, "run `muster doctor --repair`; what was changed by hand may need `muster reindex`")]


def _fields(work: Workspace) -> list[Finding]:
    if not work.fields.is_full():
        return []
    message = f"the index has the {work.fields.limit:,} fields that it may have: attributes of further names are not searchable"
    return [Finding(False, message, "import fewer different names, then run `muster reindex`")]
