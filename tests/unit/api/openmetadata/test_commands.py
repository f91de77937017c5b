"""What bodies say of products and domains, and what becomes of them (contract, sections 4.1, 6.1 and 6.2)."""

from __future__ import annotations

import json

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.service.ingest import ingest
from muster.service.people import id_of
from muster.service.save.commands import Command, Ref, Relating
from muster.service.save.saving import save
from tests.unit.api.openmetadata.speaking import Json, Speaking, add, fresh, ref, remove, team, user

NOBODY = "00000000-0000-4000-8000-000000000000"


def names(some: list[Json]) -> list[str]:
    """Return the names of what is referred to."""
    return [one["name"] for one in some]


def upserted(either: Speaking, one: Json, **said: Json) -> Json:
    """Send a product again, with more said of it."""
    body = {
        "name": one["name"],
        "description": one["description"],
        "domains": [one["domains"][0]["fullyQualifiedName"]],
    }
    return either.ask("PUT", "/dataProducts", {**body, **said})


def members(either: Speaking, one: Json) -> list[str]:
    """Return the names of a product's members."""
    found = either.get(f"/dataProducts/{one['id']}/assets", limit=1000)
    assert found["paging"]["total"] == len(found["data"])
    return sorted(names(found["data"]))


NOT_KNOWN: list[tuple[Json, int, str]] = [
    ({"owners": [user("bob"), user("nobody")]}, 404, "/owners/1/id"),
    ({"owners": [{"id": id_of("user", "bob"), "type": "team"}]}, 404, "/owners/0/id"),
    ({"owners": [{"id": id_of("user", "bob"), "type": "bot"}]}, 400, "/owners/0/type"),
    ({"owners": [{"id": "bob"}]}, 400, "/owners/0/type"),
    ({"owners": ["bob"]}, 400, "/owners/0"),
    ({"experts": ["nobody"]}, 404, "/experts/0"),
    ({"experts": ["bob", {"id": NOBODY, "type": "user"}]}, 404, "/experts/1"),
    ({"reviewers": [user("nobody")]}, 404, "/reviewers/0/id"),
]


class TestPeople:
    def test_owners_are_users_and_teams_by_id(self, either: Speaking, home: Json) -> None:
        """They are the owners that Atlan's clients see, users before teams."""
        one = either.product(home, owners=[team("crew"), user("bob")])

        assert [(each["type"], each["name"]) for each in one["owners"]] == [("user", "bob"), ("team", "crew")]
        stored = either.service.work.record.product(one["id"]).entity.attributes
        assert (stored["ownerUsers"], stored["ownerGroups"]) == (["bob"], ["crew"])

    def test_an_upsert_cannot_take_all_owners_away(self, either: Speaking, home: Json) -> None:
        """An empty list keeps them; another list is all there are; a patch may leave none."""
        one = either.product(home, owners=[user("bob")])

        assert names(upserted(either, one, owners=[])["owners"]) == ["bob"]
        assert names(upserted(either, one, owners=[user("admin")])["owners"]) == ["admin"]
        assert either.patch(one, add("/owners", []))["owners"] == []

    def test_an_owner_is_known_by_being_one(self, either: Speaking, home: Json) -> None:
        """Whoever named them, and whether or not they have a token."""
        one = either.product(home)
        save(either.service.work, [Command("DataProduct", one["id"], attributes={"ownerUsers": ["ghost"]})])
        steps = [add("/owners/-", user("bob")), add("/displayName", "x")]

        assert names(either.patch(one, *steps)["owners"]) == ["ghost", "bob"]

    def test_experts_by_name_or_by_reference(self, either: Speaking, home: Json) -> None:
        """The released client sends names when it creates and references when it patches, the page references."""
        one = either.product(home, experts=["bob", user("admin")])

        assert names(one["experts"]) == ["bob", "admin"]
        assert names(either.patch(one, remove("/experts/0"))["experts"]) == ["admin"]
        assert names(either.patch(one, add("/experts/-", user("bob")))["experts"]) == ["admin", "bob"]

    @pytest.mark.parametrize(("said", "code", "path"), NOT_KNOWN)
    def test_people_whom_nobody_knows(self, either: Speaking, home: Json, said: Json, code: int, path: str) -> None:
        """The error says which of them, and nothing is created."""
        body = {"name": fresh("P"), "description": "d", "domains": [home["name"]], **said}
        error = either.ask("POST", "/dataProducts", body, code=code)

        assert error["path"] == path
        assert either.get(f"/dataProducts/name/{body['name']}", code=404)


