"""Assets and ports of a product (contract, sections 7 and 8, and the page "Ports & Assets")."""

from __future__ import annotations

import pytest

from muster.catalog.token import Role
from muster.membership import Decision
from muster.service.decide import Given, decide
from tests.unit.api.openmetadata.speaking import Json, Speaking, fresh, ref

NOBODY = "00000000-0000-4000-8000-000000000000"

CALLS = [f"{name}/{way}" for name in ("assets", "inputPorts", "outputPorts") for way in ("add", "remove")]


def call(either: Speaking, one: Json, which: str, *refs: Json, code: int = 200, **said: Json) -> Json:
    """Send one of the six calls."""
    return either.ask("PUT", f"/dataProducts/{one['id']}/{which}", {"assets": list(refs), **said}, code=code)


def held(either: Speaking, one: Json, which: str, **query: int) -> list[str]:
    """Return the names of assets or ports, in the order that they are told in."""
    return [each["name"] for each in either.get(f"/dataProducts/{one['id']}/{which}", **query)["data"]]


def rows(answer: Json) -> list[Json]:
    """Return what became of each asset: in the released form its rows, in the documented one its decisions."""
    return list(answer["successRequest"] if "successRequest" in answer else answer["decisions"])


def untimed(answer: Json) -> list[Json]:
    """Return what became of each asset, but for when."""
    return [{name: value for name, value in row.items() if name != "at"} for row in rows(answer)]


def test_the_documented_form_answers_the_product(told: Speaking, home: Json) -> None:
    """In its new version, with what became of each asset beside it."""
    one, (a, b) = told.product(home), told.tables(fresh("a"), fresh("b"))
    call(told, one, "assets/add", ref(a))
    answer = call(told, one, "assets/add", ref(a), ref(b), reason="audit")

    assert (answer["id"], answer["version"], answer["fullyQualifiedName"]) == (
        one["id"],
        0.3,
        one["fullyQualifiedName"],
    )
    first, second = answer["decisions"]
    assert (first["changed"], first["decision"], first["reason"]) == (False, "pin", "added as an asset")
    assert (second["changed"], second["decision"], second["reason"]) == (True, "pin", "audit")
    assert (second["by"], second["expiresAt"], second["asset"]["id"]) == ("admin", None, b.guid)


def test_the_released_form_answers_rows(strict: Speaking, home: Json) -> None:
    """With the keys that its client knows, and no others."""
    one, (a,) = strict.product(home), strict.tables(fresh("a"))

    assert call(strict, one, "assets/add", ref(a)) == {
        "dryRun": False,
        "status": "success",
        "numberOfRowsProcessed": 1,
        "numberOfRowsPassed": 1,
        "numberOfRowsFailed": 0,
        "successRequest": [
            {
                "request": {**ref(a), "name": a.name, "fullyQualifiedName": a.key.qualified_name, "deleted": False},
                "message": "pin by admin: added as an asset",
            }
        ],
        "failedRequest": [],
    }


def test_what_is_added_is_a_member_whatever_the_selection_says(either: Speaking, home: Json) -> None:
    """And what is removed is none, though it is selected; the selection goes on for all others."""
    a, b, c = either.tables(fresh("a"), fresh("b"), fresh("c"))
    one = either.product(home, extension={"selection": f'name:"{a.name}" OR name:"{b.name}"'})
    assert held(either, one, "assets") == [a.name, b.name]

    call(either, one, "assets/add", ref(c))
    call(either, one, "assets/remove", ref(a))
    assert held(either, one, "assets") == [b.name, c.name]
    call(either, one, "assets/add", ref(a))
    call(either, one, "assets/remove", ref(c))
    assert held(either, one, "assets") == [a.name, b.name]


@pytest.mark.parametrize("which", CALLS)
def test_a_call_that_comes_again_changes_nothing(either: Speaking, home: Json, which: str) -> None:
    """Nor does one about no asset; neither makes a version."""
    one, (a,) = either.product(home), either.tables(fresh("a"))
    name, way = which.split("/")
    if way == "remove":
        call(either, one, f"{name}/add", ref(a))
    call(either, one, which, ref(a), ref(a))
    version = either.get(f"/dataProducts/{one['id']}")["version"]

    for refs in ([ref(a)], []):
        assert len(rows(call(either, one, which, *refs))) == len(refs)
    assert either.ask("PUT", f"/dataProducts/{one['id']}/{which}", {})
    assert either.get(f"/dataProducts/{one['id']}")["version"] == version
    assert held(either, one, name) == ([a.name] if way == "add" else [])


