"""Who may do what, on every route there is: by what the table says, what the routes are made of, and what they answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from muster.catalog.token import Role
from tests.acceptance.asking import BASES, SETTINGS, Fresh, Scene, asked, path_of
from tests.acceptance.command import answer
from tests.acceptance.routes import LABELS, ROUTES, Route
from tests.acceptance.serving import served

Json = Any

OPEN = "open"
"""Stands for routes that take no token."""

V1 = """
    open    GET      /system/version
    viewer  GET      /users
    viewer  GET      /users/loggedInUser
    viewer  GET      /users/name/{name}
    viewer  GET      /users/{id}
    viewer  GET      /teams
    viewer  GET      /teams/name/{name}
    viewer  GET      /teams/{id}
    viewer  GET      /dataProducts
    viewer  GET      /dataProducts/assets/counts
    viewer  GET      /dataProducts/{ref}
    viewer  GET      /dataProducts/{ref}/assets
    viewer  GET      /dataProducts/{ref}/inputPorts
    viewer  GET      /dataProducts/{ref}/outputPorts
    viewer  GET      /dataProducts/{ref}/portsView
    viewer  GET      /dataProducts/{ref}/versions
    viewer  GET      /dataProducts/{ref}/versions/{version}
    viewer  GET      /dataProducts/name/{ref}
    viewer  GET      /dataProducts/name/{ref}/assets
    viewer  GET      /dataProducts/name/{ref}/inputPorts
    viewer  GET      /dataProducts/name/{ref}/outputPorts
    viewer  GET      /dataProducts/name/{ref}/portsView
    viewer  PUT      /dataProducts/{ref}/followers
    viewer  DELETE   /dataProducts/{ref}/followers/{user}
    editor  POST,PUT /dataProducts
    editor  PUT      /dataProducts/restore
    editor  PATCH    /dataProducts/{ref}
    editor  PATCH    /dataProducts/name/{ref}
    editor  DELETE   /dataProducts/{ref}
    editor  DELETE   /dataProducts/name/{ref}
    editor  DELETE   /dataProducts/async/{ref}
    editor  PUT      /dataProducts/{ref}/assets/add
    editor  PUT      /dataProducts/{ref}/assets/remove
    editor  PUT      /dataProducts/{ref}/inputPorts/add
    editor  PUT      /dataProducts/{ref}/inputPorts/remove
    editor  PUT      /dataProducts/{ref}/outputPorts/add
    editor  PUT      /dataProducts/{ref}/outputPorts/remove
    editor  PUT      /dataProducts/name/{ref}/assets/add
    editor  PUT      /dataProducts/name/{ref}/assets/remove
    editor  PUT      /dataProducts/name/{ref}/inputPorts/add
    editor  PUT      /dataProducts/name/{ref}/inputPorts/remove
    editor  PUT      /dataProducts/name/{ref}/outputPorts/add
    editor  PUT      /dataProducts/name/{ref}/outputPorts/remove
    viewer  GET      /domains
    viewer  GET      /domains/hierarchy
    viewer  GET      /domains/assets/counts
    viewer  GET      /domains/{ref}
    viewer  GET      /domains/{ref}/assets
    viewer  GET      /domains/{ref}/versions
    viewer  GET      /domains/{ref}/versions/{version}
    viewer  GET      /domains/name/{ref}
    viewer  GET      /domains/name/{ref}/assets
    viewer  PUT      /domains/{ref}/followers
    viewer  DELETE   /domains/{ref}/followers/{user}
    editor  POST,PUT /domains
    editor  PUT      /domains/restore
    editor  PATCH    /domains/{ref}
    editor  PATCH    /domains/name/{ref}
    editor  DELETE   /domains/{ref}
    editor  DELETE   /domains/name/{ref}
    editor  DELETE   /domains/async/{ref}
    editor  PUT      /domains/{ref}/assets/add
    editor  PUT      /domains/{ref}/assets/remove
    editor  PUT      /domains/name/{ref}/assets/add
    editor  PUT      /domains/name/{ref}/assets/remove
