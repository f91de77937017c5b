"""`muster events`, `muster webhook …`: what happened, who is told of it over HTTP, and how that goes."""

from typing import Annotated, Final

import typer

from muster.cli import show_telling as show
from muster.cli.answering import Answering, answering
from muster.cli.answering.keeping import Scope
from muster.cli.answering.telling import About, Receiver, Which
from muster.cli.options import LAST_RUN, Data, Json, Server
from muster.cli.terminal import emit, err, out
from muster.client.models import Webhook
from muster.errors import NotFound
from muster.hook import Status
from muster.membership import EventKind

app = typer.Typer(
    help="Have others told over HTTP of memberships that move and runs that are held.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

DAY: Final = 86_400
MONTH: Final = 30 * DAY

HookId = Annotated[str, typer.Argument(help="The webhook's id.")]
OfProduct = Annotated[
    str | None, typer.Option("--product", help="Of this product alone: guid, qualified name or dotted name.")
]
OfDomain = Annotated[
    str | None,
    typer.Option("--domain", help="Of the products in this domain and those below: guid, qualified or dotted name."),
]
OfKind = Annotated[EventKind | None, typer.Option("--type", help="Memberships that moved, or runs that were held.")]
OfKinds = Annotated[list[EventKind] | None, typer.Option("--type", help="Of this type alone; repeatable.")]
After = Annotated[int, typer.Option("--after", min=0, max=LAST_RUN, help="Only events after this number.")]
Description = Annotated[str | None, typer.Option("--description", help="What it is for.")]
Number = Annotated[int, typer.Argument(min=1, max=LAST_RUN, help="The number of the event.")]
HowMany = Annotated[int, typer.Option("--limit", min=1, max=1_000, help="At most so many.")]


def events(
    after: After = 0,
    product: OfProduct = None,
    domain: OfDomain = None,
    kind: OfKind = None,
    limit: HowMany = 20,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List what happened, the oldest first: memberships that moved, runs that were held.

    Examples:

    muster events --product Finance.MonthEnd

    muster events --after 1200 --json
    """
    about = About(product, domain, None if kind is None else frozenset((kind,)))
    with answering(data, server) as muster:
        found = muster.events(about, after, limit)
    if as_json:
        emit(found.as_json())
        return
    show.events(found.data)
    if len(found.data) == limit:
        err.print(f"more: --after {found.paging.after}")


@app.command()
def create(
    url: Annotated[str, typer.Argument(help="Where to send events.")],
    product: OfProduct = None,
    domain: OfDomain = None,
    kinds: OfKinds = None,
    description: Description = None,
    after: Annotated[
        int | None,
        typer.Option("--after", min=0, max=LAST_RUN, help="Begin after this event.", show_default="what happens next"),
    ] = None,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Tell a receiver of events; the secret of its signatures is shown this once.

    `muster serve` and `muster worker` send them.

    Example:

    muster webhook create https://hooks.example.org/muster --domain Finance
    """
    receiver = Receiver(about=_about(product, domain, kinds), description=description)
    with answering(data, server) as muster:
        made = muster.subscribe(url, receiver, after)
    if as_json:
        emit(made.as_json())
        return
    out.print(f"created {made.id}")
    show.secret(made)


@app.command("list")
def list_webhooks(server: Server = None, data: Data = None, as_json: Json = False) -> None:
    """List webhooks, and how far each has come."""
    with answering(data, server) as muster:
        found = muster.webhooks()
        about = [] if as_json else [_named(muster, one) for one in found]
    emit([one.as_json() for one in found]) if as_json else show.webhooks(found, about)


@app.command()
def update(
    webhook: HookId,
    url: Annotated[str | None, typer.Option("--url", help="Where to send events.")] = None,
    product: OfProduct = None,
    domain: OfDomain = None,
    everything: Annotated[bool, typer.Option("--everything", help="Of all products.")] = False,
    kinds: OfKinds = None,
    description: Description = None,
    paused: Annotated[
        bool | None, typer.Option("--pause/--resume", help="Send nothing until further notice, or go on.")
    ] = None,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Change a webhook, pause or resume it; what failed is tried again at once.

    Example:

    muster webhook update 0b6e… --pause
    """
    receiver = Receiver(url, _about(product, domain, kinds), everything, description, paused)
    if receiver == Receiver():
        raise typer.BadParameter("say what to change")
    if everything and (product or domain):
        raise typer.BadParameter("--everything excludes --product and --domain")
    with answering(data, server) as muster:
        changed = muster.change_webhook(webhook, receiver)
        about = "" if as_json else _named(muster, changed)
    emit(changed.as_json()) if as_json else show.webhooks([changed], [about])


@app.command()
def rotate(
    webhook: HookId,
    overlap: Annotated[
        int, typer.Option("--overlap", min=0, max=MONTH, help="Seconds for which the secret before signs as well.")
    ] = DAY,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Give a webhook another secret, which is shown this once."""
    with answering(data, server) as muster:
        changed = muster.rotate_secret(webhook, overlap)
    emit(changed.as_json()) if as_json else show.secret(changed)


@app.command()
def ping(webhook: HookId, server: Server = None, data: Data = None, as_json: Json = False) -> None:
    """Send a webhook a ping now, and show how its receiver takes it; exit 1 when it does not."""
    with answering(data, server) as muster:
        found = muster.ping(webhook)
    emit(found.as_json()) if as_json else show.pinged(found)
    if not found.delivered:
        raise typer.Exit(1)


@app.command()
def deliveries(
    webhook: HookId,
    status: Annotated[Status | None, typer.Option("--status", help="Only those that stand so.")] = None,
    before: Annotated[
        int | None, typer.Option("--before", min=1, max=LAST_RUN, help="Only events with a lower number.")
    ] = None,
    limit: HowMany = 20,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List how deliveries went, the latest event first.

    Example:

    muster webhook deliveries 0b6e… --status dead
    """
    with answering(data, server) as muster:
        found = muster.deliveries(webhook, Which(limit, before, status))
    if as_json:
        emit(found.as_json())
        return
    show.deliveries(found.data)
    if found.paging.before:
        err.print(f"more: --before {found.paging.before}")


@app.command()
def redeliver(webhook: HookId, number: Number, server: Server = None, data: Data = None, as_json: Json = False) -> None:
    """Have an event delivered once more that is a dead letter, or went well."""
    with answering(data, server) as muster:
        found = muster.redeliver(webhook, number)
    emit(found.as_json()) if as_json else out.print(f"event {number:,} is delivered once more")


@app.command()
def replay(webhook: HookId, after: After = 0, server: Server = None, data: Data = None, as_json: Json = False) -> None:
    """Tell a webhook everything after an event once more, in order."""
    with answering(data, server) as muster:
        changed = muster.replay(webhook, after)
    emit(changed.as_json()) if as_json else out.print(f"it is told everything after event {after:,} once more")


@app.command()
def delete(webhook: HookId, server: Server = None, data: Data = None, as_json: Json = False) -> None:
    """Delete a webhook, with what is known of its deliveries."""
    with answering(data, server) as muster:
        muster.unsubscribe(webhook)
    emit({"id": webhook}) if as_json else out.print(f"deleted {webhook}")


def _named(muster: Answering, one: Webhook) -> str:
    """Return what a webhook is about by its dotted name; what is there no more by its guid."""
    scope = Scope(one.product, one.domain)
    try:
        told = muster.policy(scope).scope
    except NotFound:
        return one.product or one.domain or ""
    return told.dotted_name or told.kind


def _about(product: str | None, domain: str | None, kinds: list[EventKind] | None) -> About:
    if product and domain:
        raise typer.BadParameter("--product and --domain exclude each other")
    return About(product, domain, frozenset(kinds) if kinds else None)