NO_TAGS: list[tuple[Json, int]] = [
    ({"tagFQN": "Tin"}, 404),
    ({"tagFQN": "Words.Nothing", "source": "Glossary"}, 404),
    ({"tagFQN": "Gold", "source": "Glossary"}, 404),
    ({"tagFQN": '"', "source": "Glossary"}, 400),
    ({"tagFQN": ""}, 400),
]


class TestTags:
    def test_an_upsert_adds_and_a_patch_says_which_there_are(self, either: Speaking, home: Json) -> None:
        """As on OpenMetadata's server."""
        one = either.product(home, tags=[{"tagFQN": "Gold"}])
        tagged(either, "Silver")

        both = upserted(
            either,
            one,
            tags=[{"tagFQN": "Silver", "source": "Classification", "labelType": "Manual", "state": "Confirmed"}],
        )
        assert sorted(names(both["tags"])) == ["Gold", "Silver"]
        assert sorted(names(upserted(either, one, tags=[])["tags"])) == ["Gold", "Silver"]
        assert names(either.patch(one, add("/tags", [{"tagFQN": "Silver"}]))["tags"]) == ["Silver"]
        assert either.patch(one, remove("/tags"))["tags"] == []

    def test_terms_by_their_name_after_that_of_the_glossary(self, either: Speaking, home: Json) -> None:
        """Whatever is in these names; tags beside them stay."""
        glossary, term = words(either, fresh("Words v1.0"), "Net.Order")
        label = {"tagFQN": f'"{glossary}"."{term}"', "source": "Glossary"}
        one = either.product(home, tags=[{"tagFQN": "Gold"}, label])

        assert [(each["tagFQN"], each["source"]) for each in one["tags"]] == [
            ("Gold", "Classification"),
            (label["tagFQN"], "Glossary"),
        ]
        assert len(upserted(either, one, tags=[label])["tags"]) == 2
        assert names(either.patch(one, add("/tags", [{"tagFQN": "Gold"}]))["tags"]) == ["Gold"]

    @pytest.mark.parametrize(("label", "code"), NO_TAGS)
    def test_tags_that_are_not_there(self, either: Speaking, home: Json, label: Json, code: int) -> None:
        """The error says which of them."""
        body = {"name": fresh("P"), "description": "d", "domains": [home["name"]], "tags": [{"tagFQN": "Gold"}, label]}

        assert either.ask("POST", "/dataProducts", body, code=code)["path"] == "/tags/1/tagFQN"


FACES: list[tuple[Json, Json]] = [
    ("type:Table tag:Gold", None),
    ({"term": {"__traitNames": "Gold"}}, None),
    ({"bool": {"filter": [{"term": {"__typeName.keyword": "Table"}}, {"term": {"__traitNames": {"value": "Gold"}}}]}}, None),
    ('{"term": {"__traitNames": "Gold"}}', {"term": {"__traitNames": "Gold"}}),
    (
        json.dumps({"query": {"attributes": [], "dsl": {"from": 0, "query": {"term": {"__traitNames": {"value": "Gold"}}}}}, "filterScrubbed": True}),
        None,
    ),
    (
        {"condition": "AND", "isGroupLocked": False, "rules": [{"operand": "__traitNames", "operator": "equals", "value": "Gold"}]},
        None,
    ),
]  # fmt: skip
"""Selections as they are sent, and as they come back: as they were sent, unless said."""


REMOVALS: list[list[Json]] = [
    [remove("/extension/selection")],
    [add("/extension/selection", None)],
    [add("/extension", {"selection": None, "a": 1})],
]


NO_SELECTIONS: list[tuple[Json, str, str]] = [
    ("tag:(", "/extension/selection", "invalid_selection"),
    ({"term": {"certificateState": "x"}}, "/extension/selection", "unknown_field"),
    ({"bool": {"filter": [{"script": {}}]}}, "/extension/selection/bool/filter/0", "unsupported_clause"),
    ({"nope": {}}, "/extension/selection", "invalid_selection"),
    ({}, "/extension/selection", "invalid_selection"),
    (7, "/extension/selection", "invalid_input"),
    ([], "/extension/selection", "invalid_input"),
    ("", "/extension/selection", "invalid_selection"),
]


