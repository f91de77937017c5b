"""Why assets joined and left: each gets one cause, the most deliberate that applies."""

import pytest
from pyroaring import BitMap

from muster.membership import Cause, Decision, Generation, Move, Standing, digest
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


def evidence(*selected: int, formerly: tuple[int, ...] | None = None, standings: tuple[Standing, ...] = ()) -> Evidence:
    """What a run knows."""
    return Evidence(BitMap(selected), None if formerly is None else BitMap(formerly), standings, NOW)


def one(cause: Cause, joined: tuple[int, ...] = (), left: tuple[int, ...] = ()) -> Move:
    """One move."""
    return Move(cause, BitMap(joined), BitMap(left))


@pytest.mark.parametrize(
    ("before", "members", "known", "expected"),
    [
        pytest.param(None, (1, 2), evidence(1, 2), (one(Cause.FIRST, (1, 2)),), id="the first run"),
        pytest.param(None, (), evidence(), (), id="a first run that finds nothing moves nothing"),
        pytest.param((1,), (1,), evidence(1), (), id="nothing moved"),
        pytest.param((1, 2), (2, 3), evidence(2, 3), (one(Cause.ASSET, (3,), (1,)),), id="assets changed"),
        pytest.param(
            (1,), (1, 2), evidence(1, standings=(standing(Decision.PIN, 2),)), (one(Cause.PIN, (2,)),), id="a pin joins"
        ),
        pytest.param(
            (1, 2),
            (1,),
            evidence(1, standings=(standing(Decision.PIN, 2, until=1_500),)),
            (one(Cause.PIN, left=(2,)),),
            id="a pin that ran out leaves",
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
            (one(Cause.EXCLUSION, (2,)),),
            id="an exclusion that ran out lets in",
        ),
        pytest.param(
            (1, 2, 3),
            (3, 4, 5),
            evidence(3, 4, 5, formerly=(1, 3, 5)),
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
