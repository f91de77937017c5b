"""The command line with its index on a server and its record in SQLite or PostgreSQL: the example project end to end."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from muster.bootstrap import open_workspace
from muster.catalog.entity import EntityDraft, Key
from muster.service.ingest import ingest
from muster.service.workspace import Workspace
from muster.settings import Settings
from tests.acceptance import command
from tests.acceptance.once import once
from tests.integration.places import OnServer, UrlOf, place, with_alias
from tests.integration.record.conftest import postgresql_server

__all__ = ["postgresql_server"]

ARTIFACTS = Path(__file__).parents[2] / "examples" / "shop" / "artifacts"
MARKETING = "type:Table state:ACTIVE tag:marketing -tag:pii"
IDENTIFIERS = 'type:Column state:ACTIVE name:("*_id" OR "id")'
TABLES = "default/duckdb/shop/shop/marketing"
Place = tuple[str, str]
PLACES: tuple[Place, ...] = (("opensearch", "sqlite"), ("opensearch", "postgresql"), ("elasticsearch", "sqlite"))
"""Engines with records; every one of both is in the last two."""


@dataclass(frozen=True, slots=True)
class Muster:
    """The command line with a data folder and settings of its own."""

    data: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start `muster` and come back at once."""
        return command.start(self.data, *words, settings=self.settings)

    def run(self, *words: str, code: int = 0) -> tuple[str, str]:
        """Run `muster` to its end, hold it to an exit code, and return what it printed: results, and all else."""
        done = command.run(self.data, *words, code=code, settings=self.settings)
        return done.stdout, done.stderr

    def answer(self, *words: str, code: int = 0) -> Any:
        """Run a reading verb with `--json` and return what it printed."""
        return json.loads(self.run(*words, "--json", code=code)[0])

    def opened(self) -> AbstractContextManager[Workspace]:
        """Open record and index as the command line does."""
        said = {name.removeprefix("MUSTER_").lower(): value for name, value in self.settings.items()}
        return open_workspace(Settings(data=self.data, user="tester", **said))  # type: ignore[arg-type]

    def set_up(self) -> None:
        """Import the example project, define two products, and sync them."""
        self.bring("")
        self.run("product", "create", "Marketing", MARKETING)
        self.run("product", "create", "Identifiers", IDENTIFIERS, "--owner", "ada")
        self.run("sync")

    def bring(self, state: str) -> tuple[str, str]:
        """Import a state of the example project."""
        return self.run(
            "import",
            "dbt",
            str(ARTIFACTS / f"{state}manifest.json"),
            "--catalog",
            str(ARTIFACTS / f"{state}catalog.json"),
        )


