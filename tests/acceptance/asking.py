"""A request of each route that is done when whoever sends it may: for tests that go through all routes."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any
from urllib.parse import quote

import httpx

from tests.acceptance.routes import Route
from tests.acceptance.serving import Served

Json = Any

BASES = ("/sdk/2.0/api/v1", "/api/v1")
"""Below which there are OpenMetadata's routes, and Muster's own."""
DEFINED = "/api/meta/types/typedefs"
TABLE = "default/snowflake/1700000000/shop/core/orders"
UNKNOWN = "00000000-0000-4000-8000-000000000000"
SELECTION = "type:Table"
DYING = 60.0
"""Seconds until a webhook that leads nowhere has given up an event."""
HOOKS = 40
"""Webhooks that are there at once: a service lets nobody have more than a hundred."""
NOWHERE = "https://192.31.196.1/in"
"""An address of the open internet at which nobody receives anything (RFC 7535)."""
SETTINGS = {"MUSTER_SERVE_ATTEMPTS": "1000000", "MUSTER_HOOKS_TRIES": "1", "MUSTER_HOOKS_TIMEOUT": "1"}
"""With which a service can be asked everything: whoever fails to show a token is never turned away for too many tries,
and what is sent to nobody is a dead letter at once."""

BODIES: Mapping[str, Json] = {
    "POST /api/meta/entity/bulk": {
        "entities": [
            {
                "typeName": "DataProduct",
                "guid": "-1",
                "attributes": {
                    "name": "$new",
                    "qualifiedName": "$new",
                    "dataDomain": {"typeName": "DataDomain", "guid": "$home"},
                    "dataProductAssetsDSL": '{"query": {"match_all": {}}}',
                },
            }
        ]
    },
    "PUT /api/meta/entity/uniqueAttribute/type/{type_name}": {"entity": {"attributes": {"userDescription": "$new"}}},
    "POST /api/meta/search/indexsearch": {"dsl": {"query": {"match_all": {}}}},
    "POST /api/meta/entity/guid/{guid}/businessmetadata": {"$set": {"$attribute": "x"}},
    "POST /api/meta/entity/guid/{guid}/businessmetadata/{name}": {"$attribute": "x"},
    "PUT /api/meta/entity/guid/{guid}/classifications": [{"typeName": "$tag"}],
    "POST /api/meta/entity/guid/{guid}/classifications": [{"typeName": "$tag"}],
    "PUT /api/meta/entity/uniqueAttribute/type/{type_name}/classifications": [{"typeName": "$tag"}],
    "POST /api/meta/entity/uniqueAttribute/type/{type_name}/classifications": [{"typeName": "$tag"}],
    "POST /api/meta/types/typedefs": {"classificationDefs": [{"name": "$new", "displayName": "$new"}]},
    "PUT /api/meta/types/typedefs": {"classificationDefs": [{"name": "$typedef", "displayName": "$new"}]},
    "POST /api/service/contracts/init": {"assetType": "Table", "assetQualifiedName": TABLE},
    "POST /api/meta/task/search": {},
    "POST /api/service/oauth-clients/token": {"clientId": "admin", "clientSecret": "$secret"},
    "POST /dataProducts": {"name": "$new", "description": "d", "domains": ["$home"]},
    "PUT /dataProducts": {
        "name": "$new",
        "displayName": "P",
        "description": "d",
        "domains": ["$home"],
        "owners": [{"id": "$user", "type": "user"}],
        "experts": ["admin"],
        "reviewers": [{"id": "$user", "type": "user"}],
        "tags": [{"tagFQN": "$tag", "source": "Classification"}],
        "style": {"color": "#fff", "iconURL": "http://icon", "coverImage": {"url": "x"}},
        "visibility": "PUBLIC",
        "portfolioPriority": "HIGH",
        "lifecycleStage": "DESIGN",
        "entityStatus": "Draft",
        "dataProductType": "DATASET",
        "sla": {"tier": "GOLD", "availability": 99.5, "dataQuality": 90, "responseTime": 5},
        "consumesFrom": [{"id": "$table", "type": "table"}],
        "providesTo": [{"id": "$table", "type": "table"}],
        "extension": {"selection": SELECTION, "a": {"b": 1}},
    },
    "PATCH /dataProducts/{ref}": [{"op": "add", "path": "/displayName", "value": "$new"}],
    "PUT /dataProducts/restore": {"id": "$archived"},
    "PUT /dataProducts/{ref}/followers": "$me",
    "POST /domains": {"name": "$new", "description": "d", "domainType": "Aggregate", "parent": "$home"},
    "PUT /domains": {
        "name": "$new",
        "displayName": "D",
        "description": "d",
        "domainType": "Aggregate",
        "parent": "$home",
        "owners": [{"id": "$user", "type": "user"}],
        "experts": ["admin"],
        "tags": [{"tagFQN": "$tag"}],
        "style": {"color": "#fff"},
        "extension": {"a": 1},
    },
    "PATCH /domains/{ref}": [{"op": "add", "path": "/displayName", "value": "$new"}],
    "PUT /domains/restore": {"id": "$archived_domain"},
    "PUT /domains/{ref}/followers": "$me",
    "POST /dataProducts/{ref}/pins": {"assets": ["$table", {"id": "$table"}], "reason": "r", "expiresAt": "30d"},
    "POST /dataProducts/{ref}/exclusions": {"assets": ["$table"], "reason": "r"},
    "POST /dataProducts/{ref}/sync": {"force": True},
    "PUT /dataProducts/{ref}/selection": {"selection": "type:View", "face": "shorthand"},
    "POST /products": {"name": "$new", "selection": SELECTION, "domain": "Home", "description": "d", "owners": ["ada"]},
    "PATCH /products/{ref}": {"name": "$new", "selection": "type:View", "description": "d", "owners": ["ada"]},
    "POST /products/sync": {"products": ["$product"], "force": True},
    "POST /products/{ref}/withdraw": {"assets": ["$table"]},
    "POST /selections/preview": {"selection": SELECTION, "limit": 1, "sort": ["name.keyword"], "replaces": "$product"},
    "PUT /policy": {"keep": 1000},
    "PUT /domains/{ref}/policy": {"schedule": {"cron": "0 6 * * *", "timeZone": "Europe/Berlin"}, "freshness": "1d"},
    "PUT /dataProducts/{ref}/policy": {"schedule": {"every": "15m"}, "percent": 20, "least": 5, "mayEmpty": True},
    "POST /dataProducts/{ref}/runs/{run}/approve": {"reason": "r"},
    "POST /dataProducts/{ref}/runs/{run}/reject": {"reason": "r"},
    "POST /whatIf": {"owner": "crew", "renamedTo": "team", "limit": 1},
    "POST /webhooks": {"url": NOWHERE},
    "PATCH /webhooks/{guid}": {"description": "$new"},
    "POST /webhooks/{guid}/replay": {"after": 0},
    "POST /webhooks/{guid}/rotate": {"overlap": 60},
    "POST /selections/check": {"selection": SELECTION},
    "POST /selections/convert": {"selection": SELECTION, "to": "wire"},
    **{
        f"PUT {ref}/{what}/{how}": {"assets": [{"id": table, "type": "table"}]}
        for ref, what, how, table in (
            ("/dataProducts/{ref}", "assets", "add", "$table"),
            ("/dataProducts/{ref}", "assets", "remove", "$table"),
            ("/dataProducts/{ref}", "inputPorts", "add", "$table"),
            ("/dataProducts/{ref}", "inputPorts", "remove", "$table"),
            ("/dataProducts/{ref}", "outputPorts", "add", "$table"),
            ("/dataProducts/{ref}", "outputPorts", "remove", "$view"),
            ("/domains/{ref}", "assets", "add", "$table"),
            ("/domains/{ref}", "assets", "remove", "$table"),
        )
    },
}
"""By method and path, of OpenMetadata's without base and `/name`; a text that begins with `$` stands for what there is."""