@pytest.mark.parametrize("which", CALLS)
def test_a_dry_run_tells_and_does_nothing(either: Speaking, home: Json, which: str) -> None:
    """What it tells is what the call then does."""
    one, (a,) = either.product(home), either.tables(fresh("a"))
    if which.endswith("remove"):
        call(either, one, which.replace("remove", "add"), ref(a))
    version = either.get(f"/dataProducts/{one['id']}")["version"]
    dry = call(either, one, which, ref(a), dryRun=True)

    assert either.get(f"/dataProducts/{one['id']}")["version"] == version
    assert dry.get("dryRun", True) is True
    done = call(either, one, which, ref(a))
    assert untimed(dry) == untimed(done)


WRONG: list[tuple[Json, int, str]] = [
    ({"id": NOBODY, "type": "table"}, 404, "/assets/1/id"),
    ({"id": "table-uuid-1", "type": "table"}, 400, "/assets/1/id"),
    ({"id": NOBODY}, 400, "/assets/1/type"),
    ({"type": "table"}, 400, "/assets/1/id"),
    ("table-uuid-1", 400, "/assets/1"),
]


@pytest.mark.parametrize(("wrong", "code", "path"), WRONG)
@pytest.mark.parametrize("which", CALLS)
def test_all_or_nothing(either: Speaking, home: Json, which: str, wrong: Json, code: int, path: str) -> None:
    """With one asset that cannot be, nothing becomes of the others; the error says which."""
    one, (a,) = either.product(home), either.tables(fresh("a"))

    assert call(either, one, which, ref(a), wrong, code=code)["path"] == path
    assert either.get(f"/dataProducts/{one['id']}")["version"] == 0.1


def test_an_asset_of_another_type(either: Speaking, home: Json) -> None:
    """The error says what it is."""
    one, (a,) = either.product(home), either.tables(fresh("a"))
    error = call(either, one, "assets/add", ref(a, "topic"), code=400)

    assert (error["path"], error["message"]) == ("/assets/0/type", f"`{a.guid}` is a `table`, not a `topic`")


def test_an_archived_asset_can_be_removed_and_not_added(either: Speaking, home: Json) -> None:
    """Its pin would else stand for good."""
    one, (a,) = either.product(home), either.tables(fresh("a"))
    call(either, one, "assets/add", ref(a))
    either.service.work.record.archive([a.ordinal], by="ada", at=1)

    assert call(either, one, "assets/add", ref(a), code=404)["path"] == "/assets/0/id"
    assert len(rows(call(either, one, "assets/remove", ref(a)))) == 1


BODIES: list[tuple[Json, str]] = [
    ({"assets": "x"}, "/assets"),
    ({"asset": []}, "/asset"),
    ({"assets": [], "dryRun": "yes"}, "/dryRun"),
    ([], ""),
    ({"assets": [{"id": NOBODY, "type": "table"}] * 10_001}, "/assets"),
]


@pytest.mark.parametrize(("body", "path"), BODIES, ids=["text", "unknown", "yes", "list", "too many"])
def test_bodies_that_cannot_be(either: Speaking, home: Json, body: Json, path: str) -> None:
    """400, with a pointer into the body."""
    one = either.product(home)

    assert either.ask("PUT", f"/dataProducts/{one['id']}/assets/add", body, code=400).get("path", "") == path


@pytest.mark.parametrize("which", CALLS)
def test_a_product_by_any_of_its_names(told: Speaking, strict: Speaking, which: str) -> None:
    """By id, by dotted name, by its own, with `name/` before it and without, in both forms; slashes and spaces count."""
    home, (a,) = told.domain(fresh("Dot.ted")), told.tables(fresh("a"))
    one = told.product(home, fresh("My Prod/1"))
    quoted = one["fullyQualifiedName"].replace(" ", "%20").replace("/", "%2F").replace('"', "%22")
    for ref_ in (one["id"], quoted, one["fullyQualifiedName"].replace('"', "%22"), one["name"]):
        for form in (told, strict):
            for path in (f"/dataProducts/{ref_}/{which}", f"/dataProducts/name/{ref_}/{which}"):
                assert form.ask("PUT", path, {"assets": [ref(a)]})
    assert told.ask("PUT", f"/dataProducts/{NOBODY}/{which}", {"assets": [ref(a)]}, code=404)["message"] == f"dataProduct instance for {NOBODY} not found"  # fmt: skip


