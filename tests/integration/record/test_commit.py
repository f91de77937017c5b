"""Runs: what is proposed is committed whole, or not at all."""

from dataclasses import replace
from typing import Any

import pytest
from pyroaring import BitMap

from muster.errors import Conflict, InvalidInput, NotFound
from muster.membership import Cause, Generation, Move, Outcome, Proposal, Run
from muster.packing import digest
from muster.record import SqlRecord
from tests.integration.record.samples import made, product, proposal, selection


def test_first_run_makes_generation_one(record: SqlRecord) -> None:
    """Run, generation and moves tell the same, each by what the proposal said."""
    one = made(record, "p")
    (run,) = record.commit([proposal(one, [3, 5, 4_000_000_000])])
    expected = Run(
        number=1,
        product=one.entity.guid,
        revision=1,
        position=5,
        at=20,
        outcome=Outcome.APPLIED,
        generation=1,
        total=3,
        joined=3,
        left=0,
        digest=digest(BitMap([3, 5, 4_000_000_000])),
    )
    assert run == expected
    assert record.runs(one.entity.guid, limit=1) == [expected]
    assert record.generations([one.entity.guid]) == {
        one.entity.guid: Generation(1, 1, 1, 5, 20, expected.digest, BitMap([3, 5, 4_000_000_000]))
    }
    assert record.moves(one.entity.guid, 1) == (Move(Cause.ASSET, BitMap([3, 5, 4_000_000_000]), BitMap()),)


def test_empty_first_run_is_a_generation_too(record: SqlRecord) -> None:
    """Having been found empty is not the same as never having been synced."""
    one = made(record, "p")
    assert record.generations([one.entity.guid]) == {}
    (run,) = record.commit([proposal(one, [])])
    assert (run.outcome, run.generation, run.total, record.moves(one.entity.guid, run.number)) == (
        Outcome.APPLIED,
        1,
        0,
        (),
    )
    assert record.generations([one.entity.guid])[one.entity.guid].members == BitMap()


def test_moves_keep_their_causes_in_order(record: SqlRecord) -> None:
    """Joins and leaves of several causes add up in the run."""
    one = made(record, "p")
    record.commit([proposal(one, range(100))])
    moves = (
        Move(Cause.EXCLUSION, BitMap(), BitMap(range(10))),
        Move(Cause.ASSET, BitMap([200, 201]), BitMap([50])),
        Move(Cause.PIN, BitMap([300]), BitMap()),
    )
    members = (BitMap(range(10, 100)) | BitMap([200, 201, 300])) - BitMap([50])
    (run,) = record.commit([proposal(one, members, moves=moves)])
    assert (run.generation, run.total, run.joined, run.left) == (2, 92, 3, 11)
    assert record.moves(one.entity.guid, run.number) == moves


def test_equal_members_confirm_the_generation(record: SqlRecord) -> None:
    """No new generation, no moves; the generation's run, revision, position and time are those of the confirmation."""
    one = made(record, "p")
    guid = one.entity.guid
    (first,) = record.commit([proposal(one, [1, 2])])
    record.update_product(guid, product("p"), selection("other"), revision=1, by="ann", at=30)
    (run,) = record.commit([proposal(one, [2, 1], [1, 2], revision=2, position=9, at=40)])
    assert run == replace(
        first, number=2, revision=2, position=9, at=40, outcome=Outcome.UNCHANGED, joined=0, left=0, generation=1
    )
    assert record.generations([guid]) == {guid: Generation(1, 2, 2, 9, 40, first.digest, BitMap([1, 2]))}
    assert record.moves(guid, 2) == ()


def test_held_run_moves_nothing(record: SqlRecord) -> None:
    """It is recorded with what it would have moved and why it was held; the generation before stands."""
    one = made(record, "p")
    guid = one.entity.guid
    record.commit([proposal(one, [1, 2])])
    before = record.generations([guid])
    (run,) = record.commit([proposal(one, [], [1, 2], at=30, held_because="it would empty the product")])
    assert (run.outcome, run.generation, run.total, run.left) == (Outcome.HELD, None, 0, 2)
    assert record.runs(guid, limit=1)[0].held_because == "it would empty the product"
    assert record.moves(one.entity.guid, run.number) == (Move(Cause.ASSET, BitMap(), BitMap([1, 2])),)
    assert record.generations([guid]) == before


def test_held_first_run_leaves_a_product_without_membership(record: SqlRecord) -> None:
    """The next one that is applied makes generation one."""
    one = made(record, "p")
    record.commit([proposal(one, [1], held_because="no")])
    assert record.generations([one.entity.guid]) == {}
    (run,) = record.commit([proposal(one, [1])])
    assert (run.number, run.generation) == (2, 1)


def test_runs_come_back_in_the_order_of_the_proposals(record: SqlRecord) -> None:
    """Numbers are handed out in that order, also over more than one chunk; runs of a product are newest first."""
    some = [made(record, f"p{number:04d}") for number in range(30)]
    runs = record.commit([proposal(one, [number]) for number, one in enumerate(reversed(some))])
    assert [run.number for run in runs] == list(range(1, 31))
    assert [run.product for run in runs] == [one.entity.guid for one in reversed(some)]
    for at in (30, 40, 50):
        record.commit([proposal(some[-1], [at], [at - 10] if at > 30 else [0], at=at)])
    assert [run.at for run in record.runs(some[-1].entity.guid, limit=3)] == [50, 40, 30]
    assert record.commit([]) == []


