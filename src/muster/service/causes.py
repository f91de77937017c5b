"""Why assets joined and left between two generations."""

from dataclasses import dataclass

from pyroaring import BitMap

from muster.membership import Cause, Decision, Generation, Move, Standing


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known when a run compares.

    `selected` is what the current selection holds today; `formerly` is what the selection of the generation before
    would hold today, None when it has not been edited since. Of the assets that moved, `changed` are those that are
    otherwise than when that generation was read, `gone` those of them that are no longer in use. `timely` says that
    the selection depends on the time, or that of the generation before does.
    """

    selected: BitMap
    formerly: BitMap | None
    standings: tuple[Standing, ...]
    now: int
    changed: BitMap
    gone: BitMap
    timely: bool = False


def moves(before: Generation | None, members: BitMap, evidence: Evidence) -> tuple[Move, ...]:
    """Return the joins and leaves by cause, each asset once; causes without a move are left out."""
    if before is None:
        return (Move(Cause.FIRST, members, BitMap()),) if members else ()
    joined = _join_causes(members - before.members, before, evidence)
    left = _leave_causes(before.members - members, before, evidence)
    both = ((cause, joined.get(cause, BitMap()), left.get(cause, BitMap())) for cause in Cause)
    return tuple(Move(cause, ins, outs) for cause, ins, outs in both if ins or outs)


def _join_causes(joined: BitMap, before: Generation, evidence: Evidence) -> dict[Cause, BitMap]:
    lifted, expired = _ended(evidence, Decision.EXCLUSION, before.at)
    edited = BitMap() if evidence.formerly is None else joined - evidence.formerly
    return _first_that_applies(
        joined,
        [
            (Cause.PIN, joined - evidence.selected),
            (Cause.EXCLUSION, lifted),
            (Cause.EXPIRY, expired),
            (Cause.SELECTION, edited),
            (Cause.ASSET, evidence.changed),
            (Cause.EXCLUSION, _taken_at(evidence, Decision.EXCLUSION, before.at)),
        ],
        _unmoved(evidence),
    )


def _leave_causes(left: BitMap, before: Generation, evidence: Evidence) -> dict[Cause, BitMap]:
    dropped, expired = _ended(evidence, Decision.PIN, before.at)
    excluded = _standing(evidence, Decision.EXCLUSION, evidence.now)
    edited = BitMap() if evidence.formerly is None else left & evidence.formerly
    return _first_that_applies(
        left,
        [
            (Cause.EXCLUSION, excluded),
            (Cause.PIN, dropped),
            (Cause.EXPIRY, expired),
            (Cause.SELECTION, edited),
            (Cause.ARCHIVE, evidence.gone),
            (Cause.ASSET, evidence.changed),
            (Cause.PIN, _taken_at(evidence, Decision.PIN, before.at)),
        ],
        _unmoved(evidence),
    )


def _first_that_applies(moved: BitMap, candidates: list[tuple[Cause, BitMap]], otherwise: Cause) -> dict[Cause, BitMap]:
    """Give each asset the first cause that applies."""
    found, rest = dict[Cause, BitMap](), moved
    for cause, those in (*candidates, (otherwise, moved)):
        found[cause] = found.get(cause, BitMap()) | (rest & those)
        rest = rest - those
    return found


def _unmoved(evidence: Evidence) -> Cause:
    """Return why an asset moves that nobody touched: the time, or what the words of the selection mean."""
    return Cause.TIME if evidence.timely else Cause.MEANING


def _ended(evidence: Evidence, decision: Decision, at: int) -> tuple[BitMap, BitMap]:
    """Return about which assets decisions stood at a time and stand no more: taken back, and run out by themselves."""
    still = _standing(evidence, decision, evidence.now)
    then = [s for s in evidence.standings if s.decision is decision and s.at <= at and s.holds(at)]
    taken = BitMap(s.ordinal for s in then if s.withdrawn_at is not None and s.withdrawn_at <= evidence.now)
    return taken - still, BitMap(s.ordinal for s in then) - taken - still


def _taken_at(evidence: Evidence, decision: Decision, at: int) -> BitMap:
    """Return about which assets decisions were taken back in the very moment of a run, which may not have seen that."""
    return BitMap(s.ordinal for s in evidence.standings if s.decision is decision and s.withdrawn_at == at)


def _standing(evidence: Evidence, decision: Decision, at: int) -> BitMap:
    return BitMap(s.ordinal for s in evidence.standings if s.decision is decision and s.at <= at and s.holds(at))