class TestSelection:
    @pytest.mark.parametrize(
        ("said", "back"), FACES, ids=["shorthand", "object", "nested", "text of JSON", "DSL", "rule tree"]
    )
    def test_a_selection_in_any_face(self, either: Speaking, home: Json, said: Json, back: Json) -> None:
        """As a text or an object; it decides who the members are, and comes back as it was written."""
        name = fresh("face")
        either.tables(name)
        one = either.product(home, extension={"selection": said, "team": "growth"})

        assert name in members(either, one)
        assert one["extension"] == {"selection": said if back is None else back, "team": "growth"}
        assert either.get(f"/dataProducts/{one['id']}", fields="extension")["extension"] == one["extension"]
        assert either.patch(one, add("/extension", one["extension"]))["version"] == 0.1

    def test_atlans_clients_see_the_same_selection(self, either: Speaking, home: Json) -> None:
        """In their words, beside the product."""
        one = either.product(home, extension={"selection": "tag:Gold"})
        stored = either.service.work.record.product(one["id"])

        assert "__traitNames" in stored.entity.attributes["dataProductAssetsDSL"]
        assert (stored.selection.revision, stored.selection.text) == (1, "tag:Gold")

    def test_it_stays_when_it_is_left_out(self, either: Speaking, home: Json) -> None:
        """Of an extension too: a client that sends its own properties need not know of it."""
        one = either.product(home, extension={"selection": "tag:Gold", "a": 1})
        kept = [
            upserted(either, one, displayName="x"),
            upserted(either, one, extension={"b": 2}),
            either.patch(one, add("/extension", {"c": 3})),
            either.patch(one, remove("/extension")),
        ]

        assert [each["extension"] for each in kept] == [
            {"selection": "tag:Gold", "a": 1},
            {"selection": "tag:Gold", "b": 2},
            {"selection": "tag:Gold", "c": 3},
            {"selection": "tag:Gold"},
        ]

    @pytest.mark.parametrize("steps", REMOVALS)
    def test_it_goes_when_that_is_said(self, either: Speaking, home: Json, steps: list[Json]) -> None:
        """By its removal, or by null: the product selects nothing then, and keeps its pins."""
        name = fresh("pinned")
        (asset,) = either.tables(name)
        one = either.product(home, extension={"selection": "tag:Gold", "a": 1})
        either.ask("PUT", f"/dataProducts/{one['id']}/assets/add", {"assets": [ref(asset)]})

        assert either.patch(one, *steps)["extension"] == {"a": 1}
        assert members(either, one) == [name]

    def test_an_upsert_takes_it_away_by_null(self, either: Speaking, home: Json) -> None:
        """As a patch does."""
        one = either.product(home, extension={"selection": "tag:Gold"})

        assert upserted(either, one, extension={"selection": None})["extension"] == {}
        assert members(either, one) == []

    @pytest.mark.parametrize(("said", "path", "reason"), NO_SELECTIONS)
    def test_one_that_cannot_be(self, either: Speaking, home: Json, said: Json, path: str, reason: str) -> None:
        """The error points into it, and nothing is created."""
        name = fresh("P")
        body = {"name": name, "description": "d", "domains": [home["name"]], "extension": {"selection": said}}
        error = either.ask("POST", "/dataProducts", body, code=400)

        assert (error["path"][: len(path)], error["reason"]) == (path, reason)
        assert either.get(f"/dataProducts/name/{name}", code=404)

    def test_a_deep_one(self, either: Speaking, home: Json) -> None:
        """As deep as queries may be, which free properties may not."""
        said: Json = {"term": {"name.keyword": "x"}}
        for _ in range(20):
            said = {"bool": {"filter": [said]}}
        one = either.product(home, extension={"selection": said})

        assert either.patch(one, add("/displayName", "x"))["extension"]["selection"] == said
        for _ in range(20):
            said = {"bool": {"filter": [said]}}
        body = {"name": fresh("P"), "description": "d", "domains": [home["name"]], "extension": {"selection": said}}
        assert either.ask("POST", "/dataProducts", body, code=400)["reason"] == "limit_exceeded"


