"""Who joined a product and who left it, the newest run first, page by page, however many a run moved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import or_
from typing import Final

from pyroaring import BitMap

from muster.catalog.entity import Entity
from muster.catalog.product import Product
from muster.errors import InvalidInput, NotFound
from muster.membership import Cause, Move, Run
from muster.service import cursor as cursors
from muster.service.because import Because, Place, reasons
from muster.service.workspace import Workspace

RUNS: Final = 500
"""Runs read at once."""

FIRST: Final = -1
"""Before every ordinal."""

NUMBERS: Final = range(1, 2**53)
"""What runs are numbered by; more is never reached."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes: `size` of them after a cursor, of one run only, of joins or leaves only.

    Without a run they are those that were applied; one that was held tells what it would have moved.
    """

    size: int = 100
    cursor: str | None = None
    run: int | None = None
    joined: bool | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """One asset that joined or left, why, and in which run; `because` says more where more is known."""

    asset: Entity
    joined: bool
    cause: Cause
    run: Run
    because: Because | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """Some changes; `next` is None where they end."""

    shown: tuple[Changed, ...]
    next: str | None


def changes(work: Workspace, product: Product, wanted: Wanted) -> Changes:
    """Return changes, runs newest first and assets of a run in order of ordinal; runs that come later move no page.

    Raises:
        NotFound: the run is none of the product's.
        InvalidInput: the cursor is none of these changes.
    """
    guid = product.entity.guid
    if wanted.run is not None:
        run_of(work, product, wanted.run)
    question = cursors.fingerprint("changes", guid, wanted.run, wanted.joined)
    number, ordinal = _after(question, wanted.cursor)
    found = list(islice(_places(work, guid, wanted, number, ordinal), wanted.size + 1))
    some, more = found[: wanted.size], len(found) > wanted.size
    assets = _assets(work, some)
    shown = (
        Changed(assets[one.ordinal], one.joined, one.cause, one.run, because)
        for one, because in zip(some, reasons(work, product, some), strict=True)
    )
    return Changes(tuple(shown), cursors.encode(question, (some[-1].run.number, some[-1].ordinal)) if more else None)


def run_of(work: Workspace, product: Product, number: int) -> Run:
    """Return a run of a product.

    Raises:
        NotFound: it is none of the product's.
    """
    found = work.record.runs(product.entity.guid, limit=1, before=number + 1)
    if not found or found[0].number != number:
        raise NotFound(f"run {number} is none of `{product.entity.name}`", hint="its runs are listed under `runs`")
    return found[0]


def _after(question: str, cursor: str | None) -> tuple[int | None, int]:
    """Return the run to begin in, None for the last, and the ordinal after which."""
    if cursor is None:
        return None, FIRST
    number, ordinal = cursors.decode(question, cursor, 1)
    if type(number) is not int or number not in NUMBERS:
        raise InvalidInput("that is not a cursor", hint=cursors.UNCHANGED)
    return number, ordinal


def _places(work: Workspace, guid: str, wanted: Wanted, number: int | None, ordinal: int) -> Iterator[Place]:
    """Yield changes from one on; a run without any of the wanted ones is not looked into."""
    for run in _runs(work, guid, wanted, number):
        if _counts(run, wanted.joined):
            after = ordinal if run.number == number else FIRST
            yield from _within(run, work.record.moves(guid, run.number), wanted.joined, after)


def _runs(work: Workspace, guid: str, wanted: Wanted, number: int | None) -> Iterator[Run]:
    """Yield the runs that may have changes, newest first, from one on."""
    if wanted.run is not None:
        yield from (one for one in work.record.runs(guid, limit=1, before=wanted.run + 1) if one.number == wanted.run)
        return
    before = None if number is None else number + 1
    while some := work.record.runs(guid, limit=RUNS, before=before, moving=True):
        yield from some
        before = some[-1].number


def _counts(run: Run, joined: bool | None) -> int:  # noqa: FBT001 - one of three ways to look at a run
    return run.joined + run.left if joined is None else run.joined if joined else run.left


def _within(run: Run, moves: Iterable[Move], joined: bool | None, after: int) -> Iterator[Place]:  # noqa: FBT001 - as above
    """Yield the changes of one run in order of ordinal; an asset moves once in it."""
    ways = [
        (how, move.cause, assets)
        for move in moves
        for how, assets in ((True, move.joined), (False, move.left))
        if joined in {None, how}
    ]
    everyone = reduce(or_, (assets for _, _, assets in ways), BitMap())
    for ordinal in everyone.iter_equal_or_larger(after + 1):
        how, cause, _ = next(way for way in ways if ordinal in way[2])
        yield Place(run, ordinal, how, cause)


def _assets(work: Workspace, some: Iterable[Place]) -> Mapping[int, Entity]:
    """Read assets; those that are PURGED have their last words."""
    ordinals = list(dict.fromkeys(one.ordinal for one in some))
    return {one.ordinal: one for one in work.record.entities(ordinals, purged=True)}
