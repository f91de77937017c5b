"""Why assets joined and left: each gets one cause, the most deliberate that applies."""

from dataclasses import replace

import pytest
from pyroaring import BitMap

from muster.membership import Cause, Decision, Generation, Move, Standing
from muster.packing import digest
from muster.service.causes import Evidence, moves

BEFORE = 1_000
NOW = 2_000


def generation(*members: int) -> Generation:
    """A generation of these members, made at `BEFORE`."""
    found = BitMap(members)
    return Generation(1, 1, 1, 1, BEFORE, digest(found), found)


def standing(decision: Decision, ordinal: int, at: int = 0, until: int | None = None) -> Standing:
    """A decision about one asset."""
    return Standing(decision, ordinal, "because", "ada", at, until)


def withdrawn(one: Standing, at: int) -> Standing:
    """A decision that was taken back at a time."""
    return replace(one, withdrawn_at=at, withdrawn_by="bob")


def evidence(
    *selected: int,
    formerly: tuple[int, ...] | None = None,
    standings: tuple[Standing, ...] = (),
    changed: tuple[int, ...] = (),
    gone: tuple[int, ...] = (),
    timely: bool = False,
) -> Evidence:
    """What a run knows."""
    before = None if formerly is None else BitMap(formerly)
    return Evidence(BitMap(selected), before, standings, NOW, BitMap(changed), BitMap(gone), timely)


def one(cause: Cause, joined: tuple[int, ...] = (), left: tuple[int, ...] = ()) -> Move:
    """One move."""
    return Move(cause, BitMap(joined), BitMap(left))


@pytest.mark.parametrize(
    ("before", "members", "known", "expected"),
    [
        pytest.param(None, (1, 2), evidence(1, 2), (one(Cause.FIRST, (1, 2)),), id="the first run"),
        pytest.param(None, (), evidence(), (), id="a first run that finds nothing moves nothing"),
        pytest.param((1,), (1,), evidence(1), (), id="nothing moved"),
        pytest.param(
            (1, 2), (2, 3), evidence(2, 3, changed=(1, 3)), (one(Cause.ASSET, (3,), (1,)),), id="assets changed"
        ),
        pytest.param(
            (1, 2),
            (3,),
            evidence(3, changed=(1, 2, 3), gone=(1,)),
            (one(Cause.ASSET, (3,), (2,)), one(Cause.ARCHIVE, left=(1,))),
            id="an asset that is archived leaves otherwise than one that changed",
        ),
        pytest.param(
            (1,),
            (2,),
            evidence(2, changed=(2,), timely=True),
            (one(Cause.ASSET, (2,)), one(Cause.TIME, left=(1,))),
            id="what nobody touched moves by the time, where the selection counts from now",
        ),
        pytest.param(
            (1,),
            (2,),
            evidence(2),
            (one(Cause.MEANING, (2,), (1,)),),
            id="or by what its words mean, where it does not",
        ),
        pytest.param(
            (1,), (1, 2), evidence(1, standings=(standing(Decision.PIN, 2),)), (one(Cause.PIN, (2,)),), id="a pin joins"
        ),
        pytest.param(
            (1, 2),
            (1,),
            evidence(1, standings=(standing(Decision.PIN, 2, until=1_500),)),
            (one(Cause.EXPIRY, left=(2,)),),
            id="a pin that ran out leaves",
        ),
        pytest.param(
            (1, 2),
            (1,),
            evidence(1, standings=(withdrawn(standing(Decision.PIN, 2), 1_500),)),
            (one(Cause.PIN, left=(2,)),),
            id="a pin that was taken back leaves",
        ),
        pytest.param(
            (1, 2),
            (1,),
            evidence(1, 2, standings=(standing(Decision.EXCLUSION, 2),)),
            (one(Cause.EXCLUSION, left=(2,)),),
            id="an exclusion leaves",
        ),
        pytest.param(
            (1,),
            (1, 2),
            evidence(1, 2, standings=(standing(Decision.EXCLUSION, 2, until=1_500),)),
            (one(Cause.EXPIRY, (2,)),),
            id="an exclusion that ran out lets in",
        ),
        pytest.param(
            (1, 2, 3),
            (3, 4, 5),
            evidence(3, 4, 5, formerly=(1, 3, 5), changed=(2, 5)),
            (one(Cause.ASSET, (5,), (2,)), one(Cause.SELECTION, (4,), (1,))),
            id="an edit is told from a change of the asset by what the former selection would hold today",
        ),
    ],
)
def test_moves(
    before: tuple[int, ...] | None, members: tuple[int, ...], known: Evidence, expected: tuple[Move, ...]
) -> None:
    """The moves between two generations are exactly these."""
    assert moves(None if before is None else generation(*before), BitMap(members), known) == expected
