"""Commit what runs found: all proposals of one call in one transaction, or none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pyroaring import BitMap
from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from muster.batches import batches
from muster.catalog.entity import Status
from muster.errors import Conflict, InvalidInput
from muster.membership import Outcome, Proposal, Run, moved
from muster.packing import digest_of, packed, unpacked
from muster.record.announcing import announce
from muster.record.database import take
from muster.record.generation_rows import pack
from muster.record.run_rows import run_of
from muster.record.tables import entities, generations, moves, products, runs
from muster.record.within import within

AT_ONCE = 500
"""How many bitmaps are held as bytes at a time."""

NAMED = 20
"""How many products an error names."""


@dataclass(frozen=True, slots=True)
class _State:
    """A product as the transaction finds it; `generation` and `digest` are those of its current membership."""

    ordinal: int
    active: bool
    revision: int
    numbered: int
    generation: int | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class _Settled:
    """One proposal with where it goes, the run that it becomes, and its members written down."""

    proposal: Proposal
    state: _State
    run: Run
    members: bytes


def commit(connection: Connection, proposals: Sequence[Proposal]) -> list[Run]:
    """Store proposals as runs, in their order; one that is held as the last run of its product was is that run again.

    Raises:
        InvalidInput: a product is named twice.
        Conflict: a product was deleted, its selection edited, or its membership moved by another run, since the
            proposal was made. Nothing is stored then, for any of them.
    """
    states = _states(connection, [proposal.product for proposal in proposals])
    _refuse_stale(proposals, states)
    numbers = take(connection, "run", len(proposals)) if proposals else range(0)
    pairs = zip(proposals, numbers, strict=True)
    return [run for some in batches(pairs, AT_ONCE) for run in _store(connection, some, states)]


def _store(connection: Connection, some: Iterable[tuple[Proposal, int]], states: dict[str, _State]) -> list[Run]:
    settled = [_settle(proposal, states[proposal.product], number) for proposal, number in some]
    again = _held_before(connection, settled)
    told = [again.get(one.state.ordinal, one.run) for one in settled]
    settled = [one for one in settled if one.state.ordinal not in again]
    applied = [one for one in settled if one.run.outcome is Outcome.APPLIED]
    _refuse_overtaken(connection, [one for one in settled if one.run.outcome is not Outcome.UNCHANGED])
    _add_generations(connection, applied)
    _add_runs(connection, settled)
    _add_moves(connection, [one for one in settled if one.run.outcome is not Outcome.UNCHANGED])
    _confirm(connection, [one for one in settled if one.run.outcome is not Outcome.HELD])
    announce(connection, [(one.state.ordinal, one.run) for one in settled])
    return told


def _held_before(connection: Connection, settled: Sequence[_Settled]) -> dict[int, Run]:
    """Return the runs that proposals repeat, by product: the last ones, held for the same reason with the same members."""
    held = {one.state.ordinal: one for one in settled if one.run.outcome is Outcome.HELD}
    last = select(func.max(runs.c.number)).where(within(runs.c.product, list(held))).group_by(runs.c.product)
    rows = connection.execute(select(runs).where(runs.c.number.in_(last))) if held else ()
    return {
        row.product: run_of(row, held[row.product].run.product) for row in rows if _repeats(row, held[row.product].run)
    }


def _repeats(row: Row[Any], run: Run) -> bool:
    same = (row.outcome, row.revision, row.digest, row.held_because)
    return same == (run.outcome.value, run.revision, run.digest, run.held_because)


def _states(connection: Connection, guids: Sequence[str]) -> dict[str, _State]:
    numbered = select(func.max(generations.c.number)).where(generations.c.product == products.c.ordinal)
    query = (
        select(
            entities.c.guid,
            entities.c.status,
            products.c.ordinal,
            products.c.revision,
            func.coalesce(numbered.scalar_subquery(), 0).label("numbered"),
            runs.c.generation,
            runs.c.digest,
        )
        .join_from(products, entities)
        .outerjoin(runs, runs.c.number == products.c.run)
        .where(within(entities.c.guid, guids))
    )
    return {
        row.guid: _State(
            row.ordinal, row.status == Status.ACTIVE.value, row.revision, row.numbered, row.generation, row.digest
        )
        for row in connection.execute(query)
    }


def _refuse_stale(proposals: Sequence[Proposal], states: dict[str, _State]) -> None:
    if len({proposal.product for proposal in proposals}) < len(proposals):
        raise InvalidInput("a product can be committed once at a time")
    stale = [proposal.product for proposal in proposals if _stale(proposal, states.get(proposal.product))]
    if stale:
        raise _conflict("were edited or deleted", stale)


def _stale(proposal: Proposal, state: _State | None) -> bool:
    return state is None or not state.active or state.revision != proposal.revision


def _conflict(what: str, guids: Sequence[str]) -> Conflict:
    more = f" and {len(guids) - NAMED} more" if len(guids) > NAMED else ""
    return Conflict(
        f"products {what} since the run began: {', '.join(guids[:NAMED])}{more}",
        hint="nothing was stored; sync them again",
    )


def _settle(proposal: Proposal, state: _State, number: int) -> _Settled:
    """Decide how a proposal ends, and count what it moves."""
    members = packed(proposal.members)
    found = digest_of(members)
    outcome, generation = _outcome(proposal, state, found)
    moving = () if outcome is Outcome.UNCHANGED else proposal.moves
    run = Run(
        number=number,
        product=proposal.product,
        revision=proposal.revision,
        position=proposal.position,
        at=proposal.at,
        outcome=outcome,
        generation=generation,
        total=len(proposal.members),
        joined=sum(len(move.joined) for move in moving),
        left=sum(len(move.left) for move in moving),
        digest=found,
        held_because=proposal.held_because,
        trigger=proposal.trigger,
    )
    return _Settled(proposal, state, run, members)


def _outcome(proposal: Proposal, state: _State, found: str) -> tuple[Outcome, int | None]:
    if proposal.held_because:
        return Outcome.HELD, None
    if state.digest == found:
        return Outcome.UNCHANGED, state.generation
    return Outcome.APPLIED, state.numbered + 1


def _refuse_overtaken(connection: Connection, moving: Sequence[_Settled]) -> None:
    """See that the moves lead from the current membership to the new one: another run may have been faster."""
    current = _current(connection, moving)
    overtaken = [
        one.proposal.product for one in moving if not _leads(current.get(one.state.ordinal, BitMap()), one.proposal)
    ]
    if overtaken:
        raise _conflict("were moved by another run", overtaken)


def _current(connection: Connection, moving: Sequence[_Settled]) -> dict[int, BitMap]:
    here = (generations.c.product == products.c.ordinal) & (generations.c.number == runs.c.generation)
    query = (
        select(products.c.ordinal, generations.c.members)
        .join_from(products, runs, runs.c.number == products.c.run)
        .join(generations, here)
        .where(within(products.c.ordinal, [one.state.ordinal for one in moving]))
    )
    return {row.ordinal: unpacked(row.members) for row in connection.execute(query)}


def _leads(members: BitMap, proposal: Proposal) -> bool:
    """Whether the moves say exactly how one membership differs from the other: they are undone to know older ones."""
    return (proposal.members - members, members - proposal.members) == moved(proposal.moves)


def _add_generations(connection: Connection, applied: Sequence[_Settled]) -> None:
    rows = [{"product": one.state.ordinal, "number": one.run.generation, "members": one.members} for one in applied]
    if rows:
        connection.execute(insert(generations), rows)
        pack(connection, [(one.state.ordinal, int(one.run.generation or 0) - 1) for one in applied])


def _add_runs(connection: Connection, settled: Sequence[_Settled]) -> None:
    rows: list[dict[str, Any]] = [
        {
            "number": one.run.number,
            "product": one.state.ordinal,
            "revision": one.run.revision,
            "position": one.run.position,
            "at": one.run.at,
            "outcome": one.run.outcome.value,
            "generation": one.run.generation,
            "total": one.run.total,
            "joined": one.run.joined,
            "left": one.run.left,
            "digest": one.run.digest,
            "held_because": one.run.held_because,
            "trigger": one.run.trigger.value,
        }
        for one in settled
    ]
    if rows:
        connection.execute(insert(runs), rows)


def _add_moves(connection: Connection, moving: Sequence[_Settled]) -> None:
    rows = [
        {
            "run": one.run.number,
            "place": place,
            "cause": move.cause.value,
            "joined": packed(move.joined),
            "left": packed(move.left),
        }
        for one in moving
        for place, move in enumerate(one.proposal.moves)
    ]
    if rows:
        connection.execute(insert(moves), rows)


def _confirm(connection: Connection, ended: Sequence[_Settled]) -> None:
    """Let the current membership be that of these runs."""
    rows = [{"here": one.state.ordinal, "last": one.run.number} for one in ended]
    if rows:
        here = products.c.ordinal == bindparam("here")
        connection.execute(update(products).where(here).values(run=bindparam("last")), rows)