def test_runs_are_read_page_by_page_and_by_what_they_moved(record: SqlRecord) -> None:
    """Those below a number; of those that moved assets, none that was held or changed nothing."""
    one = made(record, "p")
    for members, before, why in (((), (), ""), ((1,), (), ""), ((1,), (1,), ""), ((), (1,), "no"), ((2,), (1,), "")):
        record.commit([proposal(one, members, before, held_because=why)])

    def numbers(**which: Any) -> list[int]:
        return [run.number for run in record.runs(one.entity.guid, **which)]

    assert numbers(limit=2) == [5, 4]
    assert numbers(limit=2, before=4) == [3, 2]
    assert numbers(limit=9, moving=True) == [5, 2]
    assert numbers(limit=9, moving=True, before=5) == [2]


def test_chunks_of_a_commit_are_one_transaction(record: SqlRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conflict found in the last chunk undoes the ones before."""
    monkeypatch.setattr("muster.record.commit.AT_ONCE", 2)
    some = [made(record, f"p{number}") for number in range(5)]
    wrong = proposal(some[4], [1], moves=())
    with pytest.raises(Conflict, match="were moved by another run"):
        record.commit([*(proposal(one, [1]) for one in some[:4]), wrong])
    assert record.generations([one.entity.guid for one in some]) == {}
    runs = record.commit([proposal(one, [1]) for one in some])
    assert [run.number for run in runs] == [1, 2, 3, 4, 5]
    assert len(record.generations([one.entity.guid for one in some])) == 5


def test_stale_proposals_are_named_before_anything_is_written(record: SqlRecord) -> None:
    """Edited, deleted and unknown products; the sound ones beside them are not stored either."""
    sound, edited, deleted = (made(record, name) for name in ("sound", "edited", "deleted"))
    record.update_product(edited.entity.guid, product("edited"), selection("x"), revision=1, by="ann", at=11)
    record.delete_product(deleted.entity.guid, by="ann", at=12)
    stranger = replace(proposal(sound, [1]), product="nobody")
    with pytest.raises(Conflict) as caught:
        record.commit([*(proposal(one, [1]) for one in (sound, edited, deleted)), stranger])
    assert caught.value.message == (
        f"products were edited or deleted since the run began: {edited.entity.guid}, {deleted.entity.guid}, nobody"
    )
    assert record.runs(sound.entity.guid, limit=9) == []


def test_long_lists_of_stale_proposals_are_cut(record: SqlRecord) -> None:
    """Twenty are named, the rest counted."""
    strangers = [Proposal(f"g{number}", 1, 1, 1, BitMap(), ()) for number in range(25)]
    with pytest.raises(Conflict, match=r"g0, g1, .*, g19 and 5 more$"):
        record.commit(strangers)


def test_overtaken_proposal_is_refused(record: SqlRecord) -> None:
    """Two runs that compared with the same generation: the slower one's moves would not lead to its members."""
    one = made(record, "p")
    record.commit([proposal(one, [1, 2])])
    fast, slow = proposal(one, [1, 2, 3], [1, 2]), proposal(one, [2, 4], [1, 2], at=21)
    record.commit([fast])
    with pytest.raises(Conflict, match=f"were moved by another run since the run began: {one.entity.guid}"):
        record.commit([slow])
    assert record.generations([one.entity.guid])[one.entity.guid].members == BitMap([1, 2, 3])
    assert record.commit([replace(fast, at=22)])[0].outcome is Outcome.UNCHANGED


def test_product_named_twice_is_refused(record: SqlRecord) -> None:
    """Which of the two came first would be a guess."""
    one = made(record, "p")
    with pytest.raises(InvalidInput, match="a product can be committed once at a time"):
        record.commit([proposal(one, [1]), proposal(one, [2])])


def test_large_memberships_survive(record: SqlRecord) -> None:
    """Dense, sparse and run-shaped sets come back equal, with the digest of the membership."""
    sets = [BitMap(range(0, 2_000_000, 2)), BitMap(range(1_000_000)), BitMap(range(0, 2**31, 1_000_003))]
    some = [made(record, f"p{number}") for number in range(3)]
    record.commit([proposal(one, members) for one, members in zip(some, sets, strict=True)])
    found = record.generations([one.entity.guid for one in some])
    assert [found[one.entity.guid].members for one in some] == sets
    assert [found[one.entity.guid].digest for one in some] == [digest(members) for members in sets]


def test_unknown_runs_and_products_are_not_found(record: SqlRecord) -> None:
    """By number and by guid; asking many products for generations leaves them out instead."""
    with pytest.raises(NotFound, match="there is no product `nobody`"):
        record.moves("nobody", 7)
    with pytest.raises(NotFound, match="there is no product `nobody`"):
        record.runs("nobody", limit=1)
    assert record.generations(["nobody"]) == {}


def test_moves_are_asked_of_their_product(record: SqlRecord) -> None:
    """A run of another product is as unknown as one that never was; those of a deleted product stay readable."""
    one, two = made(record, "p"), made(record, "q")
    record.commit([proposal(one, [1]), proposal(two, [1, 2])])
    for run in (2, 3, -1):
        with pytest.raises(NotFound, match=f"run {run} is none of `p`"):
            record.moves(one.entity.guid, run)
    with pytest.raises(InvalidInput, match="a value that the record cannot hold"):
        record.moves(one.entity.guid, 2**63)
    record.delete_product(two.entity.guid, by="ann", at=30)
    assert record.moves(two.entity.guid, 2) == (Move(Cause.ASSET, BitMap([1, 2]), BitMap()),)


def test_runs_leave_the_change_log_alone(record: SqlRecord) -> None:
    """What a sync commits is no change of an entity, so that it does not set off another."""
    one = made(record, "p")
    position = record.position()
    record.commit([proposal(one, [1])])
    assert record.position() == position
