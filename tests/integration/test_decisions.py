"""Assets put in and taken out by hand, whatever the selection says, on every engine."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from muster.catalog.entity import Entity, EntityDraft, Key
from muster.catalog.product import Product
from muster.errors import Forbidden
from muster.membership import Decision
from muster.service.decide import Given, Settled, decide, put_in, take_out, withdraw
from muster.service.define import Details, Written, create
from muster.service.ingest import ingest
from muster.service.project import project
from muster.service.resolve import Live, PageRequest, members_page, standings
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock

BECAUSE = Given("because")
Act = Callable[..., list[Settled]]


class Scene:
    """A product of all tables that are tagged Gold: `a` and `b` are, `c` and `d` are not."""

    def __init__(self, work: Workspace) -> None:
        self.work = work
        drafts = [EntityDraft(Key("Table", f"wh/{name}"), {"name": name}, tags=("Gold",)) for name in "ab"]
        drafts += [EntityDraft(Key("Table", f"wh/{name}"), {"name": name}) for name in "cd"]
        ingest(work, drafts)
        project(work)
        self.product = create(work, "P", Written("tag:Gold"), Details(), domain_name="D").product
        self.assets = {one.name: one for one in work.record.find([], [draft.key for draft in drafts])}

    def now(self) -> Product:
        """Return the product as it is now."""
        return self.work.record.product(self.product.entity.guid)

    def of(self, names: str) -> list[Entity]:
        """Return assets by name."""
        return [self.assets[name] for name in names]

    def members(self) -> str:
        """Return the names of the members."""
        page = members_page(self.work, self.product.entity.guid, Live(), PageRequest())
        return "".join(sorted(one.name for one in page.members))

    def act(self, how: Act, names: str, given: Given = BECAUSE, *, dry: bool = False) -> Sequence[Settled]:
        """Put in, or take out."""
        return how(self.work, self.now(), self.of(names), given, dry=dry)

    def said(self, how: Act, names: str, *, dry: bool = False) -> list[tuple[str, str | None, bool]]:
        """Put in or take out, and return of each asset its name, what stands about it now, and whether that is news."""
        settled = self.act(how, names, dry=dry)
        return [(one.asset.name, one.standing and one.standing.decision.value, one.changed) for one in settled]


@pytest.fixture
def scene(work: Workspace) -> Scene:
    """A product, two members of it, and two assets that are none."""
    return Scene(work)


def test_put_in_is_a_pin(scene: Scene) -> None:
    """Also for what is selected: it stays a member when the selection holds it no longer."""
    assert scene.said(put_in, "ac") == [("a", "pin", True), ("c", "pin", True)]
    assert scene.members() == "abc"
    ingest(scene.work, [EntityDraft(Key("Table", f"wh/{name}"), {"name": name}) for name in "ab"])
    project(scene.work)
    assert scene.members() == "ac"


def test_take_out_is_an_exclusion_of_what_is_selected(scene: Scene) -> None:
    """Of what is not, nothing but its pin has to go; what is no member anyway is none afterwards."""
    scene.act(put_in, "bc")

    assert scene.said(take_out, "abcd") == [
        ("a", "exclusion", True),
        ("b", "exclusion", True),
        ("c", None, True),
        ("d", None, False),
    ]
    assert scene.members() == ""
    assert {one.decision for one in standings(scene.work, scene.now())} == {Decision.EXCLUSION}


def test_each_takes_the_place_of_the_other(scene: Scene) -> None:
    """The last one counts."""
    for how, members in ((take_out, "b"), (put_in, "ab"), (take_out, "b")):
        scene.act(how, "a")
        assert scene.members() == members
    assert len(standings(scene.work, scene.now())) == 1


@pytest.mark.parametrize("how", [put_in, take_out])
def test_what_comes_again_changes_nothing(scene: Scene, how: Act) -> None:
    """The decision that stands is told as it was given: its reason and its time stay; no version is made."""
    scene.act(how, "ac")
    before = scene.now(), standings(scene.work, scene.now())

    again = scene.act(how, "ac", Given("another reason"))
    assert [one.changed for one in again] == [False, False]
    assert {one.standing.reason for one in again if one.standing} == {"because"}
    assert (scene.now(), standings(scene.work, scene.now())) == before
    assert scene.act(how, "") == []


@pytest.mark.parametrize("how", [put_in, take_out])
def test_a_dry_run_tells_what_would_be(scene: Scene, how: Act) -> None:
    """And leaves everything as it is."""
    scene.act(put_in, "d")
    before, members = scene.now(), scene.members()
    dry = scene.said(how, "abcd", dry=True)

    assert (scene.now(), scene.members()) == (before, members)
    assert dry == scene.said(how, "abcd")


@pytest.mark.parametrize("how", [put_in, take_out])
def test_one_call_is_one_version(scene: Scene, how: Act) -> None:
    """However many assets it is about, signed by who called."""
    scene.work = replace(scene.work, by="eve")
    before = scene.now().entity
    scene.act(how, "ab")

    after = scene.now().entity
    assert (after.version, after.updated_by) == (before.version + 1, "eve")
    assert {one.by for one in standings(scene.work, scene.now())} == {"eve"}


@pytest.mark.parametrize("how", [put_in, take_out])
def test_who_is_bound_to_domains_decides_in_those(scene: Scene, how: Act) -> None:
    """Dry or not; the assets may be anywhere."""
    home = scene.product.entity.key.qualified_name.rsplit("/product/", 1)[0]
    for dry in (True, False):
        with pytest.raises(Forbidden, match="outside the domains of this token"):
            scene.act(how, "a", Given("r", within=["default/domain/elsewhere/super"]), dry=dry)
    assert standings(scene.work, scene.now()) == ()

    assert scene.act(how, "a", Given("r", within=["default/domain/elsewhere/super", home]))[0].changed


def test_a_decision_that_expired_stands_no_more(scene: Scene, clock: SetClock) -> None:
    """What is put in again then is news, and stays for good."""
    decide(scene.work, scene.product.entity.guid, ["wh/c"], Decision.PIN, Given("r", clock.time + 10))
    assert scene.said(put_in, "c") == [("c", "pin", False)]
    clock.time += 10

    assert scene.members() == "ab"
    assert scene.said(put_in, "c") == [("c", "pin", True)]
    assert [one.expires_at for one in standings(scene.work, scene.now())] == [None]


def test_what_is_withdrawn_is_the_selections_again(scene: Scene) -> None:
    """Neither in nor out by hand."""
    scene.act(put_in, "c")
    scene.act(take_out, "a")
    withdraw(scene.work, scene.product.entity.guid, ["wh/a", "wh/c"])

    assert scene.members() == "ab"
    assert scene.said(take_out, "c") == [("c", None, False)]


def test_what_was_archived_can_be_taken_out(scene: Scene) -> None:
    """A pin about it would else stand for good."""
    scene.act(put_in, "c")
    scene.work.record.archive([scene.assets["c"].ordinal], by="ada", at=1)

    assert scene.said(take_out, "c") == [("c", None, True)]
