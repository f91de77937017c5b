"""Events, and who is told of them, as JSON; an event is a CloudEvent 1.0. Keys are documented in docs/reference/events.md."""

from collections.abc import Sequence
from typing import Any, Final

import orjson

from muster import views
from muster.hook import Delivery, Hook, OfDomain, OfProduct
from muster.service.hooks.pinging import Pinged
from muster.service.telling import TYPES, Named, Page, Told

PING: Final = "muster.ping"
"""The type of what is sent to see whether a receiver is there."""

JSON: Final = "application/json"


def event(one: Told) -> dict[str, Any]:
    """Return an event as a CloudEvent.

    `sequence` is that extension's, whose texts sort as the numbers that they stand for.
    """
    guid = one.product.guid
    return {
        "specversion": "1.0",
        "id": one.id,
        "source": f"/dataProducts/{guid}",
        "type": TYPES[one.event.kind],
        "subject": guid,
        "time": views.time(one.event.at),
        "datacontenttype": JSON,
        "sequence": f"{one.event.sequence:010}",
        "sequencetype": "Integer",
        "musternumber": one.event.number,
        "data": {
            "product": views.brief(one.product, {guid: one.dotted_name}),
            "run": views.run(one.run),
            "causes": [{"cause": of.cause.value, "joined": of.joined, "left": of.left} for of in one.causes],
            "joined": _named(one.joined),
            "left": _named(one.left),
            "changes": f"/api/v1/dataProducts/{guid}/changes?run={one.run.number}",
        },
    }


def page(one: Page) -> dict[str, Any]:
    """Return some events, and where to go on."""
    return {"data": [*map(event, one.shown)], "paging": {"after": one.after, "last": one.last}}


def _named(one: Named) -> dict[str, Any]:
    return {"assets": list(one.guids), "truncated": one.truncated}


def ping(hook: Hook, message: str, at: int) -> bytes:
    """Return what is sent to a hook to see whether its receiver is there: a CloudEvent, in JSON."""
    said = {
        "specversion": "1.0",
        "id": message,
        "source": f"/webhooks/{hook.guid}",
        "type": PING,
        "subject": hook.guid,
        "time": views.time(at),
        "datacontenttype": JSON,
        "data": {"webhook": hook.guid},
    }
    return orjson.dumps(said)


def hook(one: Hook) -> dict[str, Any]:
    """Return a hook; its secret is nobody's business."""
    return {
        "id": one.guid,
        "url": one.url,
        "description": one.description,
        "product": one.scope.guid if isinstance(one.scope, OfProduct) else None,
        "domain": one.scope.guid if isinstance(one.scope, OfDomain) else None,
        "types": sorted(TYPES[kind] for kind in one.kinds),
        "position": one.position,
        "paused": one.paused is not None,
        "pausedBecause": one.paused,
        "createdAt": views.time(one.created_at),
        "createdBy": one.created_by,
        "formerSecretUntil": None if one.former is None else views.time(one.former.until),
    }


def pinged(one: Pinged) -> dict[str, Any]:
    """Return how a receiver took a ping."""
    answer = one.answer
    said = {"code": answer.code, "said": answer.said or None, "milliseconds": one.milliseconds}
    return {"delivered": one.delivered, **said}


def deliveries(found: Sequence[Delivery], limit: int) -> dict[str, Any]:
    """Return how some deliveries stand, and below which number to go on where there are more than shown."""
    paging = {"before": found[limit - 1].number} if len(found) > limit else {}
    return {"data": [*map(delivery, found[:limit])], "paging": paging}


def delivery(one: Delivery) -> dict[str, Any]:
    """Return how a delivery stands."""
    return {
        "number": one.number,
        "status": one.status.value,
        "tries": one.tries,
        "at": views.time(one.at),
        "due": None if one.due is None else views.time(one.due),
        "code": one.code,
        "said": one.said or None,
    }
