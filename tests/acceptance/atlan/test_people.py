"""Who may do what, who there is, and how clients find out, by an unmodified `pyatlan` and raw requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pyatlan.errors import ApiError, AuthenticationError, ConflictError, InvalidRequestError, NotFoundError
from pyatlan.model.assets import DataDomain, Table
from pyatlan.model.contract import DataContractSpec
from pyatlan.model.typedef import AtlanTagDef

from tests.acceptance.atlan.clients import AtlanClient, connected
from tests.acceptance.atlan.conftest import BULK, SEARCH, TYPEDEFS, Catalog
from tests.acceptance.command import run

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the client's own

VIEW = {"typeName": "View", "attributes": {"name": "v", "qualifiedName": "default/people/1/v"}}
TAG = {"classificationDefs": [{"category": "CLASSIFICATION", "name": "P", "displayName": "P"}]}
EVERYTHING = {"dsl": {"query": {"match_all": {}}}}

Request = tuple[str, str, str, Any, set[str]]
REQUESTS: list[Request] = [
    ("read", "GET", "/api/service/users/current", None, {"viewer", "editor", "admin"}),
    ("search", "POST", SEARCH, EVERYTHING, {"viewer", "editor", "admin"}),
    ("save", "POST", BULK, {"entities": [VIEW]}, {"editor", "admin"}),
    ("delete", "DELETE", f"{BULK}?guid=nope", None, {"editor", "admin"}),
    ("define", "POST", TYPEDEFS, {}, {"admin"}),
    ("undefine", "DELETE", f"{TYPEDEFS.removesuffix('s')}/name/nope", None, {"admin"}),
]


@pytest.fixture(scope="module")
def tokens(plain: Catalog) -> dict[str, str]:
    """A token of each role, by the name of the role, made while it serves."""
    return {role: token(plain, role, role) for role in ("viewer", "editor")} | {"admin": plain.served.token}


def token(plain: Catalog, name: str, role: str, *more: str) -> str:
    """Make a token by the command line and return its secret."""
    one = plain.served
    made = run(one.data, "token", "create", "--name", name, "--role", role, *more)
    return next(word for word in made.stdout.split() if word.startswith("muster_"))


@pytest.mark.parametrize("role", ["viewer", "editor", "admin"])
@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: one[0])
def test_role(plain: Catalog, tokens: dict[str, str], role: str, request_: Request) -> None:
    """Viewers read, editors write entities, admins define; others hear so in the shape that clients read."""
    _, method, path, body, roles = request_
    with plain.served.client(tokens[role]) as http:
        answer = http.request(method, path, json=body)

    assert (answer.status_code == httpx.codes.FORBIDDEN) == (role not in roles)
    if role not in roles:
        assert answer.json()["causes"][0]["errorType"] == "forbidden"


def test_editor_of_a_domain_writes_there_only(plain: Catalog) -> None:
    """And whatever else the request says is not done either."""
    home = plain.create("DataDomain", "Home")["attributes"]["qualifiedName"]
    away = plain.create("DataDomain", "Away")["attributes"]["qualifiedName"]
    secret = token(plain, "homely", "editor", "--domain", home)

    def child(parent: str) -> Any:
        refs = {"parentDomain": {"typeName": "DataDomain", "uniqueAttributes": {"qualifiedName": parent}}}
        return {"typeName": "DataDomain", "attributes": {"name": "c", "qualifiedName": "c", **refs}}

    with plain.served.client(secret) as http:
        assert http.post(BULK, json={"entities": [child(home)]}).status_code == httpx.codes.OK
        for wrong in (
            [child(away)],
            [child(home), child(away)],
            [VIEW | {"attributes": {"name": "x", "qualifiedName": "x"}}],
        ):
            assert http.post(BULK, json={"entities": wrong}).status_code == httpx.codes.FORBIDDEN


@pytest.mark.parametrize("shown", [{}, {"authorization": "Bearer muster_wrong"}, {"authorization": "Basic YTpi"}])
def test_nobody_gets_in_without_a_token(plain: Catalog, shown: dict[str, str]) -> None:
    """The answer has the shape that clients read, wherever they ask."""
    for path in ("/api/meta/types/typedefs", "/api/service/users/current", "/api/meta/nowhere"):
        answer = httpx.get(plain.served.url + path, headers=shown)
        assert answer.status_code == httpx.codes.UNAUTHORIZED
        assert answer.json()["errorCode"] == "ATLAS-401-00-001"


@pytest.mark.usefixtures("tokens")
def test_user_is_named_like_the_token(plain: Catalog) -> None:
    """And found by that name, with the role; groups there are none."""
    current = plain.client.user.get_current()

    assert current.username == "admin"
    found = plain.client.user.get_by_username("viewer")
    assert (found.username, found.workspace_role) == ("viewer", "$guest")
    assert plain.client.user_cache.get_id_for_name("viewer") == found.id
    assert plain.client.user.get_by_username("nobody") is None
    assert plain.client.group.get_all().records in (None, [])
    assert {"admin", "viewer"} <= {one.display_name for one in plain.client.token.get().records}
    assert plain.client.token.get_by_name("viewer").client_id == "viewer"


def test_roles_have_the_names_of_atlan(plain: Catalog) -> None:
    """Connections are created with the id of the first."""
    assert plain.client.role_cache.get_id_for_name("$admin")
    assert {one.name for one in plain.client.role.get_all().records} == {"$admin", "$member", "$guest"}
    assert plain.ask("GET", "/api/service/whoami")["roles"][0]["name"] == "$admin"


def test_client_of_oauth(plain: Catalog) -> None:
    """Its name is the token's, its secret the token; a wrong pair is refused, and tells nothing."""
    with connected(plain.served, oauth_client_id="admin", oauth_client_secret=plain.served.token) as client:
        assert client.user.get_current().username == "admin"

    path = "/api/service/oauth-clients/token"
    for wrong in (
        {"clientId": "viewer", "clientSecret": plain.served.token},
        {"clientId": "admin", "clientSecret": "x"},
    ):
        assert httpx.post(plain.served.url + path, json=wrong).status_code == httpx.codes.UNAUTHORIZED
    assert httpx.post(plain.served.url + path, json={}).status_code == httpx.codes.BAD_REQUEST


