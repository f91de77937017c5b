"""Who is told of events: hooks made, changed, paused, deleted; events replayed, and deliveries asked for once more."""

import uuid
from dataclasses import dataclass, field, replace
from typing import Final

from muster.errors import InvalidInput, LimitExceeded
from muster.hook import EVERY, Delivery, Everything, Hook, OfDomain, OfProduct, Scope
from muster.membership import EventKind
from muster.protocols import Sender
from muster.service.dotted import domain
from muster.service.hooks import addresses
from muster.service.hooks.addresses import Allowed
from muster.service.hooks.signing import new_secret
from muster.service.telling import hinted, known_product, refuse_both, refuse_future
from muster.service.workspace import Workspace

MOST: Final = 100
"""Hooks of one record."""


@dataclass(frozen=True, slots=True)
class Out:
    """The way out of the service: what sends, and where it may send to."""

    sender: Sender
    allowed: Allowed


@dataclass(frozen=True, slots=True)
class Wanted:
    """A hook to be: where to, of what, and after which event; without one it is told what happens from now on."""

    url: str
    scope: Scope = field(default_factory=Everything)
    kinds: frozenset[EventKind] = EVERY
    description: str = ""
    after: int | None = None


def scope(work: Workspace, product: str | None, of_domain: str | None) -> Scope:
    """Return what a hook is about that names a product or a domain, or neither.

    Raises:
        NotFound: there is no such product or domain.
        InvalidInput: both are named.
    """
    refuse_both(product, of_domain)
    with hinted("/domain" if product is None else "/product"):
        if product is not None:
            return OfProduct(known_product(work, product).guid)
        return Everything() if of_domain is None else OfDomain(domain(work, of_domain).guid)


def subscribe(work: Workspace, out: Out, wanted: Wanted) -> Hook:
    """Store a new hook and return it; its secret cannot be had again.

    Raises:
        InvalidInput: the URL leads nowhere or where it may not, or nothing has happened yet that late.
        LimitExceeded: there are as many hooks as there may be.
    """
    _refuse_url(out, wanted.url)
    if len(work.record.hooks()) >= MOST:
        raise LimitExceeded(f"there are {MOST} webhooks, as many as there may be", hint="delete one of them")
    after = work.record.last_event() if wanted.after is None else wanted.after
    refuse_future(work, after, "/after")
    made = Hook(
        guid=str(uuid.uuid4()),
        url=wanted.url,
        secret=new_secret(),
        scope=wanted.scope,
        kinds=wanted.kinds,
        description=wanted.description,
        position=after,
        created_at=work.clock(),
        created_by=work.by,
    )
    work.record.add_hook(made)
    return made


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be changed of a hook; what is None stays."""

    url: str | None = None
    scope: Scope | None = None
    kinds: frozenset[EventKind] | None = None
    description: str | None = None
    paused: bool | None = None


def change(work: Workspace, out: Out, guid: str, changes: Changes) -> Hook:
    """Change a hook, pause or resume it; where nothing is another than before, what waits goes on waiting.

    Raises:
        NotFound: there is none.
        InvalidInput: the URL leads nowhere or where it may not.
        Conflict: somebody else changed it meanwhile.
    """
    before = work.record.hook(guid)
    plain = {name: getattr(changes, name) for name in ("url", "scope", "kinds", "description")}
    changed = replace(before, **{name: value for name, value in plain.items() if value is not None})
    if changes.paused is not None:
        changed = replace(changed, paused=(before.paused or f"by {work.by}") if changes.paused else None)
    if changed.url != before.url:
        _refuse_url(out, changed.url)
    return before if changed == before else work.record.change_hook(changed)


def rotate(work: Workspace, guid: str, overlap: int) -> Hook:
    """Give a hook another secret; for so many milliseconds what it is sent is signed by the one before as well.

    Raises:
        NotFound: there is none.
    """
    return work.record.rotate_hook(guid, new_secret(), until=work.clock() + overlap)


def replay(work: Workspace, guid: str, after: int) -> Hook:
    """Let a hook be told everything after an event once more, in order.

    Raises:
        NotFound: there is none.
        InvalidInput: nothing has happened yet that late.
    """
    refuse_future(work, after, "/after")
    return work.record.rewind_hook(guid, after)


def redeliver(work: Workspace, guid: str, number: int) -> Delivery:
    """Have a delivery tried once more that is dead, or went well.

    Raises:
        NotFound: there is no such hook, or nothing is known of that delivery any more.
        Conflict: it waits for that already.
    """
    return work.record.redeliver(guid, number, at=work.clock())


def _refuse_url(out: Out, url: str) -> None:
    try:
        addresses.checked(addresses.read(url, out.allowed), out.sender, out.allowed)
    except InvalidInput as error:
        error.path = "/url"
        raise