QUERIES: Mapping[str, Mapping[str, str]] = {
    "DELETE /api/meta/entity/bulk": {"guid": "$product"},
    "GET /dataProducts/{ref}/difference": {"from": "$then"},
    **{
        f"{method} /api/meta/entity/uniqueAttribute/type/{{type_name}}{rest}": {"attr:qualifiedName": "$qualified"}
        for method, rest in (
            ("GET", ""),
            ("PUT", ""),
            ("PUT", "/classifications"),
            ("POST", "/classifications"),
        )
    },
    "DELETE /api/meta/entity/uniqueAttribute/type/{type_name}/classification/{tag}": {
        "attr:qualifiedName": "$qualified_tagged"
    },
    "GET /members": {"of": "$product"},
    "GET /members/count": {"of": "$product"},
}
"""What has to stand in the query."""

PATHS: tuple[tuple[str, Mapping[str, str]], ...] = (
    (r"/openapi/", {"name": "muster"}),
    (r"/businessmetadata/", {"guid": "$product", "name": "$set"}),
    (r"/api/meta/entity/.*/classification/", {"guid": "$tagged", "type_name": "DataProduct", "tag": "$tag"}),
    (r"/api/meta/entity/", {"guid": "$product", "type_name": "DataProduct"}),
    (r"/typedef/name/", {"name": "$typedef"}),
    (r"\{rest\}", {"rest": "nothing/here"}),
    (r"/users/name/", {"name": "admin"}),
    (r"/users/", {"id": "$user"}),
    (r"/teams/name/", {"name": "crew"}),
    (r"/teams/", {"id": "$team"}),
    (r"/assets/\{ref\}/", {"ref": "$table"}),
    (r"/pins/", {"ref": "$pinned", "asset": "$table"}),
    (r"/exclusions/", {"ref": "$excluded", "asset": "$table"}),
    (r"/webhooks/.*/redeliver", {"guid": "$told", "number": "$event"}),
    (r"/webhooks/", {"guid": "$hook"}),
    (r"/runs/\{run\}/", {"ref": "$product", "run": "$held"}),
    (r"/runs/\{run\}", {"ref": "$product", "run": "$run"}),
    (r"/products/\{ref\}/withdraw", {"ref": "$pinned"}),
    (r"/v1/products/", {"ref": "$product"}),
    (r"/dataProducts/name/.*/(in|out)putPorts/remove", {"ref": "$ported_name"}),
    (r"/dataProducts/.*/(in|out)putPorts/remove", {"ref": "$ported"}),
    (r"/domains/name/.*/assets/remove", {"ref": "$assigned_name"}),
    (r"/domains/.*/assets/remove", {"ref": "$assigned"}),
    (r"/dataProducts/name/", {"ref": "$product_name"}),
    (r"/domains/name/", {"ref": "$domain_name"}),
    (r"/dataProducts/", {"ref": "$product", "asset": "$table", "version": "0.1", "user": "$me"}),
    (r"/domains/", {"ref": "$domain", "version": "0.1", "user": "$me"}),
)
"""What the parameters of a path are, by the first pattern that is found in it."""