@dataclass(frozen=True, slots=True)
class Shop:
    """The example project in a record, with its index on a server."""

    muster: Muster
    there: OnServer

    def raw(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the server behind Muster's back."""
        return self.there.server.request(method, f"/{self.there.alias}{path}", body=body, params={"refresh": "true"})

    def source(self, guid: str) -> Any:
        """Return a document as the server keeps it."""
        return self.raw("GET", f"/_doc/{guid}")["_source"]

    def guid(self, name: str) -> str:
        """Return the guid of a table."""
        with self.muster.opened() as work:
            return work.record.entity(f"{TABLES}/{name}").guid

    def wrong(self) -> list[str]:
        """Return what the doctor finds wrong; it ends with 1 just then."""
        found = command.ended(("doctor", "--json"), command.environment(self.muster.data) | dict(self.muster.settings))
        findings = json.loads(found.stdout)["findings"]
        wrong = [one["message"] for one in findings if not one["ok"]]
        assert found.returncode == bool(wrong)
        return wrong


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """What the embedded default answers, each question asked once."""
    made = Muster(tmp_path_factory.mktemp("embedded") / "data")
    made.set_up()
    return cache(made.answer)


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Who moves on the embedded default."""
    made = Muster(tmp_path_factory.mktemp("moved") / "data")
    made.set_up()
    return moves(made)


@pytest.fixture(scope="module")
def shop_at(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engine_url: UrlOf
) -> Iterator[Callable[[Place], Shop]]:
    """The example project, two products of it synced, on an engine with a record."""

    @contextmanager
    def make(where: Place) -> Iterator[Shop]:
        engine, record = where
        folder = tmp_path_factory.mktemp(engine)
        with ExitStack() as stack:
            there = stack.enter_context(place(engine, folder, engine_url))
            assert isinstance(there, OnServer)
            settings = {"MUSTER_ENGINE_URL": with_alias(engine_url(engine), there.alias)}
            if record == "postgresql":
                made = request.getfixturevalue("postgresql_server").database()
                settings["MUSTER_RECORD_URL"] = stack.enter_context(made)
            else:
                settings["MUSTER_RECORD_URL"] = f"sqlite:///{folder / 'elsewhere.db'}"
            shop = Shop(Muster(folder / "data", settings), there)
            shop.muster.set_up()
            yield shop

    with once(make) as at:
        yield at


@pytest.fixture(params=PLACES, ids="-".join)
def shop(request: pytest.FixtureRequest, shop_at: Callable[[Place], Shop]) -> Shop:
    """The example project at each place, or where the test names."""
    return shop_at(request.param)


QUESTIONS = (
    ("product", "members", "Marketing"),
    ("product", "members", "Marketing", "--stored", "--sort", "-name.keyword", "-a", "description"),
    ("product", "members", "Identifiers", "--limit", "7", "--sort", "qualifiedName", "--sort", "-order"),
    ("product", "members", "Identifiers", "--max-age", "1d", "--limit", "3"),
    ("product", "count", "Identifiers"),
    ("product", "count", "Identifiers", "--stored"),
    ("product", "explain", "Marketing", f"{TABLES}/campaign_performance"),
    ("product", "explain", "Identifiers", f"{TABLES}/campaign_performance"),
    ("product", "history", "Marketing"),
    ("product", "show", "Marketing"),
    ("product", "list"),
    ("preview", 'type:Column name:"*_id" -tag:pii', "--limit", "5"),
    ("preview", "description:customer~ updated:>now-1d", "--limit", "5"),
    ("preview", '{"bool": {"should": [{"prefix": {"name.keyword": "c"}}, {"term": {"__traitNames": "pii"}}]}}'),
    ("check", "tag:nobody type:Table"),
)
OWN = frozenset(
    {"guid", "at", "age", "next", "createdAt", "updatedAt", "domain", "digest", "position", "run", "number"}
)
"""What each record has its own of."""


TURNS = [(where, words) for turn, where in enumerate(PLACES[1:]) for words in QUESTIONS[turn::2]]
"""Each question at one of the places, by turns: what a clause means on each engine is for other tests to show."""


@pytest.mark.parametrize(("shop", "words"), TURNS, ids=" ".join, indirect=["shop"])
def test_a_question_has_the_answer_of_the_embedded_default(
    shop: Shop, embedded: Callable[..., Any], words: tuple[str, ...]
) -> None:
    """Members, counts, explanations, previews, checks: all but guids, times and numbers of runs."""
    assert alike(shop.muster.answer(*words)) == alike(embedded(*words))


def alike(answer: Any) -> Any:
    """Return an answer without what each record has its own of; the name of a product stands for its qualified name."""
    match answer:
        case list():
            return [alike(one) for one in answer]
        case dict():
            product = answer.get("typeName") == "DataProduct"
            left_out = OWN | {"qualifiedName"} if product else OWN
            return {name: alike(value) for name, value in answer.items() if name not in left_out}
        case _:
            return answer


HOW = ((), ("--stored",), ("--sort", "-name.keyword"), ("--stored", "--sort", "-order"))


@pytest.mark.parametrize(
    ("shop", "how"), [(PLACES[number % 3], how) for number, how in enumerate(HOW)], ids=" ".join, indirect=["shop"]
)
def test_pages_join_to_what_ids_stream(shop: Shop, how: tuple[str, ...]) -> None:
    """Run now or as stored, ordered or not, also by what some have no value of."""
    found: list[str] = []
    cursor: tuple[str, ...] = ()
    while True:
        page = shop.muster.answer("product", "members", "Identifiers", "--limit", "20", *how, *cursor)
        found += [one["guid"] for one in page["members"]]
        if page["next"] is None:
            break
        cursor = ("--cursor", page["next"])
    streamed = (
        shop.muster.run("product", "members", "Identifiers", "--ids", *how[:1])[0] if how[:1] != ("--sort",) else None
    )
    assert len(found) == len(set(found)) == 50
    assert streamed is None or set(streamed.split()) == set(found)


def test_the_doctor_finds_nothing_wrong(shop: Shop) -> None:
    """And shows the settings, without the passwords in them."""
    out, _ = shop.muster.run("doctor")
    assert "432 documents in the index are those of the record" in out
    assert f"holds the index `{shop.there.alias}-000001`" in out
    assert shop.wrong() == []


def test_what_was_changed_behind_musters_back_is_found_and_mended(shop: Shop) -> None:
    """Documents deleted, changed, and brought in: the doctor says so, and its repair brings them back."""
    before = shop.muster.answer("product", "members", "Marketing")
    gone, changed = shop.guid("customer_insights"), shop.guid("campaign_performance")
    shop.raw("DELETE", f"/_doc/{gone}")
    shop.raw("PUT", f"/_doc/{changed}", {**shop.source(changed), "name": "x", "__checksum": 7})
    shop.raw("PUT", "/_doc/stranger", {"__guid": "stranger", "__ordinal": 2_000_000})

    assert shop.wrong() == ["documents differ from the record in 2 ranges of 4,096 ordinals"]
    assert "2 ranges of documents written anew" in shop.muster.run("doctor", "--repair")[1]
    assert shop.wrong() == []
    assert shop.muster.answer("product", "members", "Marketing") == before


def test_a_rebuild_brings_back_everything(shop: Shop) -> None:
    """Whatever happened to the index before, which is gone: the members are the same.

    A repair gives way to what claims to be newer than all of the record, and says so. Two documents of one asset are
    never answered for.
    """
    before = shop.muster.answer("product", "members", "Marketing")
    with shop.muster.opened() as work:
        newest = work.record.changes(work.record.position() - 1, 1)[0].entity.guid
    for name in ("x", "y"):
        shop.raw("PUT", f"/_doc/{newest}", {**shop.source(newest), "name": name, "__checksum": 7})
    assert "muster reindex" in shop.muster.run("doctor", "--repair", code=1)[0]
    shop.raw("PUT", "/_doc/again", shop.source(shop.guid("customer_insights")))
    said = shop.muster.run("product", "members", "Marketing", "--ids", code=1)[1]
    assert "engine_unavailable: the index counted" in said
    assert "muster reindex" in said

    out, _ = shop.muster.run("reindex", "--json")
    assert json.loads(out) == {"entities": 432, "position": 432, "refused": []}
    assert len(shop.there.indices()) == 1
    assert shop.wrong() == []
    assert shop.muster.answer("product", "members", "Marketing") == before


def test_who_follows_carries_what_is_written_and_who_waits_hears_of_it(shop: Shop) -> None:
    """Waiting for nobody ends with 1; told to end, the follower ends with 0, having carried everything."""
    added = EntityDraft(Key("Table", f"{TABLES}/late"), {"name": "late"}, tags=("marketing",))
    with shop.muster.opened() as work:
        ingest(work, [added])
        position = work.record.position()
    assert "engine_unavailable" in shop.muster.run("project", "--wait", "0.2", code=1)[1]

    follower = shop.muster.start("project", "--follow", "--json")
    shop.muster.run("project", "--wait", "60")
    with shop.muster.opened() as work:
        assert work.engine.position() == position
        work.record.archive([work.record.entity(added.key.qualified_name).ordinal], by="tester", at=work.clock())
    shop.muster.run("project", "--wait", "60")
    follower.send_signal(signal.SIGTERM)
    said, _ = follower.communicate(timeout=60)
    assert (follower.returncode, [json.loads(line)["entities"] for line in said.splitlines()]) == (0, [1, 1])
    assert json.loads(shop.muster.run("project", "--json")[0])["entities"] == 0


def test_a_changed_catalog_moves_members(shop: Shop, moved: Any) -> None:
    """A later state of the project: the same moves as on the embedded default, with the same causes."""
    assert moves(shop.muster) == moved
    assert shop.wrong() == []


def moves(muster: Muster) -> Any:
    """Bring the later state in, sync, and tell who moved."""
    muster.bring("changed-")
    muster.run("sync")
    run = muster.answer("product", "history", "Marketing")["runs"][0]
    assert (run["joined"], run["left"]) != (0, 0)
    return alike(muster.answer("product", "history", "Marketing", "--run", str(run["run"])))
