"""Memberships do not wait for the index: what assets say is read from the record, what only the index knows is asked of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pyroaring import BitMap

from muster.catalog.entity import EntityDraft, Key
from muster.errors import EngineUnavailable
from muster.policy import Policy
from muster.query.faces import Face
from muster.query.sorting import Sort
from muster.service import define, lag, resolve
from muster.service.ingest import ingest
from muster.service.keeping import ahead
from muster.service.keeping.keeper import Keeper
from muster.service.keeping.loop import keep, until_settled
from muster.service.keeping.rounds import Round
from muster.service.project import project
from muster.service.resolve import PageRequest, Stored, members_page
from muster.service.selecting import Written
from muster.service.workspace import Workspace
from tests.integration.rounds import kept

ROOT = "default/demo/1/db/schema"
BY_NAME = PageRequest(sort=(Sort("name.keyword"),))
SELECTIONS = {
    "Verified": "type:Table certificate:VERIFIED",
    "Spicy": '{"term": {"spice": "hot"}}',
    "Spiced": '{"multi_match": {"query": "hot", "fields": ["sp*"]}}',
    "Nearly": '{"match": {"name": {"query": "ordres", "fuzziness": 2}}}',
}
"""What is told from an asset alone, by a field that none has had, by fields that match, and by words of the whole index."""


def table(name: str, **attributes: object) -> EntityDraft:
    """A table of the test schema."""
    return EntityDraft(Key("Table", f"{ROOT}/{name}"), {"name": name, "certificateStatus": "VERIFIED", **attributes})


@pytest.fixture
def keeper(work: Workspace) -> Keeper:
    """Who keeps the products, which are synced; the index is for somebody else to carry to."""
    work.record.put_policy("", Policy(may_empty=True, least=100), by="ada", at=1)
    ingest(work, [table("customers")])
    for name, selection in SELECTIONS.items():
        face = Face.SHORTHAND if selection.startswith("type") else Face.WIRE
        define.create(work, name, Written(selection, face), define.Details(), domain_name="Shop", lenient=True)
    keeper = Keeper(work, carries=False)
    kept(keeper)
    return keeper


def names(work: Workspace, product: str, request: PageRequest | None = None) -> list[str]:
    """Return the names of a product's stored members."""
    return [one.name for one in members_page(work, product, Stored(), request or PageRequest()).members]


def is_behind(work: Workspace) -> bool:
    """Whether the index does not have everything."""
    return work.engine.position() < work.record.position()


def test_members_are_known_before_the_index_has_them(work: Workspace, keeper: Keeper) -> None:
    """And are read from the record."""
    ingest(work, [table("sales"), table("customers", certificateStatus="DRAFT")])
    kept(keeper)
    assert names(work, "Verified") == ["sales"]
    assert is_behind(work)


def test_an_order_waits_for_the_index(work: Workspace, keeper: Keeper) -> None:
    """So that a page has everybody who belongs there."""
    ingest(work, [table("sales"), table("bills")])
    kept(keeper)
    late = threading.Timer(0.3, lambda: project(work))
    late.start()
    assert names(work, "Verified", BY_NAME) == ["bills", "customers", "sales"]
    late.join()


def test_an_order_that_waits_in_vain_is_refused(
    work: Workspace, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than answered without the newest members; without an order all of them are told."""
    monkeypatch.setattr(resolve, "PATIENCE", 0.1)
    ingest(work, [table("sales")])
    kept(keeper)
    with pytest.raises(EngineUnavailable, match="not up to date"):
        members_page(work, "Verified", Stored(), BY_NAME)
    assert names(work, "Verified") == ["customers", "sales"]


@pytest.mark.parametrize("product", ["Spicy", "Spiced"])
def test_a_field_that_an_asset_is_the_first_to_bring_is_mapped_first(
    work: Workspace, keeper: Keeper, product: str
) -> None:
    """What it is mapped as is for the index to say; it is carried there before the round goes on."""
    ingest(work, [table("pepper", spice="hot")])
    kept(keeper)
    assert names(work, product) == ["pepper"]
    ingest(work, [table("chili", spice="hot")])
    kept(keeper)
    assert names(work, product) == ["pepper", "chili"]


def test_words_that_stand_for_others_are_asked_of_an_index_that_has_them(work: Workspace, keeper: Keeper) -> None:
    """Which ones they stand for depends on all assets."""
    ingest(work, [table("orders")])
    kept(keeper)
    assert names(work, "Nearly") == ["orders"]


def test_memberships_run_ahead_only_so_far(work: Workspace, keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the index is caught up with first, and whoever asks for an order does not wait for long."""
    monkeypatch.setattr(ahead, "AHEAD", 2)
    ingest(work, [table("a"), table("b")])
    kept(keeper)
    assert is_behind(work)
    ingest(work, [table("c")])
    kept(keeper)
    assert not is_behind(work)


def test_who_carries_brings_the_index_along_afterwards(work: Workspace, keeper: Keeper) -> None:
    """A worker by itself, whether it goes on or ends when nothing is waiting."""
    ingest(work, [table("sales")])
    list(until_settled(Keeper(work, holder=keeper.holder)))
    assert names(work, "Verified", BY_NAME) == ["customers", "sales"]
    assert not is_behind(work)


def test_an_index_that_cannot_be_carried_to_keeps_no_membership_waiting(
    work: Workspace, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a round did is told, then what kept it from carrying; it is carried as soon as it can be."""
    keeper.close()
    ingest(work, [table("sales")])
    told = threading.Event()
    with cannot_index(work, monkeypatch):
        rounds = keep(Keeper(work), told.wait)
        assert isinstance(next(rounds), Round)
        assert isinstance(next(rounds), EngineUnavailable)
        assert names(work, "Verified") == ["customers", "sales"]
    ingest(work, [table("bills")])
    assert isinstance(next(rounds), Round)
    told.set()
    assert list(rounds) == []
    assert not is_behind(work)


@contextmanager
def cannot_index(work: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the index take nothing in."""

    def refuse(*_: object, **__: object) -> None:
        raise EngineUnavailable("it takes nothing in")

    with monkeypatch.context() as patched:
        patched.setattr(type(work.engine), "apply", refuse)
        yield


def test_an_order_of_an_empty_catalog_waits_for_nothing(work: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is followed, though nothing ever changed."""
    kept(Keeper(work))
    monkeypatch.setattr(lag.time, "sleep", pytest.fail)
    assert resolve.page_of(work, BitMap(), BY_NAME) == ([], None)


def test_an_index_that_is_caught_up_keeps_nobody_waiting(
    work: Workspace, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first look is enough."""
    project(work)
    kept(keeper)
    monkeypatch.setattr(lag.time, "sleep", pytest.fail)
    assert names(work, "Verified", BY_NAME) == ["customers"]