"""
OWN = """
    viewer  GET      /assets
    viewer  GET      /assets/{ref}/dataProducts
    viewer  GET      /members
    viewer  GET      /members/count
    viewer  GET      /dataProducts/{ref}/members
    viewer  GET      /dataProducts/{ref}/members/count
    viewer  GET      /dataProducts/{ref}/explain/{asset}
    viewer  GET      /dataProducts/{ref}/runs
    viewer  GET      /dataProducts/{ref}/runs/{run}
    viewer  GET      /dataProducts/{ref}/changes
    viewer  GET      /dataProducts/{ref}/pins
    editor  POST     /dataProducts/{ref}/pins
    editor  DELETE   /dataProducts/{ref}/pins/{asset}
    viewer  GET      /dataProducts/{ref}/exclusions
    editor  POST     /dataProducts/{ref}/exclusions
    editor  DELETE   /dataProducts/{ref}/exclusions/{asset}
    viewer  GET      /dataProducts/{ref}/selection
    editor  PUT      /dataProducts/{ref}/selection
    viewer  GET      /dataProducts/{ref}/selection/revisions
    editor  POST     /dataProducts/{ref}/sync
    viewer  GET      /whoami
    viewer  GET      /products
    editor  POST     /products
    editor  POST     /products/sync
    viewer  GET      /products/{ref}
    editor  PATCH,DELETE /products/{ref}
    viewer  GET      /products/{ref}/runs/{run}/moves
    editor  POST     /products/{ref}/withdraw
    viewer  POST     /selections/preview
    viewer  POST     /selections/check
    viewer  POST     /selections/convert
    viewer  GET      /policy
    admin   PUT,DELETE /policy
    viewer  GET      /domains/{ref}/policy
    editor  PUT,DELETE /domains/{ref}/policy
    viewer  GET      /dataProducts/{ref}/policy
    editor  PUT,DELETE /dataProducts/{ref}/policy
    viewer  GET      /dataProducts/{ref}/policy/effective
    viewer  GET      /runs
    editor  POST     /dataProducts/{ref}/runs/{run}/approve
    editor  POST     /dataProducts/{ref}/runs/{run}/reject
    viewer  GET      /dataProducts/{ref}/difference
    viewer  GET      /reports/overlap
    viewer  GET      /reports/unchanging
    viewer  GET      /reports/deadClauses
    viewer  GET      /reports/uncovered
    viewer  GET      /reports/freshness
    viewer  POST     /whatIf
    viewer  GET      /events
    admin   GET,POST /webhooks
    admin   GET,PATCH,DELETE /webhooks/{guid}
    admin   POST     /webhooks/{guid}/test
    admin   POST     /webhooks/{guid}/replay
    admin   POST     /webhooks/{guid}/rotate
    admin   GET      /webhooks/{guid}/deliveries
    admin   POST     /webhooks/{guid}/deliveries/{number}/redeliver
"""
ATLAN = """
    editor  POST,DELETE /api/meta/entity/bulk
    viewer  GET         /api/meta/entity/guid/{guid}
    editor  POST        /api/meta/entity/guid/{guid}/businessmetadata
    editor  POST        /api/meta/entity/guid/{guid}/businessmetadata/{name}
    editor  POST,PUT    /api/meta/entity/guid/{guid}/classifications
    editor  DELETE      /api/meta/entity/guid/{guid}/classification/{tag}
    viewer  GET         /api/meta/entity/uniqueAttribute/type/{type_name}
    editor  PUT         /api/meta/entity/uniqueAttribute/type/{type_name}
    editor  POST,PUT    /api/meta/entity/uniqueAttribute/type/{type_name}/classifications
    editor  DELETE      /api/meta/entity/uniqueAttribute/type/{type_name}/classification/{tag}
    viewer  POST        /api/meta/search/indexsearch
    viewer  POST        /api/meta/task/search
    viewer  GET         /api/meta/types/typedefs
    admin   POST,PUT    /api/meta/types/typedefs
    viewer  GET         /api/meta/types/typedef/name/{name}
    admin   DELETE      /api/meta/types/typedef/name/{name}
    viewer  GET         /api/service/users
    viewer  GET         /api/service/users/current
    viewer  GET         /api/service/v2/groups
    viewer  GET         /api/service/roles
    viewer  GET         /api/service/apikeys
    viewer  GET         /api/service/whoami
    viewer  POST        /api/service/contracts/init
    open    POST        /api/service/oauth-clients/token
