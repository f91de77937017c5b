"""OpenMetadata's page on creating data products: `POST` and `PUT /v1/dataProducts`, each field and each error that it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.acceptance.openmetadata.conftest import Catalog, Json, Scene

PATH = "/api/v1/dataProducts"
BOTH = pytest.mark.parametrize("method", ["POST", "PUT"])

ERRORS: Mapping[int, str] = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    409: "ENTITY_ALREADY_EXISTS",
}
"""The page's words for errors."""


def wanted(called: str, **said: Json) -> Json:
    """Return a body with what has to be said, and more; None leaves something out."""
    text = "Curated customer analytics data product"
    known = {"name": called, "domain": "Marketing", "description": text, **said}
    return {key: value for key, value in known.items() if value is not None}


def refused(answer: httpx.Response, code: int) -> Json:
    """See that an answer is an error in the page's words, and return it."""
    told = answer.json()
    assert (answer.status_code, told["code"], told["errorType"]) == (code, code, ERRORS[code]), told
    assert told["message"]
    return told


def present(catalog: Catalog) -> Any:
    """Return all there is of products, to see that nothing came or changed."""
    return catalog.ask("GET", "/dataProducts", params={"limit": 1000, "fields": "*", "include": "all"})


@BOTH
def test_every_field_is_kept_and_answered(scene: Scene, method: str) -> None:
    """Name, domain, display name, description, owners and experts come back, with an id, a dotted name and version 0.1."""
    me = scene.catalog.ask("GET", "/users/name/admin")
    user = {"id": me["id"], "type": "user"}
    body = wanted(f"Whole {method}", displayName="Insights", owners=[user], experts=[user])

    told = scene.catalog.ask(method, "/dataProducts", json=body, code=201)

    assert UUID(told["id"])
    assert told["href"].endswith(f"/api/v1/dataProducts/{told['id']}")
    assert {key: told[key] for key in ("name", "fullyQualifiedName", "displayName", "description", "version")} == {
        "name": f"Whole {method}",
        "fullyQualifiedName": f"Marketing.Whole {method}",
        "displayName": "Insights",
        "description": "Curated customer analytics data product",
        "version": 0.1,
    }
    domain = {"type": "domain", "name": "Marketing", "fullyQualifiedName": "Marketing", "deleted": False}
    assert domain.items() <= told["domain"].items()
    assert [one["id"] for one in (*told["owners"], *told["experts"])] == [me["id"], me["id"]]
    assert told["updatedBy"] == "admin"
    assert told["deleted"] is False
    assert scene.catalog.read(told, fields="*") == told


@BOTH
def test_only_name_domain_and_description_need_be_said(scene: Scene, method: str) -> None:
    """What is not said is empty; `Location` says where the product is."""
    answer = scene.catalog.http.request(method, PATH, json=wanted(f"Bare {method}"))
    told = answer.json()

    assert answer.status_code == httpx.codes.CREATED
    assert answer.headers["location"] == told["href"]
    assert (told["owners"], told["experts"]) == ([], [])
    assert "displayName" not in told


@BOTH
@pytest.mark.parametrize("said", [["Marketing"], [{"id": "", "type": "domain"}]], ids=["by name", "as a reference"])
def test_the_domain_may_be_said_as_the_released_client_does(scene: Scene, method: str, said: Json) -> None:
    """`domains` is `domain` in a list of one."""
    home = scene.catalog.ask("GET", "/domains/name/Marketing")["id"]
    domains = [one | {"id": home} if isinstance(one, dict) else one for one in said]
    body = wanted(f"Listed {method} {type(said[0]).__name__}", domain=None, domains=domains)

    assert scene.catalog.ask(method, "/dataProducts", json=body, code=201)["domain"]["id"] == home


def test_a_name_is_unique_within_its_domain(scene: Scene) -> None:
    """Another domain may have a product of the same name; in the same one it is a conflict."""
    scene.catalog.product("Unique", "Marketing")

    assert scene.catalog.product("Unique", "Sales")["fullyQualifiedName"] == "Sales.Unique"
    before = present(scene.catalog)
    told = refused(scene.catalog.http.post(PATH, json=wanted("Unique", description="another")), 409)
    assert "Unique" in told["message"]
    assert present(scene.catalog) == before


def test_put_updates_what_is_there(scene: Scene) -> None:
    """It is never a conflict: the product of that name is changed, and is a version further."""
    made = scene.catalog.product("Upserted", "Marketing", displayName="Before")

    told = scene.catalog.ask("PUT", "/dataProducts", json=wanted("Upserted", displayName="After"))

    assert (told["id"], told["displayName"], told["version"]) == (made["id"], "After", 0.2)
    again = scene.catalog.ask("PUT", "/dataProducts", json=wanted("Upserted", displayName="After"))
    assert again["version"] == told["version"]


