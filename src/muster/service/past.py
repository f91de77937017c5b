"""Who belonged to a product: at a time, after a run, in a generation; and what two such memberships differ by."""

import re
from dataclasses import dataclass
from typing import Final, TypeAlias, assert_never

from pyroaring import BitMap

from muster.catalog.entity import Entity
from muster.catalog.product import Product
from muster.errors import InvalidInput, NotFound, RecordUnavailable, UnsupportedClause
from muster.membership import Generation, Run
from muster.packing import digest
from muster.service import cursor as cursors
from muster.service.changes import run_of
from muster.service.moments import is_span, moment, span
from muster.service.resolve import MemberPage, Mode, PageRequest, Provenance, Source, members, members_page, page_of
from muster.service.workspace import Workspace

HINT: Final = "write `run:7`, `generation:3`, an ISO date or time (UTC where it says no zone), or `7d` for a week ago"
_NUMBERED: Final = re.compile(r"(run|generation):([1-9][0-9]{0,14})")


@dataclass(frozen=True, slots=True)
class AtTime:
    """As stored at a time, in ms since 1970."""

    at: int


@dataclass(frozen=True, slots=True)
class AtRun:
    """As stored after a run; after one that was held, as before it."""

    number: int


@dataclass(frozen=True, slots=True)
class AtGeneration:
    """As in a generation."""

    number: int


When: TypeAlias = AtTime | AtRun | AtGeneration


def read_when(text: str, now: int) -> When:
    """Read `run:N`, `generation:N`, an ISO date or time, or a span such as `7d`, which counts back from now.

    Raises:
        InvalidInput: it is none of these, or is yet to come.
    """
    if numbered := _NUMBERED.fullmatch(text):
        number = int(numbered[2])
        return AtRun(number) if numbered[1] == "run" else AtGeneration(number)
    at = now - span(text) if is_span(text) else _time(text, now)
    if at > now:
        raise InvalidInput(f"`{text}` is yet to come", hint="name a time that is past")
    return AtTime(max(at, 0))


def _time(text: str, now: int) -> int:
    try:
        return moment(text, now)
    except InvalidInput as error:
        raise InvalidInput(f"`{text:.100}` names no membership", hint=HINT) from error


def generation_at(work: Workspace, product: Product, when: When) -> Generation:
    """Return the membership that was stored; run, revision, position and time are those of its last run until then.

    Raises:
        NotFound: the product has no such run or generation, nothing was stored at that time, or it is kept no more.
        RecordUnavailable: what is kept does not lead to the membership that the run had.
    """
    guid = product.entity.guid
    run = _run(work, product, when)
    if run is None or run.generation is None:
        raise NotFound(
            f"product `{product.entity.name}` had no stored membership then", hint="see its runs for when it had"
        )
    held = work.record.members_at(guid, run.generation)
    if digest(held) != run.digest:
        raise RecordUnavailable(
            f"the record is damaged: generation {run.generation} of `{product.entity.name}` is not what run {run.number} "
            "made of it",
            hint="restore it from a backup",
        )
    return Generation(run.generation, run.number, run.revision, run.position, run.at, run.digest, held)


def _run(work: Workspace, product: Product, when: When) -> Run | None:
    guid = product.entity.guid
    match when:
        case AtTime(at):
            return work.record.settled(guid, at=at)
        case AtRun(number):
            return work.record.settled(guid, upto=run_of(work, product, number).number)
        case AtGeneration(number):
            found = work.record.settled(guid, generation=number)
            if found is None:
                raise NotFound(
                    f"generation {number} is none of `{product.entity.name}`", hint="see its runs for which are"
                )
            return found
        case _:
            assert_never(when)


def provenance_at(work: Workspace, product: Product, one: Generation) -> Provenance:
    """Say what an answer about the past stands on; `age` counts from the run."""
    return Provenance(
        Source.STORED,
        one.revision,
        stale_revision=one.revision != product.selection.revision,
        generation=one.number,
        run=one.run,
        age=max(0, work.clock() - one.at),
    )


def page_at(work: Workspace, product: Product, when: When, request: PageRequest) -> MemberPage:
    """Return one page of those who were members, as they are now; who is PURGED since has their last words.

    Raises:
        NotFound: as `generation_at`.
        UnsupportedClause: an order is wanted, which nobody knows for the past.
        InvalidInput: the cursor is of another question.
    """
    if request.sort:
        raise UnsupportedClause(
            "members of the past come in the order in which they came to the catalog", hint="leave it out"
        )
    one = generation_at(work, product, when)
    question = cursors.fingerprint("as of", product.entity.guid, one.number)
    after = cursors.decode(question, request.cursor) if request.cursor else None
    ordinals, last = page_of(work, one.members, request, after)
    following = cursors.encode(question, last) if last is not None and len(ordinals) == request.size else None
    shown = tuple(work.record.entities(ordinals, purged=True))
    return MemberPage(product, provenance_at(work, product, one), len(one.members), shown, following)


Reading: TypeAlias = Mode | When
"""Which members: those of now, those stored last, or those of the past."""


def read_page(work: Workspace, product: Product, reading: Reading, request: PageRequest) -> MemberPage:
    """Return one page of a product's members, of now or of the past.

    Raises:
        NotFound, UnsupportedClause, InvalidInput: as `page_at` and `members_page`.
    """
    if isinstance(reading, When):
        return page_at(work, product, reading, request)
    return members_page(work, product.entity.guid, reading, request)


def read_members(work: Workspace, product: Product, reading: Reading) -> tuple[Provenance, BitMap]:
    """Return a product's whole membership as ordinals, of now or of the past, and what it stands on.

    Raises:
        NotFound: as `generation_at` and `members`.
    """
    if isinstance(reading, When):
        found = generation_at(work, product, reading)
        return provenance_at(work, product, found), found.members
    _, source, held = members(work, product.entity.guid, reading)
    return source, held


@dataclass(frozen=True, slots=True)
class Between:
    """Which difference: from one membership to another, `size` assets after a cursor, only joins or only leaves."""

    before: When
    after: When
    size: int = 100
    cursor: str | None = None
    joined: bool | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What two memberships differ by: how many are in one only, and some of them with whether it is the later one.

    `next` is None where they end.
    """

    before: Generation
    after: Generation
    joined: int
    left: int
    shown: tuple[tuple[Entity, bool], ...]
    next: str | None


def difference(work: Workspace, product: Product, wanted: Between) -> Difference:
    """Return what two memberships of a product differ by, assets in the order in which they came to the catalog.

    Raises:
        NotFound: as `generation_at`.
        InvalidInput: the cursor is of another question.
    """
    before, after = (generation_at(work, product, when) for when in (wanted.before, wanted.after))
    joined, left = after.members - before.members, before.members - after.members
    question = cursors.fingerprint("difference", product.entity.guid, before.number, after.number, wanted.joined)
    among = {None: joined | left, True: joined, False: left}[wanted.joined]
    start = among.rank(cursors.decode(question, wanted.cursor)[0]) if wanted.cursor else 0
    found = list(among[start : start + wanted.size + 1])
    ordinals, more = found[: wanted.size], len(found) > wanted.size
    shown = tuple((one, one.ordinal in joined) for one in work.record.entities(ordinals, purged=True))
    following = cursors.encode(question, (ordinals[-1],)) if more else None
    return Difference(before, after, len(joined), len(left), shown, following)
