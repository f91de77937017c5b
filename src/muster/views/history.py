"""Runs, revisions and changes as JSON."""

from collections.abc import Iterable
from typing import Any, assert_never

from muster.membership import Move, Run
from muster.service.because import Altered, Because, Decided, Edited
from muster.service.changes import Changed
from muster.service.history import Moved, Moves, Revision
from muster.views.decided import standing
from muster.views.things import entity, time


def run(one: Run) -> dict[str, Any]:
    """Return one run."""
    return {
        "run": one.number,
        "at": time(one.at),
        "outcome": one.outcome.value,
        "heldBecause": one.held_because or None,
        "revision": one.revision,
        "position": one.position,
        "generation": one.generation,
        "total": one.total,
        "joined": one.joined,
        "left": one.left,
        "digest": one.digest,
        "trigger": one.trigger.value,
        "verdict": None if one.verdict is None else one.verdict.value,
        "decidedAt": None if one.decided_at is None else time(one.decided_at),
        "decidedBy": one.decided_by,
        "decidedBecause": one.decided_because or None,
    }


def revision(one: Revision) -> dict[str, Any]:
    """Return one edit of a selection."""
    selection = one.selection
    return {
        "revision": selection.revision,
        "at": time(one.at),
        "by": one.by,
        "face": selection.face.value,
        "text": selection.text,
    }


def run_with_causes(one: Run, moves: Iterable[Move]) -> dict[str, Any]:
    """Return one run, and how many it moved for which cause."""
    causes = [{"cause": move.cause.value, "joined": len(move.joined), "left": len(move.left)} for move in moves]
    return {**run(one), "causes": causes}


def changed(one: Changed) -> dict[str, Any]:
    """Return one join or leave, and the run that it came with."""
    return {
        "asset": entity(one.asset),
        "joined": one.joined,
        "cause": one.cause.value,
        "run": one.run.number,
        "at": time(one.run.at),
        "outcome": one.run.outcome.value,
        "because": None if one.because is None else because(one.because),
    }


def because(one: Because) -> dict[str, Any]:
    """Return what is known of a join or leave beyond its cause."""
    match one:
        case Altered(fields, by, at, fresh):
            told = [{"field": each.name, "before": each.before, "after": each.after} for each in fields]
            return {"fields": told, "new": fresh, "by": by, "at": time(at)}
        case Edited(revision, before, by, at):
            return {"revision": revision, "before": before, "by": by, "at": time(at)}
        case Decided(decision):
            return standing(decision)
        case _:
            assert_never(one)


def moved(one: Moved) -> dict[str, Any]:
    """Return one join or leave."""
    return {**entity(one.asset), "joined": one.joined, "cause": one.cause.value}


def moves(one: Moves) -> dict[str, Any]:
    """Return whom a run moved: how many in all, and some of them."""
    return {"total": one.total, "data": [moved(each) for each in one.shown]}
