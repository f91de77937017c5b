"""Versions of products, and what each changed from the one before (contract, section 6.4)."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from muster.api.openmetadata.versions import history
from muster.api.openmetadata.voice import Form, Voice
from muster.catalog.entity import Entity
from muster.membership import Decision, Standing
from muster.protocols import Record
from muster.service.decide import Given, decide, withdraw
from muster.service.define import Details, Written, update
from tests.unit.api.openmetadata.speaking import Json, Speaking, add, fresh, ref, remove, team, user

KINDS = {"fieldsAdded", "fieldsUpdated", "fieldsDeleted"}


def changed(version: Json) -> dict[str, dict[str, Any]]:
    """Return what a version changed, by kind and name; JSON in texts of lists is read."""
    description = version["changeDescription"]
    assert set(description) == {*KINDS, "previousVersion"}
    assert description["previousVersion"] == round(version["version"] - 0.1, 1)
    return {kind: {one["name"]: values(one) for one in description[kind]} for kind in KINDS if description[kind]}


def values(one: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the old value of a change, if it has one, then the new one; texts that hold a list as names of what is in it."""
    return tuple(listed(one[name]) for name in ("oldValue", "newValue") if name in one)


def listed(value: Any) -> Any:
    """Return the names of what is in a text of JSON, another value as it is."""
    if not isinstance(value, str) or not value.startswith("["):
        return value
    return [one.get("name", one.get("tagFQN")) if isinstance(one, dict) else one for one in json.loads(value)]


def test_the_first_version_changed_nothing(told: Speaking, home: Json) -> None:
    """It is 0.1, and the only one until something is another."""
    one = told.product(home)

    assert [version["version"] for version in told.versions(one)] == [0.1]
    assert "changeDescription" not in told.versions(one)[0]
    assert told.patch(one, add("/displayName", None))["version"] == 0.1


SCALARS: list[tuple[list[Json], dict[str, dict[str, Any]]]] = [
    ([add("/displayName", "CI")], {"fieldsAdded": {"displayName": ("CI",)}}),
    ([add("/displayName", "CI2")], {"fieldsUpdated": {"displayName": ("CI", "CI2")}}),
    ([remove("/displayName")], {"fieldsDeleted": {"displayName": ("CI2",)}}),
    (
        [add("/visibility", "PUBLIC"), add("/description", "e")],
        {"fieldsUpdated": {"description": ("d", "e"), "visibility": ("PRIVATE", "PUBLIC")}},
    ),
    ([add("/sla", {"tier": "GOLD"})], {"fieldsAdded": {"sla": ({"tier": "GOLD"},)}}),
    ([add("/name", "Other")], {"fieldsUpdated": {"name": ("First", "Other")}}),
]


def test_single_values_are_told_as_they_are(told: Speaking) -> None:
    """One version for each patch, however many values it changes."""
    one = told.product(told.domain(), "First")
    for steps, _ in SCALARS:
        told.patch(one, *steps)

    newest_first = told.versions(one)
    assert [changed(version) for version in newest_first[:-1]] == [expected for _, expected in SCALARS[::-1]]
    assert [version["version"] for version in newest_first] == [0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]


LISTS: list[tuple[list[Json], dict[str, dict[str, Any]]]] = [
    ([add("/owners", [user("bob")])], {"fieldsAdded": {"owners": (["bob"],)}}),
    (
        [add("/owners", [user("admin"), team("crew")])],
        {"fieldsAdded": {"owners": (["admin", "crew"],)}, "fieldsDeleted": {"owners": (["bob"],)}},
    ),
    (
        [add("/experts", [user("bob")]), add("/reviewers/-", user("admin"))],
        {"fieldsAdded": {"experts": (["bob"],), "reviewers": (["admin"],)}},
    ),
    ([add("/tags/-", {"tagFQN": "Gold"})], {"fieldsAdded": {"tags": (["Gold"],)}}),
    ([remove("/experts/0")], {"fieldsDeleted": {"experts": (["bob"],)}}),
]


def test_of_lists_what_came_and_what_went_is_told_as_json_in_a_text(told: Speaking, home: Json) -> None:
    """As OpenMetadata's server does; the order of a list is no change."""
    one = told.product(home)
    for steps, _ in LISTS:
        told.patch(one, *steps)

    assert [changed(version) for version in told.versions(one)[:-1]] == [expected for _, expected in LISTS[::-1]]


