"""Many clients that write the same at once, of one process and of two: nothing is lost, and nobody is answered 500."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Barrier

import httpx
import pytest

from tests.acceptance.command import run
from tests.acceptance.hostile.scene import (
    BULK,
    GUID,
    NAME,
    TYPEDEFS,
    Json,
    count,
    entity,
    make,
    name_of,
    post,
    product,
    read,
    ref,
    together,
)
from tests.acceptance.serving import Served, served
from tests.integration.places import OnServer, UrlOf, place, with_alias
from tests.integration.record.conftest import postgresql_server

__all__ = ["postgresql_server"]

TIMES = 16
ROUNDS = 5
OFTEN = (("embedded", "sqlite", 1), ("opensearch", "postgresql", 2))
SELDOM = (("opensearch", "sqlite", 2),)
PLACES = OFTEN + SELDOM * (os.environ.get("MUSTER_TEST_HOSTILE") == "all")
"""Engines and records, and how many processes serve them; all of them with `MUSTER_TEST_HOSTILE=all`."""


@dataclass
class Scene:
    """A service, a client of it, and a domain."""

    one: Served
    http: httpx.Client
    domain: str


@pytest.fixture(scope="module", params=PLACES, ids=lambda given: "-".join(map(str, given)))
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engine_url: UrlOf
) -> Iterator[Scene]:
    """A service of one process or of several, which is in order when all is over."""
    engine, record, workers = request.param
    folder = tmp_path_factory.mktemp("at-once")
    with ExitStack() as stack:
        settings = {}
        there = stack.enter_context(place(engine, folder, engine_url))
        if isinstance(there, OnServer):
            settings["MUSTER_ENGINE_URL"] = with_alias(engine_url(engine), there.alias)
        if record == "postgresql":
            database = request.getfixturevalue("postgresql_server").database()
            settings["MUSTER_RECORD_URL"] = stack.enter_context(database)
        one = stack.enter_context(served(folder / "data", settings, "--workers", str(workers)))
        http = stack.enter_context(one.client())
        yield Scene(one, http, make(http, entity("DataDomain", "Marketing")))
        found = run(one.data, "doctor", "--json", settings=settings).stdout
        assert '"ok": false' not in found, found
        assert "Traceback" not in one.log.read_text()


def ok(answers: list[httpx.Response]) -> None:
    """Hold all answers to success."""
    assert [said.text for said in answers if said.status_code != httpx.codes.OK] == []


def test_each_attribute_that_was_written_is_there(scene: Scene) -> None:
    """Of one product that all of them update, each another attribute of it; every one of them made a version."""
    guid = make(scene.http, product("Updated", scene.domain))
    name = name_of(scene.http, guid)

    def update(http: httpx.Client, number: int) -> httpx.Response:
        return post(http, entity("DataProduct", "Updated", guid, qualifiedName=name, **{f"zone{number}": number}))

    ok(together(scene.one, update, TIMES))
    said = read(scene.http, guid)["attributes"]
    assert [said.get(f"zone{number}") for number in range(TIMES)] == list(range(TIMES))


def test_each_port_that_was_appended_is_there(scene: Scene) -> None:
    """On both sides of the relationship, and in the list of guids."""
    tables = [make(scene.http, entity("Table", f"default/x/1/port{number}")) for number in range(TIMES)]
    guid = make(scene.http, product("Ported", scene.domain))
    one = entity("DataProduct", "Ported", guid, qualifiedName=name_of(scene.http, guid))

    def append(http: httpx.Client, number: int) -> httpx.Response:
        return post(http, {**one, "appendRelationshipAttributes": {"outputPorts": [ref(tables[number], "Table")]}})

    ok(together(scene.one, append, TIMES))
    assert sorted(read(scene.http, guid)["attributes"]["daapOutputPortGuids"]) == sorted(tables)


def test_each_product_that_was_created_is_there(scene: Scene) -> None:
    """In one domain; whichever process is asked, what was answered can be read and found at once."""
    domain = make(scene.http, entity("DataDomain", "Filled"))

    def create(_: httpx.Client, number: int) -> list[int]:
        with scene.one.client() as http:  # a connection of its own, to any of the processes
            guid = make(http, product(f"filled {number}", domain))
        with scene.one.client() as http:
            return [http.get(GUID + guid).status_code, count(http, {"term": {"__guid": guid}})]

    assert together(scene.one, create, TIMES) == [[200, 1]] * TIMES
    assert len(read(scene.http, domain)["relationshipAttributes"]["dataProducts"]) == TIMES


def test_a_domain_moves_with_what_comes_to_it(scene: Scene) -> None:
    """Products that are created in a domain while it moves are below it when all is over."""
    homes = [make(scene.http, entity("DataDomain", f"home {number}")) for number in range(2)]
    moving = make(scene.http, entity("DataDomain", "Moving", parentDomain=ref(homes[0])))

    def work(http: httpx.Client, number: int) -> httpx.Response:
        if number:
            return post(http, product(f"moved {number}", moving))
        for turn in range(1, 6):
            here = name_of(http, moving)
            said = post(
                http, entity("DataDomain", "Moving", moving, qualifiedName=here, parentDomain=ref(homes[turn % 2]))
            )
            if said.status_code != httpx.codes.OK:
                break
        return said

    ok(together(scene.one, work, 16, threads=4))
    name = name_of(scene.http, moving)
    below = read(scene.http, moving)["relationshipAttributes"]["dataProducts"]
    assert len(below) == 15
    assert all(name_of(scene.http, one["guid"]).startswith(f"{name}/product/") for one in below)


def test_nothing_comes_to_a_domain_that_goes(scene: Scene) -> None:
    """Either the product is there and the domain stays, or the domain is archived and the product is refused."""
    for number in range(ROUNDS):
        domain, ready = make(scene.http, entity("DataDomain", f"going {number}")), Barrier(2)

        def work(http: httpx.Client, turn: int, domain: str = domain, ready: Barrier = ready) -> int:
            ready.wait()
            if turn:
                return http.delete(BULK, params={"guid": domain}).status_code
            return post(http, product("late", domain)).status_code

        assert together(scene.one, work, 2, threads=2) in ([200, 409], [400, 200])


def test_what_is_purged_while_it_is_tagged_is_gone(scene: Scene) -> None:
    """Tagging is answered that it is done, or that nothing is there; no search finds what is gone."""
    said = scene.http.post(TYPEDEFS, json={"classificationDefs": [{"name": "Hot", "displayName": "Hot"}]}).json()
    tag = said["classificationDefs"][0]["name"]
    tables = [make(scene.http, entity("Table", f"default/x/1/hot{number}")) for number in range(TIMES // 2)]

    def work(http: httpx.Client, number: int) -> int:
        guid = tables[number // 2]
        if number % 2:
            return http.post(f"{GUID}{guid}/classifications", json=[{"typeName": tag}]).status_code
        return http.delete(BULK, params={"guid": guid, "deleteType": "PURGE"}).status_code

    assert set(together(scene.one, work, TIMES)) <= {200, 204, 404, 409}
    assert count(scene.http, {"term": {"__traitNames": tag}}) == 0


def test_what_one_process_defines_all_know(scene: Scene) -> None:
    """A tag, from the moment it is answered; and not after it is gone."""

    def work(_: httpx.Client, number: int) -> list[int]:
        with scene.one.client() as http:
            body: Json = {"classificationDefs": [{"name": f"T{number}", "displayName": f"T{number}"}]}
            tag = http.post(TYPEDEFS, json=body).json()["classificationDefs"][0]["name"]
        with scene.one.client() as http:
            found = http.get(f"/api/meta/types/typedef/name/{tag}").status_code
            gone = http.delete(f"/api/meta/types/typedef/name/{tag}").status_code
        with scene.one.client() as http:
            return [found, gone, http.get(f"/api/meta/types/typedef/name/{tag}").status_code]

    assert together(scene.one, work, 8, threads=4) == [[200, 204, 404]] * 8


def test_a_name_is_taken_once(scene: Scene) -> None:
    """All who create a table under one name get the same one."""

    def create(http: httpx.Client, _: int) -> httpx.Response:
        return post(http, entity("Table", "default/x/1/wanted"))

    answers = together(scene.one, create, TIMES)
    ok(answers)
    assert len({said.json()["guidAssignments"]["-1"] for said in answers}) == 1
    found = scene.http.get(f"{NAME}Table", params={"attr:qualifiedName": "default/x/1/wanted"})
    assert found.status_code == httpx.codes.OK