class TestPorts:
    def test_they_are_told_in_the_order_in_which_they_came(self, either: Speaking, home: Json) -> None:
        """As references with their type, page by page."""
        one, (a, b, c) = either.product(home), either.tables(fresh("a"), fresh("b"), fresh("c"))
        call(either, one, "inputPorts/add", ref(c), ref(a))
        call(either, one, "inputPorts/add", ref(b))

        assert held(either, one, "inputPorts") == [c.name, a.name, b.name]
        page = either.get(f"/dataProducts/{one['id']}/inputPorts", limit=1, offset=1)
        assert page["paging"] == {"offset": 1, "total": 3}
        assert [(each["id"], each["entityType"]) for each in page["data"]] == [(a.guid, "table")]
        assert held(either, one, "inputPorts", offset=9) == []

    def test_they_need_not_be_members(self, either: Speaking, home: Json) -> None:
        """Of either kind; a port is no member, and a member no port."""
        one, (a, b) = either.product(home), either.tables(fresh("a"), fresh("b"))
        call(either, one, "outputPorts/add", ref(a))
        call(either, one, "assets/add", ref(b))

        assert (held(either, one, "assets"), held(either, one, "outputPorts")) == ([b.name], [a.name])
        call(either, one, "assets/add", ref(a))
        call(either, one, "assets/remove", ref(a))
        assert held(either, one, "outputPorts") == [a.name]

    def test_an_asset_is_in_one_list_only(self, either: Speaking, home: Json) -> None:
        """In the words of OpenMetadata's server."""
        one, (a,) = either.product(home), either.tables(fresh("a"))
        call(either, one, "outputPorts/add", ref(a))
        error = call(either, one, "inputPorts/add", ref(a), code=400)

        said = f"Asset '{a.key.qualified_name}' is already part of output ports and cannot be added to inputPorts"
        assert (error["path"], error["message"].startswith(said)) == ("/assets/0", True)

    def test_both_lists_at_once(self, either: Speaking, home: Json) -> None:
        """With a reference to the product, and pages of their own."""
        one, (a, b) = either.product(home), either.tables(fresh("a"), fresh("b"))
        call(either, one, "inputPorts/add", ref(a))
        call(either, one, "outputPorts/add", ref(b))
        view = either.get(f"/dataProducts/{one['id']}/portsView", outputOffset=1)

        assert set(view) == {"entity", "inputPorts", "outputPorts"}
        assert (view["entity"]["id"], view["entity"]["type"]) == (one["id"], "dataProduct")
        assert [each["name"] for each in view["inputPorts"]["data"]] == [a.name]
        assert view["outputPorts"] == {"data": [], "paging": {"offset": 1, "total": 1}}

    def test_an_archived_asset_is_no_port(self, either: Speaking, home: Json) -> None:
        """Until it is back."""
        one, (a,) = either.product(home), either.tables(fresh("a"))
        call(either, one, "inputPorts/add", ref(a))
        either.service.work.record.archive([a.ordinal], by="ada", at=1)

        assert held(either, one, "inputPorts") == []
        either.tables(a.name)
        assert held(either, one, "inputPorts") == [a.name]


def test_pages_of_assets(either: Speaking, home: Json) -> None:
    """By offset; each once, and the total on each."""
    assets = either.tables(*(fresh("a") for _ in range(5)))
    one = either.product(home)
    call(either, one, "assets/add", *map(ref, assets))
    pages = [either.get(f"/dataProducts/{one['id']}/assets", limit=2, offset=offset) for offset in (0, 2, 4, 6)]

    assert [len(page["data"]) for page in pages] == [2, 2, 1, 0]
    assert {each["id"] for page in pages for each in page["data"]} == {asset.guid for asset in assets}
    assert {page["paging"]["total"] for page in pages} == {5}
    for wrong in ({"limit": 0}, {"limit": 1_001}, {"offset": -1}):
        assert either.get(f"/dataProducts/{one['id']}/assets", **wrong, code=400)


def test_counts(told: Speaking, strict: Speaking, home: Json) -> None:
    """Of every product, also one without members, by the name that each form has for it; pins and exclusions count."""
    one, none, (a, b) = told.product(home), told.product(home), told.tables(fresh("a"), fresh("b"))
    call(told, one, "assets/add", ref(a), ref(b))
    decide(told.service.work, one["id"], [b.guid], Decision.EXCLUSION, Given("x"))

    counts = told.get("/dataProducts/assets/counts")
    assert (counts[one["fullyQualifiedName"]], counts[none["fullyQualifiedName"]]) == (1, 0)
    assert strict.get("/dataProducts/assets/counts")[one["name"]] == 1


@pytest.mark.parametrize("which", CALLS)
def test_who_may(either: Speaking, home: Json, which: str) -> None:
    """Editors; viewers read, and who shows no token does neither."""
    one, (a,) = either.product(home), either.tables(fresh("a"))
    path, body = f"/dataProducts/{one['id']}/{which}", {"assets": [ref(a)]}

    assert either.ask("PUT", path, body, role=Role.VIEWER, code=403)["errorType"] == "FORBIDDEN"
    assert either.ask("PUT", path, body, role=None, code=401)["errorType"] == "UNAUTHORIZED"
    assert either.ask("PUT", path, body, role=Role.EDITOR)
    assert either.ask("GET", path.rsplit("/", 1)[0], role=Role.VIEWER)["paging"]["total"] == int(which.endswith("add"))