NO_PLACES: list[tuple[Json, int, str]] = [
    ({}, 400, "/domains"),
    ({"domains": []}, 400, "/domains"),
    ({"domains": ["Home", "Home"]}, 400, "/domains"),
    ({"domains": ["Nowhere"]}, 404, "/domains/0"),
    ({"domain": "Nowhere"}, 404, "/domain"),
    ({"domains": "Home"}, 400, "/domains"),
]


class TestPlace:
    def test_the_domain_in_all_spellings(self, told: Speaking, home: Json) -> None:
        """By name, by id, as a reference; alone or as the only one of a list."""
        said = [
            {"domain": home["name"]},
            {"domain": home["id"]},
            {"domain": {"id": home["id"], "type": "domain"}},
            {"domains": [home["name"]]},
            {"domains": [{"id": home["id"], "type": "domain", "deleted": False}]},
        ]
        for each in said:
            made = told.ask("POST", "/dataProducts", {"name": fresh("P"), "description": "d", **each}, code=201)
            assert made["domain"]["id"] == home["id"]

    @pytest.mark.parametrize(("said", "code", "path"), NO_PLACES)
    @pytest.mark.parametrize("method", ["POST", "PUT"])
    def test_a_product_is_in_one_domain(self, either: Speaking, home: Json, method: str, said: Json, code: int, path: str) -> None:  # fmt: skip
        """Neither in none nor in several; which there has to be."""
        assert home["name"] == "Home"
        error = either.ask(method, "/dataProducts", {"name": fresh("P"), "description": "d", **said}, code=code)

        assert error.get("path") == path

    def test_a_patch_moves(self, told: Speaking, home: Json) -> None:
        """By either spelling; out of every domain it cannot go."""
        one, other, third = told.product(home), told.domain(), told.domain()

        assert told.patch(one, add("/domain", other["name"]))["domain"]["id"] == other["id"]
        reference = {"id": third["id"], "type": "domain"}
        assert told.patch(one, add("/domains", [reference]))["domain"]["id"] == third["id"]
        for steps in ([remove("/domains")], [add("/domains", [])], [remove("/domains/0")]):
            assert told.patch(one, *steps, code=400)["path"] == "/domains"

    def test_a_domain_moves_below_another(self, either: Speaking) -> None:
        """Not below itself, and no patch takes it out again; a name that is taken there keeps it from coming."""
        above, below = either.domain(), either.domain()
        path, parent = f"/domains/{below['id']}", {"id": above["id"], "type": "domain"}
        moved = either.ask("PATCH", path, [add("/parent", parent)])

        assert moved["fullyQualifiedName"] == f"{above['name']}.{below['name']}"
        into_itself = [add("/parent", {"id": below["id"], "type": "domain"})]
        assert either.ask("PATCH", f"/domains/{above['id']}", into_itself, code=400)["path"] == "/parent"
        assert either.ask("PATCH", path, [remove("/parent")])["version"] == moved["version"]
        twin = either.domain(below["name"])
        assert either.ask("PATCH", f"/domains/{twin['id']}", [add("/parent", parent)], code=409)["reason"] == "taken"


PASSED_OVER = {"fullyQualifiedName": "x.y", "assets": [{"id": NOBODY, "type": "table"}]}