FREE: list[tuple[Json, dict[str, dict[str, Any]]]] = [
    ({"a": 1}, {"fieldsAdded": {"extension.a": (1,)}}),
    ({"a": True}, {"fieldsUpdated": {"extension.a": (1, True)}}),
    ({"a": ["x", "y"]}, {"fieldsUpdated": {"extension.a": (True, ["x", "y"])}}),
    ({"a": ["y", "z"]}, {"fieldsAdded": {"extension.a": (["z"],)}, "fieldsDeleted": {"extension.a": (["x"],)}}),
    ({"a": 7, "b": {"c": "d"}}, {"fieldsAdded": {"extension.b": ({"c": "d"},)}, "fieldsUpdated": {"extension.a": (["y", "z"], 7)}}),
    ({}, {"fieldsDeleted": {"extension.a": (7,), "extension.b": ({"c": "d"},)}}),
]  # fmt: skip


def test_free_properties_are_told_one_by_one(told: Speaking, home: Json) -> None:
    """By their names after `extension.`, whatever they hold and whatever they held before."""
    one = told.product(home)
    for free, _ in FREE:
        told.patch(one, add("/extension", free))

    assert [changed(version) for version in told.versions(one)[:-1]] == [expected for _, expected in FREE[::-1]]


def test_a_long_list_is_compared_in_no_time(told: Speaking, home: Json) -> None:
    """Each part is looked up, not looked for: that would be a minute for these."""
    one = told.product(home, extension={"a": [f"x{number}" for number in range(50_000)]})
    begun = time.monotonic()
    told.patch(one, add("/extension/a", [f"y{number}" for number in range(50_000)]))

    assert time.monotonic() - begun < 15
    assert set(changed(told.versions(one)[0])) == {"fieldsAdded", "fieldsDeleted"}


def test_a_selection_is_told_as_it_was_at_each_version(told: Speaking, home: Json) -> None:
    """Also one that the command line edits."""
    one = told.product(home, extension={"selection": "type:Table"})
    told.patch(one, add("/extension/selection", "tag:Gold"))
    update(told.service.work, one["id"], Written("tag:Gold type:View"), Details())

    now, before, first = told.versions(one)
    assert changed(now) == {"fieldsUpdated": {"extension.selection": ("tag:Gold", "tag:Gold type:View")}}
    assert changed(before) == {"fieldsUpdated": {"extension.selection": ("type:Table", "tag:Gold")}}
    assert first["extension"] == {"selection": "type:Table"}


def test_assets_and_ports_are_told(told: Speaking, home: Json) -> None:
    """Each call makes one version; of a product without a selection, what is removed was pinned."""
    one, (a, b) = told.product(home), told.tables(fresh("a"), fresh("b"))
    calls = [("assets/add", a, b), ("assets/remove", b), ("inputPorts/add", a), ("outputPorts/add", b), ("inputPorts/remove", a)]  # fmt: skip
    for call, *assets in calls:
        told.ask("PUT", f"/dataProducts/{one['id']}/{call}", {"assets": [ref(each) for each in assets]})

    assert [changed(version) for version in told.versions(one)[:-1]] == [
        {"fieldsDeleted": {"inputPorts": ([a.name],)}},
        {"fieldsAdded": {"outputPorts": ([b.name],)}},
        {"fieldsAdded": {"inputPorts": ([a.name],)}},
        {"fieldsDeleted": {"assets": ([b.name],)}},
        {"fieldsAdded": {"assets": ([a.name, b.name],)}},
    ]


def test_decisions_that_end_are_told_as_what_they_undo(told: Speaking, home: Json) -> None:
    """The end of an exclusion brings its asset back, that of a pin takes it away, another in its place says for itself."""
    one, (a, b) = told.product(home), told.tables(fresh("a"), fresh("b"))
    work, given = told.service.work, Given("why")
    decide(work, one["id"], [a.guid], Decision.EXCLUSION, given)
    decide(work, one["id"], [b.guid], Decision.PIN, given)
    withdraw(work, one["id"], [a.guid, b.guid])
    decide(work, one["id"], [a.guid], Decision.PIN, given)
    decide(work, one["id"], [a.guid], Decision.EXCLUSION, given)

    assert [changed(version) for version in told.versions(one)[:-1]] == [
        {"fieldsDeleted": {"assets": ([a.name],)}},
        {"fieldsAdded": {"assets": ([a.name],)}},
        {"fieldsAdded": {"assets": ([a.name],)}, "fieldsDeleted": {"assets": ([b.name],)}},
        {"fieldsAdded": {"assets": ([b.name],)}},
        {"fieldsDeleted": {"assets": ([a.name],)}},
    ]