@dataclass
class Scene:
    """A served catalog: a table with an owning team, a view, a domain called Home, a tag, a set of custom metadata."""

    one: Served
    http: httpx.Client
    numbers: count[int] = field(default_factory=count)
    hooks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make what there is."""
        self.home = self.told("PUT", "/api/v1/domains", name="Home", description="d", domainType="Aggregate")["id"]
        table = {"name": "orders", "qualifiedName": TABLE, "ownerGroups": ["crew"]}
        view = {"name": "orders of today", "qualifiedName": f"{TABLE}_of_today"}
        entities = [
            {"typeName": "Table", "guid": "-1", "attributes": table},
            {"typeName": "View", "guid": "-2", "attributes": view},
        ]
        made = self.told("POST", "/api/meta/entity/bulk", entities=entities)["guidAssignments"]
        self.table, self.view = made["-1"], made["-2"]
        said = {"name": "Set", "displayName": "Set", "attributeDefs": [{"displayName": "A", "typeName": "string"}]}
        made = self.told(
            "POST",
            DEFINED,
            classificationDefs=[{"name": "Tag", "displayName": "Tag"}],
            businessMetadataDefs=[said],
        )
        self.tag = made["classificationDefs"][0]["name"]
        custom = made["businessMetadataDefs"][0]
        self.set, self.attribute = custom["name"], custom["attributeDefs"][0]["name"]
        self.user = self.http.get("/api/v1/users/name/admin").json()["id"]
        self.team = self.http.get("/api/v1/teams/name/crew").json()["id"]

    def told(self, method: str, path: str, **said: Json) -> Json:
        """Send a body as an admin, and return the answer."""
        answer = self.http.request(method, path, json=said)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def name(self) -> str:
        """Return a name that nothing has."""
        return f"N{next(self.numbers)}"


@dataclass
class Fresh:
    """What one request is about, made when it is first asked for."""

    scene: Scene
    me: str

    @cached_property
    def new(self) -> str:
        """A name."""
        return self.scene.name()

    @cached_property
    def _made(self) -> Json:
        said = {
            "name": self.scene.name(),
            "description": "d",
            "domains": ["Home"],
            "extension": {"selection": "type:View"},
        }
        return self.scene.told("PUT", "/api/v1/dataProducts", **said)

    @property
    def product(self) -> str:
        """A product."""
        return str(self._made["id"])

    @property
    def product_name(self) -> str:
        """Its dotted name."""
        return str(self._made["fullyQualifiedName"])

    @cached_property
    def qualified(self) -> str:
        """Its qualified name."""
        entity = self.scene.http.get(f"/api/meta/entity/guid/{self.product}").json()["entity"]
        return str(entity["attributes"]["qualifiedName"])

    @cached_property
    def archived(self) -> str:
        """It, archived."""
        assert self.scene.http.delete(f"/api/v1/dataProducts/{self.product}").is_success
        return self.product

    @cached_property
    def pinned(self) -> str:
        """It, with the table pinned."""
        return self._decided("pins")

    @cached_property
    def excluded(self) -> str:
        """It, with the table excluded."""
        return self._decided("exclusions")

    def _decided(self, how: str) -> str:
        path = f"/api/v1/dataProducts/{self.product}/{how}"
        self.scene.told("POST", path, assets=[self.scene.table], reason="r")
        return self.product

    @cached_property
    def run(self) -> str:
        """The number of its last run."""
        return str(self.scene.told("POST", f"/api/v1/dataProducts/{self.product}/sync")["run"]["run"])

    @property
    def then(self) -> str:
        """When that was."""
        return f"run:{self.run}"

    @cached_property
    def held(self) -> str:
        """The number of a run of it that was held for emptying it; nobody but we sync it."""
        path = f"/api/v1/dataProducts/{self.product}"
        self.scene.told("PUT", f"{path}/policy", schedule="manual")
        assert self.run
        self.scene.told("PUT", f"{path}/selection", selection="type:View name:nothing")
        run = self.scene.told("POST", f"{path}/sync")["run"]
        assert run["outcome"] == "held", run
        return str(run["run"])

    @cached_property
    def hook(self) -> str:
        """A webhook that leads to nobody; it is told of the product alone, or there would be no end to telling."""
        made = str(self.scene.told("POST", "/api/v1/webhooks", url=NOWHERE, product=self.product)["id"])
        self.scene.hooks.append(made)
        if len(self.scene.hooks) > HOOKS:
            self.scene.http.delete(f"/api/v1/webhooks/{self.scene.hooks.pop(0)}")
        return made

    @cached_property
    def _dead(self) -> tuple[str, str]:
        """A webhook of its own, and the number of an event of a later run, once it has that as a dead letter."""
        other, until = Fresh(self.scene, self.me), time.monotonic() + DYING
        path = f"/api/v1/webhooks/{other.hook}/deliveries"
        assert other.run
        while not (dead := self.scene.http.get(path, params={"status": "dead"}).json()["data"]):
            assert time.monotonic() < until, self.scene.http.get(path).text
            time.sleep(0.1)
        return other.hook, str(dead[0]["number"])

    @property
    def event(self) -> str:
        """The number of an event that a webhook has as a dead letter."""
        return self._dead[1]

    @property
    def told(self) -> str:
        """That webhook."""
        return self._dead[0]

    @cached_property
    def ported(self) -> str:
        """It, with the table as an input port and the view as an output port."""
        for name, asset in (("inputPorts", self.scene.table), ("outputPorts", self.scene.view)):
            path = f"/api/v1/dataProducts/{self.product}/{name}/add"
            self.scene.told("PUT", path, assets=[{"id": asset, "type": "table"}])
        return self.product

    @property
    def ported_name(self) -> str:
        """The dotted name of that."""
        return self.product_name if self.ported else ""

    @cached_property
    def tagged(self) -> str:
        """It, with the tag."""
        path = f"/api/meta/entity/guid/{self.product}/classifications"
        assert self.scene.http.post(path, json=[{"typeName": self.scene.tag}]).is_success
        return self.product

    @property
    def qualified_tagged(self) -> str:
        """The qualified name of that."""
        return self.qualified if self.tagged else ""

    @cached_property
    def _made_domain(self) -> Json:
        said = {"name": self.scene.name(), "description": "d", "domainType": "Aggregate", "parent": "Home"}
        return self.scene.told("PUT", "/api/v1/domains", **said)

    @property
    def domain(self) -> str:
        """A domain."""
        return str(self._made_domain["id"])

    @property
    def domain_name(self) -> str:
        """Its dotted name."""
        return str(self._made_domain["fullyQualifiedName"])

    @cached_property
    def assigned(self) -> str:
        """It, with the table."""
        path = f"/api/v1/domains/{self.domain}/assets/add"
        self.scene.told("PUT", path, assets=[{"id": self.scene.table, "type": "table"}])
        return self.domain

    @property
    def assigned_name(self) -> str:
        """The dotted name of that."""
        return self.domain_name if self.assigned else ""

    @cached_property
    def archived_domain(self) -> str:
        """It, archived."""
        assert self.scene.http.delete(f"/api/v1/domains/{self.domain}").is_success
        return self.domain

    @cached_property
    def typedef(self) -> str:
        """A tag that nothing has."""
        said = {"name": self.scene.name(), "displayName": self.scene.name()}
        return str(self.scene.told("POST", DEFINED, classificationDefs=[said])["classificationDefs"][0]["name"])

    @property
    def secret(self) -> str:
        """An admin's token."""
        return self.scene.one.token

    def meant(self, said: Json) -> Json:
        """Return what is said with what there is in the places of words that begin with `$`."""
        match said:
            case str() if said.startswith("$"):
                name = said.removeprefix("$")
                return getattr(self, name) if hasattr(type(self), name) or name == "me" else getattr(self.scene, name)
            case dict():
                return {self.meant(name): self.meant(value) for name, value in said.items()}
            case list():
                return [self.meant(one) for one in said]
            case _:
                return said


def key(route: Route) -> str:
    """Return the key that a route has in the tables above."""
    base = next((base for base in BASES if route.path.startswith(f"{base}/")), "")
    return f"{route.method} {route.path.removeprefix(base).replace('/name/{ref}', '/{ref}')}"


def path_of(route: Route, fresh: Fresh, **instead: str) -> str:
    """Return the path of a route with its parameters filled in; `instead` says some of them, encoded already."""
    names = re.findall(r"\{(\w+)\}", route.path)
    known = next((known for pattern, known in PATHS if re.search(pattern, route.path)), {})
    filled = {name: instead.get(name) or quote(str(fresh.meant(known[name])), safe="") for name in names}
    return route.path.format(**filled)


def asked(route: Route, fresh: Fresh) -> dict[str, Any]:
    """Return a request of a route that whoever may is answered: method, path, query and body."""
    said: dict[str, Any] = {"method": route.method, "url": path_of(route, fresh)}
    if key(route) in QUERIES:
        said["params"] = fresh.meant(QUERIES[key(route)])
    if key(route) in BODIES:
        said["json"] = fresh.meant(BODIES[key(route)])
    return said
