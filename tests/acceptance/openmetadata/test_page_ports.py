"""OpenMetadata's page on ports and assets: the six `PUT`s, both `curl`s as they stand there, and each error that the page has.

Its Python calls fail in the client before it sends anything: they have dictionaries where it takes references. The scripts beside
this have them with references.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.acceptance.openmetadata.conftest import DOCUMENTED, Json, Scene
from tests.acceptance.openmetadata.test_page_create import refused

ADD = r"""curl -X PUT "{base_url}/api/v1/dataProducts/b1839f98-f046-5f35-bdef-20f9b3395cb2/assets/add" \
    -H "Authorization: Bearer {access_token}" \
    -H "Content-Type: application/json" \
    -d '{
      "assets": [
        {"id": "table-uuid-1", "type": "table"},
        {"id": "topic-uuid-1", "type": "topic"}
      ]
    }'"""
REMOVE = r"""curl -X PUT "{base_url}/api/v1/dataProducts/b1839f98-f046-5f35-bdef-20f9b3395cb2/assets/remove" \
    -H "Authorization: Bearer {access_token}" \
    -H "Content-Type: application/json" \
    -d '{
      "assets": [
        {"id": "table-uuid-1", "type": "table"}
      ]
    }'"""

LISTS = ("assets", "inputPorts", "outputPorts")
SIX = pytest.mark.parametrize("call", [f"{what}/{verb}" for what in LISTS for verb in ("add", "remove")])
Kept = tuple[Json, Json]
NOBODY = "00000000-0000-4000-8000-000000000000"


def sent(scene: Scene, curl: str, names: Mapping[str, str]) -> Json:
    """Send what a `curl` of the page sends, with the ids of what there is here."""
    for name, meant in {
        "{base_url}": scene.catalog.served.url,
        "{access_token}": scene.catalog.served.token,
        **names,
    }.items():
        curl = curl.replace(name, meant)
    _, _, method, url, *more = shlex.split(curl.replace("\\\n", " "))
    headers = dict(one.split(": ", 1) for flag, one in zip(more[::2], more[1::2], strict=True) if flag == "-H")
    answer = httpx.request(method, url, headers=headers, content=more[-1], timeout=60)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()


def put(scene: Scene, ref: str, call: str, assets: Json, who: httpx.Client | None = None) -> httpx.Response:
    """Send one of the six."""
    path = f"{DOCUMENTED}/dataProducts/{ref}/{call}"
    return (who or scene.catalog.http).put(path, json={"assets": assets})


def state(scene: Scene, product: Json) -> Json:
    """Return all there is to tell of a product, and what it holds."""
    view = scene.catalog.ask("GET", f"/dataProducts/{product['id']}/portsView")
    return scene.catalog.read(product, fields="*"), scene.catalog.held(product), view


def filled(scene: Scene) -> Json:
    """Return a product that has an asset, an input port and an output port."""
    product = scene.product()
    for what, asset in zip(LISTS, (0, 1, 0), strict=True):
        assert put(scene, product["id"], f"{what}/add", [scene.assets[asset]]).status_code == httpx.codes.OK
    return product


@pytest.fixture(scope="module")
def kept(scene: Scene) -> Kept:
    """A product that no refused request may change, and how it is."""
    product = filled(scene)
    return product, state(scene, product)


def test_the_curls_of_the_page(scene: Scene) -> None:
    """Two assets are added and one is removed: each answers the product, as the page shows it, a version further."""
    product, (table, _, topic, _) = scene.product(), scene.assets
    names = {
        "b1839f98-f046-5f35-bdef-20f9b3395cb2": product["id"],
        "table-uuid-1": table["id"],
        "topic-uuid-1": topic["id"],
    }

    added = sent(scene, ADD, names)
    assert scene.catalog.held(product) == sorted([table["id"], topic["id"]])
    removed = sent(scene, REMOVE, names)
    assert scene.catalog.held(product) == [topic["id"]]

    assert [one["version"] for one in (product, added, removed)] == [0.1, 0.2, 0.3]
    shown = {
        "id": product["id"],
        "name": product["name"],
        "fullyQualifiedName": f"Marketing.{product['name']}",
        "description": "d",
        "version": 0.3,
        "updatedBy": "admin",
        "href": f"{scene.catalog.served.url}/api/v1/dataProducts/{product['id']}",
        "deleted": False,
        "owners": [],
        "experts": [],
    }
    assert shown.items() <= removed.items()
    domain = {"type": "domain", "name": "Marketing", "fullyQualifiedName": "Marketing", "deleted": False}
    assert domain.items() <= removed["domain"].items()
    assert removed["updatedAt"] >= added["updatedAt"] >= product["updatedAt"]