"""
ELSEWHERE = "".join(
    f"viewer  DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT  {prefix}/{{rest}}\n"
    for prefix in ("/api/meta", "/api/service", "/api/sql", "/events", "/auth")
)
PLAIN = """
    open    GET  /healthz
    open    GET  /readyz
    viewer  GET  /metrics
    viewer  GET  /openapi.json
    viewer  GET  /openapi/{name}.json
"""
UNDER = (("/api/v1", V1), ("/sdk/2.0/api/v1", V1), ("/api/v1", OWN), ("", ATLAN), ("", ELSEWHERE), ("", PLAIN))

TABLE: Mapping[str, str] = {
    f"{method} {base}{path}": role
    for base, lines in UNDER
    for role, methods, path in (line.split() for line in lines.split("\n") if line.strip())
    for method in methods.split(",")
}
"""By method and path: the least role."""

BEARERS = ("nobody", "viewer", "bound", "editor", "admin")
"""Who asks: `bound` is an editor of another domain than the one that everything here is in."""


@dataclass
class Asking:
    """A scene, and a client for everyone who asks."""

    scene: Scene
    clients: Mapping[str, httpx.Client]

    def __post_init__(self) -> None:
        """Find out who they are, and what they all may read."""
        path = "/api/v1/users/loggedInUser"
        known = {name: client.get(path).json().get("id") for name, client in self.clients.items()}
        self.same = {name: Fresh(self.scene, me or self.scene.user) for name, me in known.items()}

    def ask(self, route: Route, bearer: str, spared: Fresh) -> httpx.Response:
        """Send a good request, about something new where it may change it, about what is `spared` where it is refused."""
        fresh = self.same[bearer]
        if route.method != "GET":
            spared.me = fresh.me
            fresh = spared if expected(route, bearer) <= {401, 403} else Fresh(self.scene, fresh.me)
        return self.clients[bearer].request(**asked(route, fresh))


@pytest.fixture(scope="module")
def bearers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """A scene, and a client for everyone who asks."""
    data = tmp_path_factory.mktemp("roles") / "data"
    with served(data, SETTINGS) as one, ExitStack() as stack:
        scene = Scene(one, stack.enter_context(one.client()))
        scene.told("PUT", "/api/v1/domains", name="Other", description="d", domainType="Aggregate")
        search = {"dsl": {"query": {"term": {"name.keyword": "Other"}}}}
        other = scene.http.post("/api/meta/search/indexsearch", json=search).json()["entities"][0]["attributes"]
        clients = {"nobody": stack.enter_context(httpx.Client(base_url=one.url)), "admin": scene.http}
        for name, words in {
            "viewer": ("--role", "viewer"),
            "bound": ("--role", "editor", "--domain", other["qualifiedName"]),
            "editor": ("--role", "editor"),
        }.items():
            secret = answer(data, "token", "create", "--name", name, *words)["token"]
            clients[name] = stack.enter_context(one.client(secret))
        yield Asking(scene, clients)


def test_the_table_has_every_route() -> None:
    """No more and no fewer; none is served twice."""
    assert sorted(LABELS) == sorted(TABLE)


@pytest.mark.parametrize("route", ROUTES, ids=LABELS)
def test_routes_are_made_as_the_table_says(route: Route) -> None:
    """Of the dependency that lets in the role; what is open depends on no role and says so in its description."""
    least = TABLE[route.label]
    if least == OPEN:
        assert route.role is None
        assert route.described["security"] == []
    else:
        any_token_will_do = route.path == "/metrics" or "{rest}" in route.path
        assert (route.role is None) if any_token_will_do else (route.role is not None and route.role.value == least)
        assert "security" not in route.described


def expected(route: Route, bearer: str) -> set[int]:
    """Return the statuses that somebody may be answered."""
    least = TABLE[route.label]
    if route.path.endswith("{rest}"):
        done = {404} if bearer != "nobody" else {401}
    else:
        done = {status for status in route.statuses if status < 300}
    if least == OPEN:
        return done
    if bearer == "nobody":
        return {401}
    ranks = [role.value for role in Role]
    rank = ranks.index("editor" if bearer == "bound" else bearer)
    if rank < ranks.index(least) or (bearer == "bound" and least == "editor"):
        return {403}
    return done


@pytest.mark.parametrize("route", ROUTES, ids=LABELS)
def test_routes_answer_as_the_table_says(route: Route, bearers: Asking) -> None:
    """Who may is answered, others are told 401 or 403; an editor of another domain is told 403 wherever one writes."""
    wrong, spared = [], Fresh(bearers.scene, bearers.scene.user)
    for bearer in BEARERS:
        said = bearers.ask(route, bearer, spared)
        if said.status_code not in expected(route, bearer):
            wrong.append(f"{bearer}: {said.status_code} {said.text[:300]}")
    assert not wrong, "\n".join(wrong)


def test_nobody_may_what_the_ones_before_may_not() -> None:
    """Whoever reads the table can go by the order of the roles; what writes takes an editor at least."""
    writes = {"POST", "PUT", "PATCH", "DELETE"}
    reading = {
        *("/api/meta/search/indexsearch", "/api/meta/task/search", "/api/service/contracts/init"),
        *("/api/v1/selections/preview", "/api/v1/selections/check", "/api/v1/selections/convert", "/api/v1/whatIf"),
    }
    below = [
        label
        for label, role in TABLE.items()
        if role == "viewer" and label.split()[0] in writes and label.split()[1] not in reading
    ]
    assert all("/followers" in label or "{rest}" in label for label in below)


def test_a_viewer_follows_for_nobody_else(bearers: Asking) -> None:
    """An editor does, in any domain."""
    scene, clients = bearers.scene, bearers.clients
    fresh = Fresh(scene, scene.user)
    follow = next(route for route in ROUTES if route.label == "PUT /api/v1/dataProducts/{ref}/followers")
    path = path_of(follow, fresh)
    assert [clients[name].put(path, json=scene.user).status_code for name in ("viewer", "bound", "editor")] == [
        403,
        200,
        200,
    ]
    left = [clients[name].delete(f"{path}/{scene.user}").status_code for name in ("viewer", "bound", "editor")]
    assert left == [403, 200, 200]


@pytest.mark.parametrize(
    "place", ["dataProducts/{product}/assets", "dataProducts/{product}/inputPorts", "domains/{home}/assets"]
)
@pytest.mark.parametrize("base", BASES)
def test_a_dry_run_is_for_those_who_may(bearers: Asking, base: str, place: str) -> None:
    """It tells nobody else what they could have done; an editor it is told, and nothing is done."""
    scene, clients = bearers.scene, bearers.clients
    path = f"{base}/{place.format(product=Fresh(scene, scene.user).product, home=scene.home)}/add"
    body = {"assets": [{"id": scene.table, "type": "table"}], "dryRun": True}
    told = {name: clients[name].put(path, json=body).status_code for name in ("viewer", "bound", "editor")}
    assert told == {"viewer": 403, "bound": 403, "editor": 200}