class TestUpsert:
    def test_what_is_not_said_stays(self, either: Speaking, home: Json) -> None:
        """Null takes it away; nothing said is no version."""
        one = either.product(home, displayName="D", style={"color": "red"}, visibility="PUBLIC")

        assert upserted(either, one)["version"] == 0.1
        assert upserted(either, one, visibility="PRIVATE")["displayName"] == "D"
        gone = upserted(either, one, displayName=None, style=None)
        assert (gone["version"], "displayName" in gone, "style" in gone) == (0.3, False, False)

    def test_one_of_the_name_elsewhere_is_another(self, told: Speaking, home: Json) -> None:
        """Names are unique within a domain, of domains below one another too."""
        other = told.domain(parent=home["name"])
        one = told.product(home)
        twin = told.ask("PUT", "/dataProducts", {"name": one["name"], "description": "d", "domain": other["fullyQualifiedName"]}, code=201)  # fmt: skip

        assert twin["id"] != one["id"]
        assert told.ask("POST", "/dataProducts", {"name": one["name"], "description": "d", "domain": "Home"}, code=409)["errorType"] == "ENTITY_ALREADY_EXISTS"  # fmt: skip
        assert told.patch(twin, add("/domain", "Home"), code=409)["reason"] == "taken"
        assert told.patch(twin, add("/name", fresh("Other")), add("/domain", "Home"))["domain"]["name"] == "Home"

    def test_an_archived_one_is_not_meant(self, told: Speaking, home: Json) -> None:
        """Its name is free; it comes back only when the name still is."""
        one = told.product(home)
        told.ask("DELETE", f"/dataProducts/{one['id']}")
        body = {"name": one["name"], "description": "d", "domain": "Home"}
        again = told.ask("PUT", "/dataProducts", body, code=201)

        assert again["id"] != one["id"]
        assert told.ask("PUT", "/dataProducts/restore", {"id": one["id"]}, code=409)["reason"] == "taken"
        told.patch(again, add("/name", fresh("Other")))
        assert told.ask("PUT", "/dataProducts/restore", {"id": one["id"]})["version"] == 0.3

    def test_a_domain_by_its_name_below_its_parent(self, either: Speaking) -> None:
        """Dots in it are part of it."""
        above = either.domain()
        body = {"name": "v1.0", "description": "d", "domainType": "Aggregate", "parent": above["fullyQualifiedName"]}
        one = either.ask("PUT", "/domains", body, code=201)
        again = either.ask("PUT", "/domains", {**body, "displayName": "x"})

        assert (again["id"], again["version"]) == (one["id"], 0.2)
        assert again["fullyQualifiedName"] == f'{above["name"]}."v1.0"'
        top = either.ask("PUT", "/domains", {**body, "parent": None, "name": fresh("v1.0")}, code=201)
        assert "parent" not in top

    def test_what_the_server_says_by_itself_is_passed_over(self, either: Speaking, home: Json) -> None:
        """Full name and assets come by other ways."""
        assert members(either, either.product(home, **PASSED_OVER)) == []


INVALID: list[tuple[Json, str]] = [
    ({"name": None}, "/name"),
    ({"name": ""}, "/name"),
    ({"name": "  "}, "/name"),
    ({"name": "a::b"}, "/name"),
    ({"name": 'a"b'}, "/name"),
    ({"name": "a\nb"}, "/name"),
    ({"name": "n" * 257}, "/name"),
    ({"name": 7}, "/name"),
    ({"description": None}, "/description"),
    ({"domainz": []}, "/domainz"),
    ({"lifecycleStage": "production"}, "/lifecycleStage"),
    ({"dataProductType": "X"}, "/dataProductType"),
    ({"visibility": "x"}, "/visibility"),
    ({"portfolioPriority": ""}, "/portfolioPriority"),
    ({"entityStatus": "draft"}, "/entityStatus"),
    ({"sla": {"tier": "TIN"}}, "/sla/tier"),
    ({"sla": {"availability": 101}}, "/sla/availability"),
    ({"sla": {"promise": 1}}, "/sla/promise"),
    ({"sla": {"responseTime": 1.5}}, "/sla/responseTime"),
    ({"style": {"colour": "red"}}, "/style/colour"),
    ({"style": {"coverImage": {"x": 1}}}, "/style/coverImage/x"),
    ({"consumesFrom": [{"id": "x", "type": "y"}]}, "/consumesFrom/0/id"),
    ({"extension": []}, "/extension"),
    ({"extension": {"a": [None]}}, "/extension/a/0"),
    ({"tags": ["Gold"]}, "/tags/0"),
]


@pytest.mark.parametrize(("said", "path"), INVALID)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_bodies_that_cannot_be(either: Speaking, home: Json, method: str, said: Json, path: str) -> None:
    """400, never 422, with a pointer into the body; what the released client would refuse to read is not kept."""
    body = {"name": fresh("P"), "description": "d", "domains": [home["name"]], **said}
    error = either.ask(
        method, "/dataProducts", {k: v for k, v in body.items() if k != "name" or v is not None}, code=400
    )

    assert (error["code"], error["errorType"], error["path"]) == (400, "BAD_REQUEST", path)


