"""This surface, put together: one table of routes, below the base of each form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Response

from muster.api.openmetadata import estate, membership, server, shapes
from muster.api.openmetadata.collections import DOMAINS, PRODUCTS, Collection
from muster.api.openmetadata.errors import render
from muster.api.openmetadata.past import Past
from muster.api.openmetadata.patching import Patch
from muster.api.openmetadata.problem import REFUSALS
from muster.api.openmetadata.resource import Resource
from muster.api.openmetadata.voice import BASES, Form
from muster.api.openmetadata.wanted import Assets, Restored
from muster.api.paths import NAMES, REST
from muster.api.surface import Surface
from muster.api.web import Described, answered, body_of

Handler = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Route:
    """One route: `answer` is what it answers, `body` what it takes, `status` that of success, `others` further ones."""

    method: str
    path: str
    handler: Handler
    answer: Any
    body: Any = None
    status: int = 200
    others: tuple[int, ...] = ()


def _resource(of: Collection, one: Any, page: Any) -> Sequence[Route]:
    """Return the routes of a collection; what is matched first comes first."""
    its, past, path = Resource(of), Past(of), f"/{of.path}"
    named, by_ref = f"{path}/name/{{ref:{REST}}}", f"{path}/{{ref:{NAMES}}}"
    return (
        Route("GET", path, its.list_all, page),
        Route("POST", path, its.create, one, of.wanted, 201),
        Route("PUT", path, its.upsert, one, of.wanted, 200, (201,)),
        Route("PUT", f"{path}/restore", its.restore, one, Restored, 200, (202,)),
        Route("DELETE", f"{path}/async/{{ref:{REST}}}", its.remove_later, shapes.Job, None, 202),
        Route("GET", f"{by_ref}/versions", past.versions, shapes.Versions),
        Route("GET", f"{by_ref}/versions/{{version}}", past.version, one),
        Route("PUT", f"{by_ref}/followers", past.follow, shapes.ChangeEvent, str),
        Route("DELETE", f"{by_ref}/followers/{{user}}", past.unfollow, shapes.ChangeEvent),
        *(
            Route(method, there, handler, one, body)
            for there in (named, f"{path}/{{ref:{REST}}}")
            for method, handler, body in (
                ("GET", its.read_one, None),
                ("PATCH", its.patch, Patch),
                ("DELETE", its.remove, None),
            )
        ),
    )


def _members(form: Form) -> Sequence[Route]:
    """Return the routes about what products hold; the forms answer writes in two ways."""
    done = shapes.ProductTold if form is Form.DOCUMENTED else shapes.BulkResult
    products, domains = "/dataProducts", "/domains"
    refs = [f"{products}/name/{{ref:{NAMES}}}", f"{products}/{{ref:{NAMES}}}"]
    homes = [f"{domains}/name/{{ref:{NAMES}}}", f"{domains}/{{ref:{NAMES}}}"]
    return (
        Route("GET", f"{products}/assets/counts", membership.count_assets, dict[str, int]),
        Route("GET", f"{domains}/assets/counts", estate.count_domain_assets, dict[str, int]),
        Route("GET", f"{domains}/hierarchy", estate.read_hierarchy, shapes.Hierarchy),
        *(route for ref in refs for route in _product_members(ref, done)),
        *(
            route
            for home in homes
            for route in (
                Route("GET", f"{home}/assets", estate.read_domain_assets, shapes.ReferencePage),
                Route("PUT", f"{home}/assets/add", estate.add_domain_assets, shapes.Shape, Assets),
                Route("PUT", f"{home}/assets/remove", estate.remove_domain_assets, shapes.Shape, Assets),
            )
        ),
    )


def _product_members(ref: str, done: Any) -> Sequence[Route]:
    places = (
        ("assets", membership.add_assets, membership.remove_assets),
        ("inputPorts", membership.INPUT.add, membership.INPUT.remove),
        ("outputPorts", membership.OUTPUT.add, membership.OUTPUT.remove),
    )
    return (
        *(Route("PUT", f"{ref}/{name}/add", add, done, Assets) for name, add, _ in places),
        *(Route("PUT", f"{ref}/{name}/remove", remove, done, Assets) for name, _, remove in places),
        Route("GET", f"{ref}/assets", membership.read_assets, shapes.ReferencePage),
        Route("GET", f"{ref}/inputPorts", membership.INPUT.read_some, shapes.PortPage),
        Route("GET", f"{ref}/outputPorts", membership.OUTPUT.read_some, shapes.PortPage),
        Route("GET", f"{ref}/portsView", membership.read_ports, shapes.PortsView),
    )


PEOPLE: Final = (
    Route("GET", "/users", server.list_users, shapes.UserPage),
    Route("GET", "/users/loggedInUser", server.read_caller, shapes.UserTold),
    Route("GET", f"/users/name/{{name:{REST}}}", server.read_user_by_name, shapes.UserTold),
    Route("GET", "/users/{id}", server.read_user, shapes.UserTold),
    Route("GET", "/teams", server.list_teams, shapes.UserPage),
    Route("GET", f"/teams/name/{{name:{REST}}}", server.read_team_by_name, shapes.UserTold),
    Route("GET", "/teams/{id}", server.read_team, shapes.UserTold),
)


def _routes(form: Form, version: str) -> Sequence[Route]:
    about = Route("GET", server.VERSION_PATH, server.About(version).tell, shapes.ServerVersion)
    products = _resource(PRODUCTS, shapes.ProductTold, shapes.ProductPage)
    domains = _resource(DOMAINS, shapes.DomainTold, shapes.DomainPage)
    return (about, *PEOPLE, *_members(form), *products, *domains)


def openmetadata(form: Form, version: str) -> Surface:
    """Return the surface in one form; `version` is the release of OpenMetadata that it says it is."""
    router, base = APIRouter(), BASES[form]
    for one in _routes(form, version):
        described = answered(REFUSALS, one.answer, "Done.", status=one.status)
        more: Described = {status: {"model": one.answer if status == 201 else shapes.Job} for status in one.others}
        extra = body_of(one.body) if one.body is not None else {}
        if one.path == server.VERSION_PATH:
            extra = {"security": []}
        router.add_api_route(
            base + one.path,
            one.handler,
            methods=[one.method],
            status_code=one.status,
            responses={**described, **more},
            openapi_extra=extra,
            response_model=None,
            tags=[one.path.split("/")[1]],
            operation_id=None,
        )
    name = "openmetadata" if form is Form.DOCUMENTED else "openmetadata-sdk"
    return Surface(name, (base,), router, render, open=frozenset({base + server.VERSION_PATH}))
