"""Policies: when products are synced, what their runs may move by themselves, how fresh they are to be, what is kept."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Response

from muster.api.bodies import read
from muster.api.own.shapes_keeping import Effective, Policing, Policy
from muster.api.own.web import BASE, ProductRef, answers
from muster.api.paths import NAMES
from muster.api.web import Admin, Body, Editor, Viewer, body_of, done, told
from muster.policy import Stated
from muster.service import policing
from muster.service.dotted import product
from muster.service.policing import EVERYTHING, Scope
from muster.service.workspace import Workspace
from muster.views import keeping as views

router = APIRouter(prefix=BASE, tags=["policies"])

DOMAIN: Final = f"/domains/{{ref:{NAMES}}}/policy"
PRODUCT: Final = f"/dataProducts/{{ref:{NAMES}}}/policy"

DomainRef = Annotated[
    str,
    Path(
        description="The domain: its guid, qualified name, or dotted name such as `Marketing.Emea`.",
        examples=["Marketing"],
    ),
]
SAID: Final = answers(Policy, "What is said for it.")
GONE: Final = answers(description="What is said around it holds now.")
BODY: Final = body_of(Policing)


@router.get("/policy", responses=SAID)
def policy(caller: Viewer) -> Response:
    """Read what is said for all products."""
    return _read(caller.work, EVERYTHING)


@router.put("/policy", responses=SAID, openapi_extra=BODY)
def put_policy(caller: Admin, body: Body) -> Response:
    """Let a policy hold for all products, in the place of the one before."""
    return _put(caller.work, EVERYTHING, body, ())


@router.delete("/policy", status_code=204, responses=GONE)
def delete_policy(caller: Admin) -> Response:
    """Take back what is said for all products."""
    policing.take_away(caller.work, EVERYTHING)
    return done()


@router.get(DOMAIN, responses=SAID)
def policy_of_domain(caller: Viewer, ref: DomainRef) -> Response:
    """Read what is said for the products of a domain, and of those below it."""
    return _read(caller.work, policing.of_domain(caller.work, ref))


@router.put(DOMAIN, responses=SAID, openapi_extra=BODY)
def put_policy_of_domain(caller: Editor, ref: DomainRef, body: Body) -> Response:
    """Let a policy hold for the products of a domain, and of those below it, in the place of the one before."""
    return _put(caller.work, policing.of_domain(caller.work, ref), body, caller.within)


@router.delete(DOMAIN, status_code=204, responses=GONE)
def delete_policy_of_domain(caller: Editor, ref: DomainRef) -> Response:
    """Take back what is said for a domain."""
    policing.take_away(caller.work, policing.of_domain(caller.work, ref), within=caller.within)
    return done()


@router.get(f"{PRODUCT}/effective", responses=answers(Effective, "What holds, from where, and when it is due."))
def effective_policy(caller: Viewer, ref: ProductRef) -> Response:
    """Say what holds for a product: its own policy, within those of its domains and that of everything."""
    found = policing.effective_of(caller.work, product(caller.work, ref))
    return told(views.effective(found, policing.names(caller.work, found.scopes)))


@router.get(PRODUCT, responses=SAID)
def policy_of_product(caller: Viewer, ref: ProductRef) -> Response:
    """Read what is said for a product itself."""
    return _read(caller.work, policing.of_product(caller.work, ref))


@router.put(PRODUCT, responses=SAID, openapi_extra=BODY)
def put_policy_of_product(caller: Editor, ref: ProductRef, body: Body) -> Response:
    """Let a policy hold for a product, in the place of the one before."""
    return _put(caller.work, policing.of_product(caller.work, ref), body, caller.within)


@router.delete(PRODUCT, status_code=204, responses=GONE)
def delete_policy_of_product(caller: Editor, ref: ProductRef) -> Response:
    """Take back what is said for a product."""
    policing.take_away(caller.work, policing.of_product(caller.work, ref), within=caller.within)
    return done()


def _read(work: Workspace, scope: Scope) -> Response:
    return _told(work, scope, policing.policy_of(work, scope))


def _put(work: Workspace, scope: Scope, body: bytes, within: tuple[str, ...]) -> Response:
    said = read(Policing, body).model_dump(by_alias=True, exclude_none=True)
    return _told(work, scope, policing.put(work, scope, policing.read(said), within=within))


def _told(work: Workspace, scope: Scope, stated: Stated | None) -> Response:
    return told(views.policy(scope, stated, policing.names(work, [scope])))