def test_a_move_is_told_and_old_versions_are_where_they_were(told: Speaking) -> None:
    """A domain that is moved itself, or renamed, is where and what it is now."""
    here, there = told.domain(fresh("Here")), told.domain(fresh("There"))
    one = told.product(here, "P")
    told.patch(one, {"op": "replace", "path": "/domains/0", "value": {"id": there["id"], "type": "domain"}})

    now, first = told.versions(one)
    assert changed(now) == {
        "fieldsAdded": {"domains": ([there["name"]],)},
        "fieldsDeleted": {"domains": ([here["name"]],)},
    }
    assert (first["fullyQualifiedName"], now["fullyQualifiedName"]) == (f"{here['name']}.P", f"{there['name']}.P")
    told.ask("PATCH", f"/domains/{there['id']}", [add("/parent", {"id": here["id"], "type": "domain"})])
    renewed = told.versions(one)
    assert renewed[0]["fullyQualifiedName"] == renewed[1]["fullyQualifiedName"] == f"{here['name']}.{there['name']}.P"
    assert changed(renewed[0]) == {}


def test_an_archived_product_says_so(told: Speaking, home: Json) -> None:
    """It is a version too, and so is the return."""
    one = told.product(home)
    told.ask("DELETE", f"/dataProducts/{one['id']}")
    told.ask("PUT", "/dataProducts/restore", {"id": one["id"]})

    back, gone, _ = told.versions(one)
    assert changed(gone) == {"fieldsUpdated": {"deleted": (False, True)}}
    assert changed(back) == {"fieldsUpdated": {"deleted": (True, False)}}


VERSIONS = [("0.1", 0.1), ("0.10", 0.1), ("0.2", 0.2)]


@pytest.mark.parametrize(("said", "version"), VERSIONS)
def test_one_version_is_what_the_list_has(either: Speaking, said: str, version: float, told: Speaking) -> None:
    """As an object here, and as JSON in a text there: so the released client reads both."""
    one = told.product(told.domain())
    told.patch(one, add("/displayName", "x"))
    found = either.get(f"/dataProducts/{one['id']}/versions/{said}")

    assert found == next(each for each in either.versions(one) if each["version"] == version)


@pytest.mark.parametrize("said", ["0.3", "1", "0", "0.25", "x", "-0.1", "0.1e1", "9" * 30])
def test_a_version_that_is_not_there(either: Speaking, said: str, told: Speaking) -> None:
    """However it is written."""
    one = told.product(told.domain())
    error = either.get(f"/dataProducts/{one['id']}/versions/{said}", code=404)

    assert error["message"] == f"dataProduct instance for {one['id']} and version {said} not found"


def test_an_answer_says_what_its_version_changed(told: Speaking, home: Json) -> None:
    """As the list of versions does; to read it later, all fields or none are asked for."""
    one = told.product(home, displayName="a")
    patched = told.patch(one, add("/displayName", "b"))

    assert changed(patched) == {"fieldsUpdated": {"displayName": ("a", "b")}}
    for fields in ("", "*", "tags"):
        assert (
            told.get(f"/dataProducts/{one['id']}", fields=fields)["changeDescription"] == patched["changeDescription"]
        )


def test_versions_of_a_domain(told: Speaking) -> None:
    """Domains have them too."""
    one, above = told.domain(), told.domain()
    path = f"/domains/{one['id']}"
    told.ask(
        "PATCH", path, [add("/domainType", "Source-aligned"), add("/parent", {"id": above["id"], "type": "domain"})]
    )
    found = told.get(f"{path}/versions")

    assert (found["entityType"], len(found["versions"])) == ("domain", 2)
    now = changed(json.loads(found["versions"][0]))
    assert now["fieldsUpdated"] == {"domainType": ("Aggregate", "Source-aligned")}
    assert now["fieldsAdded"]["parent"][0]["name"] == above["name"]


class Counting:
    """A record that counts how often it is asked."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        """Pass a call on."""
        self.calls += 1
        return getattr(self._record, name)


def test_many_versions_are_read_at_once(told: Speaking, home: Json) -> None:
    """The record is asked as often for a hundred versions as for two."""
    one, (asset,) = told.product(home), told.tables(fresh("a"))
    work = told.service.work
    for number in range(100):
        standing = Standing(Decision.PIN, asset.ordinal, str(number), "ada", 1)
        work.record.decide(one["id"], [standing], by="ada", at=1)
    found = work.record.versions(one["id"], limit=1000)

    def asked(versions: list[Entity]) -> int:
        record: Any = Counting(work.record)
        history(replace(work, record=record), versions, Voice(Form.DOCUMENTED, "http://x"))
        return int(record.calls)

    assert asked(found) == asked(found[:2]) < 12
