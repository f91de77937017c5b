"""An index that is replaced, or lost, while it is read and written: never a partial answer, and nothing missing."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from typing import TypeAlias

import pytest
from pyroaring import BitMap

from muster.errors import EngineUnavailable
from muster.protocols import Page
from muster.query.algebra import atoms, combine
from muster.query.formula import formula
from muster.service.doctor import examine
from muster.service.project import _update, project, reindex
from muster.service.sync import sync
from muster.service.workspace import Workspace
from tests.acceptance.faults import scene as scenes
from tests.acceptance.faults.proxy import Once, before
from tests.acceptance.faults.scene import Scene
from tests.unit.engines.opensearch.faking import Asked, Reset

SEED = int(os.environ.get("MUSTER_SEED", "1"))
MOMENTS = int(os.environ.get("MUSTER_MOMENTS", "1"))
"""Before how many of the requests of each question it happens; more than there are: before each of them."""
MOST = 1_000_000

Do: TypeAlias = Callable[[Workspace], BitMap]


def by_members(work: Workspace) -> BitMap:
    """Ask for the whole set."""
    return scenes.asked(work)


def by_postings(work: Workspace) -> BitMap:
    """Ask for the sets of the clauses."""
    clauses = formula(scenes.selection())
    leaves = list(dict.fromkeys(atoms(clauses)))
    found = work.engine.postings(leaves, now=0)
    return combine(clauses, dict(zip(leaves, found.sets, strict=True)).__getitem__, found.universe)


def by_page(work: Workspace) -> BitMap:
    """Ask for one page with everything on it, and for the number."""
    page = work.engine.search(scenes.selection(), Page(1000), now=0)
    assert page.total == len(page.hits) == work.engine.count(scenes.selection(), now=0)
    return BitMap(hit.ordinal for hit in page.hits)


def by_sync(work: Workspace) -> BitMap:
    """Sync, and read what is stored."""
    list(sync(work))
    return scenes.stored(work)


READS: dict[str, Do] = {"members": by_members, "postings": by_postings, "page": by_page, "sync": by_sync}
"""Ways to learn who is in; each begins by bringing the index up to the record."""


def swapped(scene: Scene) -> None:
    """Rebuild the index: another one is behind the alias then, and the one before is gone."""
    with scene.opened() as work:
        reindex(work)


def deleted(scene: Scene) -> None:
    """Delete the index behind Muster's back."""
    with scene.opened() as work:
        scenes.server_of(work).request("DELETE", f"/{scenes.index_of(work).physical().name}")


def begun_anew(scene: Scene) -> None:
    """Delete the index, and let another process begin to fill one of the same name: half of it is there."""
    deleted(scene)
    with scene.opened() as work:
        work.engine.claim(work.record.identity())
        some = work.record.changes(0, scenes.TABLES // 2)
        work.engine.apply([_update(one) for one in some], position=some[-1].number)


EVENTS = (swapped, deleted, begun_anew)


CASES = [
    *(("opensearch", read, event) for read in READS for event in EVENTS),
    ("elasticsearch", "members", swapped),
    ("elasticsearch", "sync", swapped),
    ("elasticsearch", "sync", deleted),
]


@pytest.mark.parametrize(("lasting", "read", "event"), CASES, indirect=["lasting"])
def test_replaced_at_any_moment_an_answer_is_whole_or_none(
    lasting: Scene, read: str, event: Callable[[Scene], None]
) -> None:
    """Before whichever request it happens: the right members, or `engine_unavailable`; no stored membership shrinks."""
    with before(lasting.url) as proxy:
        through = lasting.at(proxy.port)
        proxy.plan = counting = Once(MOST, lambda: None)
        assert outcome(through, READS[read]) == "right"
        for number in moments(f"{read} {event.__name__}", MOST - counting.left):
            proxy.plan = Once(number, lambda: event(lasting))
            told = outcome(through, READS[read])
            assert told == "right" or (told == "engine_unavailable" and event is not swapped)
            scenes.hold_whole(lasting)


STOPPED: dict[str, Callable[[Workspace], object]] = {"project": project, "reindex": reindex, "sync": by_sync}


@pytest.mark.parametrize(
    ("lasting", "act"), [*(("opensearch", act) for act in STOPPED), ("elasticsearch", "reindex")], indirect=["lasting"]
)
def test_stopped_at_any_moment_the_next_one_does_the_rest(
    lasting: Scene, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is gone from some request on: it is told, and what is begun anew needs nobody to clean up."""
    monkeypatch.setattr("muster.engines.opensearch.connection.client.FIRST_WAIT", 0.01)
    with before(lasting.url) as proxy:
        through = lasting.at(proxy.port)
        proxy.plan = counting = Once(MOST, lambda: None)
        assert ending(through, STOPPED[act]) == "done"
        for number in moments(act, MOST - counting.left):
            proxy.plan = gone = From(number)
            done = ending(through, STOPPED[act]) == "done"
            # What goes on where another was stopped asks less, and that a view ends is nothing to wait for.
            assert not done or gone.left >= 0 or proxy.asked[-1].method == "DELETE"
            proxy.plan = lambda _: None
            with lasting.opened() as work:
                assert scenes.stored(work) == scenes.gold(work)
            assert ending(through, STOPPED[act]) == "done"
    scenes.hold_whole(lasting)
    with lasting.opened() as work:
        reindex(work)
        assert not [one for one in examine(work) if "nobody reads" in one.message]


def ending(scene: Scene, act: Callable[[Workspace], object]) -> str:
    """Write something and act; say how it ended."""
    with scene.opened(engine_timeout=5) as work:
        scenes.write(work, [0], "Gold", said=work.clock())
        try:
            act(work)
        except EngineUnavailable as error:
            return error.code
        return "done"


class From:
    """A plan by which the server is gone from the nth request on."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, _: Asked) -> Reset | None:
        """Count down, and answer nothing more at 0."""
        self.left -= 1
        return Reset() if self.left < 0 else None


def moments(what: str, requests: int) -> list[int]:
    """Return before which requests it happens, some or all of them."""
    chosen = sorted(random.Random(f"{SEED} {what}").sample(range(requests), min(MOMENTS, requests)))
    print(f"MUSTER_SEED={SEED}: before {chosen} of {requests} requests")
    return chosen


def outcome(scene: Scene, read: Do) -> str:
    """Write something, bring the index up to the record and read, as every reading verb does; say how it ended."""
    with scene.opened(engine_timeout=20) as work:
        scenes.write(work, [0], "Gold", said=work.clock())
        try:
            project(work)
            found = read(work)
        except EngineUnavailable:
            found = None
        wanted = scenes.gold(work)
        assert scenes.stored(work) == wanted
        return "engine_unavailable" if found is None else "right" if found == wanted else f"{found}, not {wanted}"
