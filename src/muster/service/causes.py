"""Why assets joined and left between two generations."""

from dataclasses import dataclass

from pyroaring import BitMap

from muster.membership import Cause, Decision, Generation, Move, Standing


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known when a run compares.

    `selected` is what the current selection holds today; `formerly` is what the selection of the generation before
    would hold today, None when it has not been edited since.
    """

    selected: BitMap
    formerly: BitMap | None
    standings: tuple[Standing, ...]
    now: int


def moves(before: Generation | None, members: BitMap, evidence: Evidence) -> tuple[Move, ...]:
    """Return the joins and leaves by cause, each asset once; causes without a move are left out."""
    if before is None:
        return (Move(Cause.FIRST, members, BitMap()),) if members else ()
    joined = _join_causes(members - before.members, before, evidence)
    left = _leave_causes(before.members - members, before, evidence)
    both = ((cause, joined.get(cause, BitMap()), left.get(cause, BitMap())) for cause in Cause)
    return tuple(Move(cause, ins, outs) for cause, ins, outs in both if ins or outs)


def _join_causes(joined: BitMap, before: Generation, evidence: Evidence) -> dict[Cause, BitMap]:
    lifted = _standing(evidence, Decision.EXCLUSION, before.at) - _standing(evidence, Decision.EXCLUSION, evidence.now)
    edited = BitMap() if evidence.formerly is None else joined - evidence.formerly
    return _first_that_applies(
        joined, [(Cause.PIN, joined - evidence.selected), (Cause.EXCLUSION, lifted), (Cause.SELECTION, edited)]
    )


def _leave_causes(left: BitMap, before: Generation, evidence: Evidence) -> dict[Cause, BitMap]:
    dropped = _standing(evidence, Decision.PIN, before.at) - _standing(evidence, Decision.PIN, evidence.now)
    excluded = _standing(evidence, Decision.EXCLUSION, evidence.now)
    edited = BitMap() if evidence.formerly is None else left & evidence.formerly
    return _first_that_applies(left, [(Cause.EXCLUSION, excluded), (Cause.PIN, dropped), (Cause.SELECTION, edited)])


def _first_that_applies(moved: BitMap, candidates: list[tuple[Cause, BitMap]]) -> dict[Cause, BitMap]:
    """Give each asset the first cause that applies; what is left over changed itself."""
    found, rest = {}, moved
    for cause, those in candidates:
        found[cause] = rest & those
        rest = rest - those
    return {**found, Cause.ASSET: rest}


def _standing(evidence: Evidence, decision: Decision, at: int) -> BitMap:
    return BitMap(s.ordinal for s in evidence.standings if s.decision is decision and s.at <= at and s.holds(at))