ADDRESSES: Mapping[str, Callable[[Json], str]] = {
    "id": lambda product: str(product["id"]),
    "dotted name": lambda product: f"Marketing.{product['name']}",
    "name": lambda product: str(product["name"]),
}


@pytest.mark.parametrize("what", LISTS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_each_list_is_added_to_and_removed_from(scene: Scene, what: str, address: str) -> None:
    """By id or name; what is there already and what is not there any more are no changes, and make no version."""
    product = scene.product()
    ref, ids = ADDRESSES[address](product), sorted(one["id"] for one in scene.assets)
    steps = [
        ("add", scene.assets[:2], sorted(ids_of(scene.assets[:2])), 0.2),
        ("add", scene.assets, ids, 0.3),
        ("add", scene.assets, ids, 0.3),
        ("add", [], ids, 0.3),
        ("remove", scene.assets[:1], sorted(ids_of(scene.assets[1:])), 0.4),
        ("remove", scene.assets[:1], sorted(ids_of(scene.assets[1:])), 0.4),
        ("remove", [*scene.assets, *scene.assets], [], 0.5),
    ]
    for verb, assets, left, version in steps:
        answer = put(scene, ref, f"{what}/{verb}", assets)
        told = answer.json()
        assert (answer.status_code, told["id"], told["version"]) == (200, product["id"], version), (verb, told)
        assert scene.catalog.held(product, what) == left
        assert scene.catalog.read(product)["version"] == version
    others = [scene.catalog.held(product, other) for other in LISTS if other != what]
    assert others == [[], []]


def ids_of(assets: list[Json]) -> list[str]:
    """Return the ids of references."""
    return [one["id"] for one in assets]


BODIES: Mapping[str, tuple[bytes, str]] = {
    "nothing": (b"", ""),
    "broken": (b'{"assets": [', ""),
    "a list": (b"[]", ""),
    "a text": (b'"assets"', ""),
    "assets that are no list": (b'{"assets": {"id": "x", "type": "table"}}', "/assets"),
    "a text for an asset": (b'{"assets": ["table"]}', "/assets/0"),
    "an unknown key": (b'{"assets": [], "asset": []}', "/asset"),
}


@SIX
@pytest.mark.parametrize("case", BODIES)
def test_an_invalid_body_is_refused(scene: Scene, kept: Kept, call: str, case: str) -> None:
    """It is told with its place, and nothing is done."""
    (product, before), (body, place) = kept, BODIES[case]
    headers = {"content-type": "application/json"}

    answer = scene.catalog.http.put(f"{DOCUMENTED}/dataProducts/{product['id']}/{call}", content=body, headers=headers)

    assert refused(answer, 400).get("path", "").startswith(place)
    assert state(scene, product) == before


REFERENCES: Mapping[str, tuple[Json, int]] = {
    "the page's own text for an id": ({"id": "table-uuid-1", "type": "table"}, 400),
    "no id": ({"type": "table"}, 400),
    "no type": ({"id": NOBODY}, 400),
    "an id that is a number": ({"id": 7, "type": "table"}, 400),
    "another type than it has": ({"id": "", "type": "dashboard"}, 400),
    "a type that there is not": ({"id": "", "type": "unicorn"}, 400),
    "an asset that is not there": ({"id": NOBODY, "type": "table"}, 404),
    "null": (None, 400),
}
"""References that mean no asset, an empty id standing for that of a table; and the status that each has."""


@SIX
@pytest.mark.parametrize("case", REFERENCES)
def test_an_asset_reference_that_means_none_is_refused(scene: Scene, kept: Kept, call: str, case: str) -> None:
    """However many good ones stand around it, nothing of the request is done, and the answer says which one it is."""
    (reference, code), (product, before), (one, two, three, _) = REFERENCES[case], kept, scene.assets
    wrong = reference | {"id": two["id"]} if reference and reference.get("id") == "" else reference

    told = refused(put(scene, product["id"], call, [one, three, wrong, two]), code)

    assert told["path"].startswith("/assets/2"), told
    assert state(scene, product) == before


@SIX
@pytest.mark.parametrize("ref", [NOBODY, "Marketing.Nowhere", "Nowhere", "a/b", "%20"])
def test_a_product_that_is_not_there_is_not_found(scene: Scene, call: str, ref: str) -> None:
    """By whatever it is named."""
    refused(put(scene, ref, call, scene.assets), 404)


@SIX
def test_an_archived_product_is_not_found(scene: Scene, call: str) -> None:
    """What it held stays, for when it is restored."""
    product = filled(scene)
    before = [scene.catalog.held(product, what) for what in LISTS]
    scene.catalog.ask("DELETE", f"/dataProducts/{product['id']}")

    refused(put(scene, product["id"], call, scene.assets), 404)

    scene.catalog.ask("PUT", "/dataProducts/restore", json={"id": product["id"]})
    assert [scene.catalog.held(product, what) for what in LISTS] == before


@SIX
@pytest.mark.parametrize(("who", "code"), [("nobody", 401), ("wrong", 401), ("viewer", 403), ("elsewhere", 403)])
@pytest.mark.parametrize("address", ADDRESSES)
def test_only_who_may_changes_a_product(scene: Scene, kept: Kept, call: str, who: str, code: int, address: str) -> None:
    """Not who shows no token or one that does not hold, only reads, or may write in another domain; they learn of no asset."""
    product, before = kept

    for assets in (scene.assets, [], [{"id": NOBODY, "type": "table"}]):
        refused(put(scene, ADDRESSES[address](product), call, assets, getattr(scene, who)), code)

    assert state(scene, product) == before


@SIX
def test_an_editor_changes_products_of_the_own_domain(scene: Scene, call: str) -> None:
    """And the answer says who it was."""
    product = scene.catalog.product(f"Own {call}", "Sales")

    answer = put(scene, product["id"], call, scene.assets, scene.elsewhere)

    assert answer.status_code == httpx.codes.OK
    assert answer.json()["version"] == (0.2 if call.endswith("add") else 0.1)


def test_a_port_is_on_one_side(scene: Scene) -> None:
    """What is an input is no output as well until it is removed there."""
    product, table = scene.product(), scene.assets[:1]
    assert put(scene, product["id"], "inputPorts/add", table).status_code == httpx.codes.OK
    before = state(scene, product)

    told = refused(put(scene, product["id"], "outputPorts/add", [*scene.assets[1:], *table]), 400)

    assert "already part of input ports" in told["message"]
    assert told["path"] == "/assets/3"
    assert state(scene, product) == before


def test_what_a_request_says_is_seen_before_it_is_done(scene: Scene) -> None:
    """A dry run answers as if it was done, and nothing is."""
    product = scene.product()
    before = state(scene, product)
    for call in (f"{what}/add" for what in LISTS):
        body = json.dumps({"assets": scene.assets, "dryRun": True})
        answer = scene.catalog.http.put(f"{DOCUMENTED}/dataProducts/{product['id']}/{call}", content=body)
        assert answer.status_code == httpx.codes.OK
        assert answer.json()["version"] == 0.1
    assert state(scene, product) == before


def test_assets_join_and_leave_what_a_query_selects(scene: Scene) -> None:
    """What is removed stays out however often the query finds it, what is added stays in, and both can be taken back."""
    product = scene.product(extension={"selection": "type:Table"})
    first, second, topic, _ = scene.assets
    assert scene.catalog.held(product) == sorted([first["id"], second["id"]])

    put(scene, product["id"], "assets/remove", [first])
    put(scene, product["id"], "assets/add", [topic])
    assert scene.catalog.held(product) == sorted([second["id"], topic["id"]])

    put(scene, product["id"], "assets/add", [first])
    put(scene, product["id"], "assets/remove", [topic])
    assert scene.catalog.held(product) == sorted([first["id"], second["id"]])


@pytest.mark.parametrize("what", LISTS)
def test_many_add_and_remove_at_once(scene: Scene, what: str) -> None:
    """Requests that meet are all done, one after the other: nothing is lost, and each makes a version."""
    product = scene.product()
    for verb, left in (("add", sorted(ids_of(scene.assets))), ("remove", [])):
        with ThreadPoolExecutor(len(scene.assets)) as pool:
            said = list(pool.map(lambda one: put(scene, product["id"], f"{what}/{verb}", [one]), scene.assets))  # noqa: B023 - awaited
        assert [one.status_code for one in said] == [200] * len(said), [one.text for one in said]
        assert scene.catalog.held(product, what) == left
    assert scene.catalog.read(product)["version"] == 0.9
