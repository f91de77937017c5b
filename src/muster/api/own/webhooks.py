"""Webhooks: who is told of events over HTTP, how that goes, and what to do where it does not."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from muster.api.bodies import read
from muster.api.openmetadata.problem import REFUSALS
from muster.api.own.shapes_events import (
    Changing,
    Deliveries,
    Delivery,
    NewWebhook,
    Replaying,
    Rotating,
    Subscribing,
    Tested,
    Webhook,
    Webhooks,
)
from muster.api.own.shapes_selections import GUID
from muster.api.own.web import BASE, Limit, answers
from muster.api.web import Admin, Body, answered, body_of, done, told
from muster.hook import Status
from muster.service.changes import NUMBERS
from muster.service.hooks import pinging, subscribing
from muster.service.hooks.subscribing import Changes, Out, Wanted
from muster.service.telling import kinds
from muster.views import events as views

router = APIRouter(prefix=f"{BASE}/webhooks", tags=["webhooks"])

LAST: Final = NUMBERS.stop - 1

HookId = Annotated[str, Path(description="The webhook's id.", examples=[GUID])]
EventNumber = Annotated[int, Path(ge=1, le=LAST, description="The number of the event.", examples=[1])]
OfStatus = Annotated[Status | None, Query(alias="status", description="Only deliveries that stand so.")]
Before = Annotated[int | None, Query(ge=1, le=LAST, description="Only deliveries of events with a lower number.")]


async def _out(request: Request) -> Out:
    """Return the way out of the service."""
    found: Out = request.app.state.out
    return found


WayOut = Annotated[Out, Depends(_out)]


@router.post(
    "",
    status_code=201,
    responses=answered(REFUSALS, NewWebhook, "It is told what happens; keep its secret.", status=201),
    openapi_extra=body_of(Subscribing),
)
def subscribe(caller: Admin, out: WayOut, body: Body) -> Response:
    """Tell a receiver of events from now on, or from an earlier one on. The secret of its signatures is told this once."""
    said = read(Subscribing, body)
    scope = subscribing.scope(caller.work, said.product, said.domain)
    wanted = Wanted(said.url, scope, kinds(said.types or ()), said.description, said.after)
    made = subscribing.subscribe(caller.work, out, wanted)
    return told({**views.hook(made), "secret": made.secret}, 201)


@router.get("", responses=answers(Webhooks, "All of them, the oldest first."))
def webhooks(caller: Admin) -> Response:
    """List webhooks, and how far each has come."""
    found = [*map(views.hook, caller.work.record.hooks())]
    return told({"data": found, "paging": {"total": len(found)}})


@router.get("/{guid}", responses=answers(Webhook, "The webhook."))
def webhook(caller: Admin, guid: HookId) -> Response:
    """Read a webhook."""
    return told(views.hook(caller.work.record.hook(guid)))


@router.patch("/{guid}", responses=answers(Webhook, "It is so from now on."), openapi_extra=body_of(Changing))
def change(caller: Admin, out: WayOut, guid: HookId, body: Body) -> Response:
    """Change a webhook, pause or resume it. A delivery that failed is tried at once, as often as one that did not."""
    said = read(Changing, body)
    moved = said.model_fields_set & {"product", "domain"}
    changes = Changes(
        url=said.url,
        scope=subscribing.scope(caller.work, said.product, said.domain) if moved else None,
        kinds=None if said.types is None else kinds(said.types),
        description=said.description,
        paused=said.paused,
    )
    return told(views.hook(subscribing.change(caller.work, out, guid, changes)))


@router.delete("/{guid}", status_code=204, responses=answers(description="Nothing is sent any more."))
def unsubscribe(caller: Admin, guid: HookId) -> Response:
    """Delete a webhook, with what is known of its deliveries."""
    caller.work.record.delete_hook(guid)
    return done()


@router.post("/{guid}/test", responses=answers(Tested, "How the receiver took it."))
def ping(caller: Admin, out: WayOut, guid: HookId) -> Response:
    """Send a ping now, signed as events are, and tell how the receiver takes it. A webhook that is paused gets it too."""
    return told(views.pinged(pinging.ping(caller.work, out, guid, views.ping)))


@router.post(
    "/{guid}/rotate",
    responses=answers(NewWebhook, "It signs by another secret; keep that."),
    openapi_extra=body_of(Rotating),
)
def rotate(caller: Admin, guid: HookId, body: Body) -> Response:
    """Give a webhook another secret, which is told this once. For a while the one before signs as well."""
    said = read(Rotating, body)
    made = subscribing.rotate(caller.work, guid, said.overlap * 1_000)
    return told({**views.hook(made), "secret": made.secret})


@router.post(
    "/{guid}/replay",
    responses=answers(Webhook, "It is told everything since, in order."),
    openapi_extra=body_of(Replaying),
)
def replay(caller: Admin, guid: HookId, body: Body) -> Response:
    """Tell a webhook everything after an event once more, under the same ids. Dead letters since are tried anew."""
    said = read(Replaying, body)
    return told(views.hook(subscribing.replay(caller.work, guid, said.after)))


@router.get("/{guid}/deliveries", responses=answers(Deliveries, "Deliveries, the latest event first."))
def deliveries(
    caller: Admin, guid: HookId, limit: Limit = 100, before: Before = None, status: OfStatus = None
) -> Response:
    """List how deliveries went: those that are dead, those that are tried again, and the last thousand that went well."""
    found = caller.work.record.deliveries(guid, limit=limit + 1, before=before, status=status)
    return told(views.deliveries(found, limit))


@router.post(
    "/{guid}/deliveries/{number}/redeliver",
    status_code=202,
    responses=answered(REFUSALS, Delivery, "It is tried once more, beside what happens.", status=202),
)
def redeliver(caller: Admin, guid: HookId, number: EventNumber) -> Response:
    """Have an event delivered once more that is a dead letter, or went well; other events do not wait for it."""
    return told(views.delivery(subscribing.redeliver(caller.work, guid, number)), 202)
