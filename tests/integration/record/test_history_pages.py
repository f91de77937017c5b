"""Changes and decisions page by page: each once, in order, whatever the size of a page."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pyroaring import BitMap

from muster.catalog.product import Product
from muster.errors import InvalidInput, NotFound
from muster.fields import asset_fields
from muster.membership import Cause, Decision, Move, Standing
from muster.protocols import Engine
from muster.record import SqlRecord
from muster.service import changes as changing
from muster.service import cursor as cursors
from muster.service.changes import Wanted, changes
from muster.service.standing import Asked, standing
from muster.service.workspace import Workspace
from tests.integration.record.samples import made, proposal, tables

SIZES = (1, 2, 3, 7, 100)
STEPS: tuple[tuple[tuple[int, ...], str], ...] = (
    ((1, 2, 3, 4, 5, 6), ""),
    ((1, 2, 3, 4, 5, 6), ""),
    ((), "it would empty the product"),
    ((2, 4, 6), ""),
    ((2, 4, 6, 7, 8), ""),
    ((8,), ""),
)
"""Memberships one after the other, and why a run to one was held."""

Seen = tuple[int, int, bool]
EXPECTED: list[Seen] = [
    *((6, ordinal, False) for ordinal in (2, 4, 6, 7)),
    *((5, ordinal, True) for ordinal in (7, 8)),
    *((4, ordinal, False) for ordinal in (1, 3, 5)),
    *((1, ordinal, True) for ordinal in (1, 2, 3, 4, 5, 6)),
]
"""Run, asset, and whether it joined."""


@dataclass
class Scene:
    """A product with a past, and another one."""

    work: Workspace
    one: Product
    other: Product

    def pages(self, size: int, **which: Any) -> Iterator[Seen]:
        """Read changes page by page."""
        cursor: str | None = None
        while True:
            page = changes(self.work, self.one, Wanted(size, cursor, **which))
            assert len(page.shown) == size or page.next is None
            yield from ((change.run.number, change.asset.ordinal, change.joined) for change in page.shown)
            if page.next is None:
                return
            cursor = page.next


@pytest.fixture
def scene(record: SqlRecord, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Runs are read two at a time."""
    monkeypatch.setattr(changing, "RUNS", 2)
    record.write(tables(8), by="ann", at=1)
    one, other = made(record, "p"), made(record, "q")
    before: tuple[int, ...] = ()
    for members, held in STEPS:
        record.commit([proposal(one, members, before, held_because=held)])
        before = before if held else members
    record.commit([proposal(other, [1])])
    return Scene(Workspace(record, cast("Engine", SimpleNamespace(fields=asset_fields)), lambda: 50, "ann"), one, other)


@pytest.mark.parametrize("size", SIZES)
def test_changes_are_told_once(scene: Scene, size: int) -> None:
    """Newest run first, its assets in order of ordinal; runs that were held, or moved nobody, are passed over."""
    assert list(scene.pages(size)) == EXPECTED


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("joined", [True, False])
def test_changes_of_one_way(scene: Scene, size: int, joined: bool) -> None:  # noqa: FBT001 - a row of the table
    """Joins or leaves alone."""
    assert list(scene.pages(size, joined=joined)) == [seen for seen in EXPECTED if seen[2] is joined]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("run", "expected"), [(5, EXPECTED[4:6]), (2, []), (3, [(3, n, False) for n in range(1, 7)])])
def test_changes_of_one_run(scene: Scene, size: int, run: int, expected: list[Seen]) -> None:
    """Of one that was held, what it would have moved."""
    assert list(scene.pages(size, run=run)) == expected


def test_runs_that_come_meanwhile_move_no_page(scene: Scene) -> None:
    """What follows a page is what followed it before."""
    first = changes(scene.work, scene.one, Wanted(5))
    scene.work.record.commit([proposal(scene.one, [1, 2], [8])])
    rest = changes(scene.work, scene.one, Wanted(100, first.next))

    found = [(one.run.number, one.asset.ordinal, one.joined) for one in (*first.shown, *rest.shown)]
    assert found == EXPECTED


def test_an_asset_that_moves_for_two_causes_in_one_run(scene: Scene) -> None:
    """Each with its own, in order of ordinal."""
    moves = (
        Move(Cause.PIN, BitMap([2]), BitMap()),
        Move(Cause.EXCLUSION, BitMap(), BitMap([8])),
        Move(Cause.ASSET, BitMap([1, 3]), BitMap()),
    )
    scene.work.record.commit([proposal(scene.one, [1, 2, 3], [8], moves=moves)])

    shown = changes(scene.work, scene.one, Wanted(4)).shown
    assert [(one.asset.ordinal, one.joined, one.cause) for one in shown] == [
        (1, True, Cause.ASSET),
        (2, True, Cause.PIN),
        (3, True, Cause.ASSET),
        (8, False, Cause.EXCLUSION),
    ]


@pytest.mark.parametrize("run", [7, 99])
def test_a_run_of_another_product_is_not_found(scene: Scene, run: int) -> None:
    """As one that never was."""
    with pytest.raises(NotFound, match=f"run {run} is none of `p`"):
        changes(scene.work, scene.one, Wanted(run=run))


@pytest.mark.parametrize("after", [("5", 3), (0, 3), (2**60, 3), (1.5, 3), (None, 3)])
def test_a_cursor_that_was_made_up_is_refused(scene: Scene, after: tuple[Any, ...]) -> None:
    """Also one for this very question."""
    question = cursors.fingerprint("changes", scene.one.entity.guid, None, None)
    with pytest.raises(InvalidInput, match="not a cursor"):
        changes(scene.work, scene.one, Wanted(cursor=cursors.encode(question, after)))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ended", [False, True])
def test_decisions_are_told_once(scene: Scene, size: int, ended: bool) -> None:  # noqa: FBT001 - a row of the table
    """In order of ordinal and time; what expired, was replaced or taken back only where it is asked for."""
    record, guid = scene.work.record, scene.one.entity.guid
    for at, decision, ordinals, until in (
        (11, Decision.PIN, (1, 2, 3, 4), None),
        (12, Decision.PIN, (2, 3), None),
        (13, Decision.EXCLUSION, (3, 5), None),
        (14, Decision.PIN, (6,), 40),
        (15, Decision.PIN, (7,), 60),
    ):
        stood = [Standing(decision, ordinal, "r", "ann", at, until) for ordinal in ordinals]
        record.decide(guid, stood, by="ann", at=at)
    record.decide(guid, (), [4], by="bob", at=20)

    found, cursor, more = list[tuple[int, int]](), None, True
    while more:
        page = standing(scene.work, scene.one, Asked(Decision.PIN, size, cursor, ended))
        found += [(one.standing.ordinal, one.standing.at) for one in page.shown]
        assert all(one.asset is not None and one.asset.ordinal == one.standing.ordinal for one in page.shown)
        cursor, more = page.next, page.next is not None

    standing_now = [(1, 11), (2, 12), (7, 15)]
    all_ = [(1, 11), (2, 11), (2, 12), (3, 11), (3, 12), (4, 11), (6, 14), (7, 15)]
    assert found == (all_ if ended else standing_now)
    assert page.total == len(found)
