"""Pins and exclusions: what was decided by hand for a product, decisions to make, decisions to take back."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, Field, WithJsonSchema

from muster import views
from muster.api.bodies import Asked, read
from muster.api.own.running import running
from muster.api.own.shapes import TIME, Standings
from muster.api.own.shapes_selections import GUID, ORDERS
from muster.api.own.web import BASE, MOST, AssetRef, Cursor, Limit, ProductRef, answers
from muster.api.paths import NAMES, REST
from muster.api.pointing import pointed
from muster.api.web import Body, Editor, Viewer, body_of, done, told
from muster.errors import InvalidInput
from muster.membership import Decision
from muster.service import decide as deciding
from muster.service.decide import Given
from muster.service.dotted import product, remembered
from muster.service.moments import moment
from muster.service.standing import Asked as AskedFor
from muster.service.standing import Stood, about, standing

router = APIRouter(prefix=f"{BASE}/dataProducts", tags=["pins and exclusions"])

LONGEST: Final = 10_000
"""Characters of a reason."""


def _asset(said: Any) -> str:
    """Return what names an asset: a text, or an object with its guid, as OpenMetadata refers to one."""
    match said:
        case str(name) | {"id": str(name)} if name:
            return name
        case _:
            raise ValueError('an asset is a guid, a qualified name, or `{"id": guid}`')


def _reason(said: str) -> str:
    if not said.strip():
        raise ValueError("a decision needs a reason")
    return said


def _time(said: Any) -> str | int | None:
    match said:
        case None | str():
            return said
        case int() if not isinstance(said, bool):
            return said
    raise ValueError("a time is a text such as `30d` or `2026-12-31`, or milliseconds since 1970")


SaidAsset = Annotated[
    Any,
    AfterValidator(_asset),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "object", "properties": {"id": {"type": "string", "minLength": 1}}, "required": ["id"]},
            ]
        }
    ),
]
SaidTime = Annotated[
    Any,
    AfterValidator(_time),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}),
]


class Deciding(Asked):
    """Assets to pin, or to exclude, and why."""

    assets: list[SaidAsset] = Field(
        min_length=1, max_length=MOST, description="By guid or qualified name.", examples=[[ORDERS, {"id": GUID}]]
    )
    reason: Annotated[str, AfterValidator(_reason)] = Field(
        max_length=LONGEST, description="Kept with the decision.", examples=["the auditors read it"]
    )
    expires_at: SaidTime = Field(
        default=None,
        description="When it ends by itself: an ISO date or time, milliseconds since 1970, or a span such as `30d`.",
        examples=["30d"],
    )


Ended = Annotated[bool, Query(alias="all", description="List those that ended as well.")]


def _serve(decision: Decision, name: str) -> None:
    """Add the routes of one kind of decision."""

    @router.get(f"/{{ref:{NAMES}}}/{name}", summary=f"List {name}", responses=answers(Standings, f"The {name}."))
    def listed(
        caller: Viewer,
        ref: ProductRef,
        limit: Limit = 100,
        cursor: Cursor = None,
        ended: Ended = False,  # noqa: FBT002 - a flag of a query
    ) -> Response:
        """List what stands by hand, with reason and author, in the order in which the assets came to the catalog."""
        found = remembered(caller.work, ref)
        with running("", "/query"):
            some = standing(caller.work, found, AskedFor(decision, limit, cursor, ended))
        paging = {"total": some.total} | ({} if some.next is None else {"next": some.next})
        return told({"data": _views(some.shown), "paging": paging})

    @router.post(
        f"/{{ref:{NAMES}}}/{name}",
        summary=f"Add {name}",
        responses=answers(Standings, "What stands about the assets now."),
        openapi_extra=body_of(Deciding),
    )
    def decide(caller: Editor, ref: ProductRef, body: Body) -> Response:
        """Decide by hand, whatever the selection says; it takes the place of what stood about an asset. All or none."""
        said, work = read(Deciding, body), caller.work
        found = product(work, ref)
        given = Given(said.reason, _until(said.expires_at, work.clock()), caller.within)
        with pointed("/assets"):
            decided = deciding.decide(work, found.entity.guid, said.assets, decision, given)
        stood = about(work, found, decision, decided)
        return told({"data": _views(stood), "paging": {"total": len(stood)}})

    @router.delete(
        f"/{{ref:{NAMES}}}/{name}/{{asset:{REST}}}",
        status_code=204,
        summary=f"Take back one of the {name}",
        responses=answers(description="It is taken back."),
    )
    def withdraw(caller: Editor, ref: ProductRef, asset: AssetRef) -> Response:
        """Take a decision back: from now on the selection counts for the asset."""
        found = product(caller.work, ref)
        deciding.withdraw(caller.work, found.entity.guid, [asset], only=decision, within=caller.within)
        return done()


_serve(Decision.PIN, "pins")
_serve(Decision.EXCLUSION, "exclusions")


def _until(said: str | int | None, now: int) -> int | None:
    """Return when a decision ends, in ms since 1970.

    Raises:
        InvalidInput: it is no time, or past.
    """
    if said is None:
        return None
    with pointed("/expiresAt"):
        found = moment(said, now)
        if found <= now:
            raise InvalidInput("the expiry is in the past", hint=f"write `30d`, or a time such as `{TIME}` to come")
    return found


def _views(shown: tuple[Stood, ...]) -> list[dict[str, Any]]:
    return [views.standing(one.standing, one.asset) for one in shown]