@pytest.mark.parametrize(("said", "path"), [({"domainType": "aggregate"}, "/domainType"), ({"domainType": None}, "/domainType"), ({"reviewers": []}, "/reviewers")])  # fmt: skip
def test_bodies_of_domains_that_cannot_be(either: Speaking, said: Json, path: str) -> None:
    """They have a type, and no reviewers."""
    body = {"name": fresh("D"), "description": "d", "domainType": "Aggregate", **said}

    assert either.ask("POST", "/domains", body, code=400)["path"] == path


STALE: list[Json] = [
    {"op": "replace", "path": "/version", "value": 0.1},
    {"op": "replace", "path": "/updatedAt", "value": 5},
    remove("/updatedBy"),
    remove("/incrementalChangeDescription"),
    remove("/changeDescription"),
    add("/fullyQualifiedName", "x"),
    add("/followers", [user("bob")]),
    remove("/votes"),
    add("/id", NOBODY),
    add("/href", "http://elsewhere"),
    add("/assets", []),
    remove("/domains/0/href"),
    add("/domains/0/displayName", "another"),
    remove("/owners/0/deleted"),
    add("/tags/0/description", "x"),
]


MATCHES = [("*", 200), ('W/"0.1"', 200), ('"0.1"', 200), ('W/"0.2"', 412), ('"abc"', 412)]


class TestPatch:
    def test_what_only_the_server_says_is_passed_over(self, either: Speaking, home: Json) -> None:
        """A client whose copy is stale sends it back; in references only id and type count."""
        one = either.product(home, owners=[user("bob")], tags=[{"tagFQN": "Gold"}])

        assert either.patch(one, *STALE)["version"] == 0.1
        changed = either.patch(one, *STALE, add("/displayName", "x"))
        assert (changed["version"], changed["displayName"], changed["id"]) == (0.2, "x", one["id"])

    def test_a_description_may_go(self, either: Speaking, home: Json) -> None:
        """It is empty then."""
        assert either.patch(either.product(home), remove("/description"))["description"] == ""

    def test_a_property_that_there_is_not(self, either: Speaking, home: Json) -> None:
        """It is refused, and so is a value that cannot be."""
        one = either.product(home)

        assert either.patch(one, add("/colour", "red"), code=400)["path"] == "/colour"
        assert either.patch(one, add("/visibility", "x"), code=400)["path"] == "/visibility"
        assert either.patch(one, add("/name", " "), code=400)["path"] == "/name"

    @pytest.mark.parametrize(("tag", "code"), MATCHES)
    def test_if_match(self, either: Speaking, home: Json, tag: str, code: int) -> None:
        """Where it asks for another version than there is, nothing is done."""
        one = either.product(home)
        said = either.patch(one, add("/displayName", "x"), headers={"If-Match": tag}, code=code)

        assert said.get("errorType") == ("PRECONDITION_FAILED" if code == 412 else None)
        assert either.get(f"/dataProducts/{one['id']}")["version"] == (0.1 if code == 412 else 0.2)

    def test_the_tag_of_an_answer(self, either: Speaking, home: Json) -> None:
        """Every answer about one has it; that of a change serves for the next."""
        one = either.product(home)
        tag = either.answer("GET", f"/dataProducts/{one['id']}").headers["etag"]
        path, steps = f"/dataProducts/{one['id']}", [add("/displayName", "x")]
        answer = either.answer("PATCH", path, steps, headers={"If-Match": tag})

        assert (tag, answer.headers["etag"]) == ('W/"0.1"', 'W/"0.2"')
        assert answer.headers["x-openmetadata-change"] == "entityUpdated"
        assert either.answer("PATCH", path, steps).headers["x-openmetadata-change"] == "entityNoChange"


def tagged(either: Speaking, name: str) -> None:
    """Have a tag known, by a table that has it."""
    ingest(either.service.work, [EntityDraft(Key("Table", f"wh/{name}"), {"name": name}, tags=(name,))])


def words(either: Speaking, glossary: str, term: str) -> tuple[str, str]:
    """Create a term in a glossary, and return the names of both."""
    anchor = Relating({"anchor": (Ref("AtlasGlossary", "-1"),)})
    commands = [
        Command("AtlasGlossary", "-1", attributes={"name": glossary}),
        Command("AtlasGlossaryTerm", "-2", attributes={"name": term}, relating=anchor),
    ]
    save(either.service.work, commands)
    return glossary, term