FAILURES: list[tuple[type[Exception], Callable[[AtlanClient], Any]]] = [
    (NotFoundError, lambda client: client.asset.get_by_guid("6f1c0f57-2d51-4d52-a0a0-1f6e9a4f0b11", asset_type=Table)),
    (NotFoundError, lambda client: client.asset.get_by_qualified_name("no/such", asset_type=Table)),
    (NotFoundError, lambda client: client.asset.find_domain_by_name("no such")),
    (InvalidRequestError, lambda client: client.asset.save(wrong_table())),
    (ConflictError, lambda client: [client.typedef.create(AtlanTagDef.create("Twice")) for _ in range(2)]),
]


def wrong_table() -> Table:
    """Return a table without a qualified name."""
    table = Table()
    table.name = "x"
    return table


@pytest.mark.parametrize(("error", "call"), FAILURES)
def test_failures_raise_what_the_client_has_for_them(
    plain: Catalog, error: type[Exception], call: Callable[[AtlanClient], Any]
) -> None:
    """At once: nothing that will fail again is tried again."""
    with pytest.raises(error):
        call(plain.client)


def test_what_is_not_provided_is_said_at_once(plain: Catalog) -> None:
    """By 501, which this client does not repeat."""
    with pytest.raises(ApiError, match="501"):
        plain.client.credentials.get_all()


def test_wrong_token_is_said_at_once(plain: Catalog) -> None:
    """The client raises what it has for that."""
    with connected(plain.served, api_key="muster_wrong") as client, pytest.raises(AuthenticationError):
        client.user.get_current()


def test_first_contract_of_an_asset(plain: Catalog) -> None:
    """As YAML that the client parses."""
    made = plain.table("orders: 1")
    table = plain.client.asset.get_by_guid(made["guid"], asset_type=Table)

    spec = plain.client.contracts.generate_initial_spec(table)

    assert spec.splitlines()[0] == "kind: DataContract"
    assert 'dataset: "orders: 1"' in spec


def test_contract_names_the_columns(plain: Catalog) -> None:
    """In their order, archived ones left out; a name that YAML would take for something else is quoted."""
    made = plain.table("with columns")
    qualified_name = made["attributes"]["qualifiedName"]
    for order, name in enumerate(("id", "on", "größe"), 1):
        reference = {"typeName": "Table", "uniqueAttributes": {"qualifiedName": qualified_name}}
        said = {"qualifiedName": f"{qualified_name}/{name}", "name": name, "order": order, "table": reference}
        plain.create("Column", name, attributes=said)
    table = plain.client.asset.get_by_guid(made["guid"], asset_type=Table)

    spec = plain.client.contracts.generate_initial_spec(table)

    names = [line.removeprefix("- name: ") for line in spec.splitlines() if line.startswith("- name: ")]
    assert names == ["id", '"on"', "größe"]
    assert [one.name for one in DataContractSpec.from_yaml(spec).columns] == ["id", "on", "größe"]


def test_domain_is_listed_among_its_parents_children(plain: Catalog) -> None:
    """Relationships are seen from both sides."""
    (parent,) = plain.client.asset.save(DataDomain.creator(name="Parent")).assets_created(DataDomain)
    child = DataDomain.creator(name="Child", parent_domain_qualified_name=parent.qualified_name)
    (made,) = plain.client.asset.save(child).assets_created(DataDomain)

    read = plain.client.asset.get_by_guid(parent.guid, asset_type=DataDomain, ignore_relationships=False)

    assert [one.guid for one in read.sub_domains] == [made.guid]