INVALID: Mapping[str, tuple[Json, str]] = {
    "no name": ({"name": None}, "/name"),
    "an empty name": ({"name": ""}, "/name"),
    "a name that is a number": ({"name": 7}, "/name"),
    "a name beyond 256 characters": ({"name": "n" * 257}, "/name"),
    "a name with what parts names": ({"name": "a::b"}, "/name"),
    "no description": ({"description": None}, "/description"),
    "a description that is a list": ({"description": []}, "/description"),
    "no domain": ({"domain": None}, "/domains"),
    "an empty list of domains": ({"domain": None, "domains": []}, "/domains"),
    "two domains": ({"domain": None, "domains": ["Marketing", "Sales"]}, "/domains"),
    "owners that are no list": ({"owners": {"id": "x"}}, "/owners"),
    "an owner without a type": ({"owners": [{"id": "7ec88d43-65bc-5881-9428-b78e0b6b6ece"}]}, "/owners/0/type"),
    "an owner that is a table": (
        {"owners": [{"id": "7ec88d43-65bc-5881-9428-b78e0b6b6ece", "type": "table"}]},
        "/owners/0/type",
    ),
    "experts that are a text": ({"experts": "admin"}, "/experts"),
    "a field that there is not": ({"descripton": "d"}, "/descripton"),
    "a selection that is none": ({"extension": {"selection": "type:Table AND ("}}, "/extension/selection"),
    "a selection of an unknown field": ({"extension": {"selection": "certificateState:X"}}, "/extension/selection"),
}
"""What is said otherwise than it should be, None for what is left out, and where that is."""


@BOTH
@pytest.mark.parametrize("case", INVALID)
def test_an_invalid_body_is_refused(scene: Scene, method: str, case: str) -> None:
    """Whatever is wrong or missing is told with its place, and nothing is created."""
    said, place = INVALID[case]
    body = wanted("Invalid", **said)
    before = present(scene.catalog)

    told = refused(scene.catalog.http.request(method, PATH, json=body), 400)

    assert told["path"].startswith(place), told
    assert present(scene.catalog) == before


@BOTH
@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b'"text"', b'{"name": NaN}', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_object_is_refused(scene: Scene, method: str, body: bytes) -> None:
    """Broken JSON is no other than any invalid body."""
    answer = scene.catalog.http.request(method, PATH, content=body, headers={"content-type": "application/json"})

    refused(answer, 400)


@BOTH
@pytest.mark.parametrize(
    "said",
    [
        {"domain": "Nowhere"},
        {"domain": "Marketing.Nowhere"},
        {"owners": [{"id": "00000000-0000-4000-8000-000000000000", "type": "user"}]},
        {"experts": ["nobody"]},
    ],
    ids=str,
)
def test_who_and_what_is_named_has_to_be_there(scene: Scene, method: str, said: Json) -> None:
    """A domain or person that is not there is not found, and nothing is created."""
    before = present(scene.catalog)

    refused(scene.catalog.http.request(method, PATH, json=wanted("Nowhere", **said)), 404)

    assert present(scene.catalog) == before


@BOTH
@pytest.mark.parametrize(("who", "code"), [("nobody", 401), ("wrong", 401), ("viewer", 403), ("elsewhere", 403)])
@pytest.mark.parametrize("name", ["Forbidden", "Guarded"])
def test_only_who_may_creates(scene: Scene, method: str, who: str, code: int, name: str) -> None:
    """Neither what is new nor what is there changes for who shows no token, only reads, or may write elsewhere."""
    if name == "Guarded":
        scene.catalog.ask("PUT", "/dataProducts", json=wanted("Guarded"), code=_either(scene, "Guarded"))
    before = present(scene.catalog)
    client: httpx.Client = getattr(scene, who)

    answer = client.request(method, PATH, json=wanted(name, description="changed"))

    refused(answer, code)
    assert answer.headers.get("www-authenticate", "").startswith("Bearer") == (code == 401)
    assert present(scene.catalog) == before


def _either(scene: Scene, name: str) -> int:
    """Return the status that an upsert has: 200 for a product that is there."""
    found = scene.catalog.http.get(f"{PATH}/name/Marketing.{name}")
    return 200 if found.status_code == httpx.codes.OK else 201


@BOTH
def test_an_editor_creates_in_the_own_domain(scene: Scene, method: str) -> None:
    """And is told as who did it."""
    answer = scene.elsewhere.request(method, PATH, json=wanted(f"Own {method}", domain="Sales"))

    assert (answer.status_code, answer.json()["updatedBy"]) == (201, "elsewhere")
