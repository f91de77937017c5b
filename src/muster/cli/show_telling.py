"""Events, and who is told of them, as a person reads them."""

from collections.abc import Sequence

import typer

from muster.cli import show
from muster.cli.terminal import err, out
from muster.client.models import Delivery, Event, Tested, Webhook


def events(found: Sequence[Event]) -> None:
    """Print events, one a line."""
    if not found:
        err.print("nothing of that has happened yet")
        return
    rows = (
        (one.number, show.when(one.time), one.type.rpartition(".")[2], one.data.product.dotted_name, *_run(one))
        for one in found
    )
    show.table(("EVENT", "AT", "TYPE", "PRODUCT", "RUN", "JOINED", "LEFT"), rows, right=(0, 4, 5, 6), whole=(1,))


def _run(one: Event) -> tuple[int, str, str]:
    run = one.data.run
    return run.run, f"+{run.joined:,}", f"-{run.left:,}"


def webhooks(found: Sequence[Webhook], about: Sequence[str]) -> None:
    """Print webhooks, one a line, each with what it is about."""
    if not found:
        err.print("no webhooks yet: make one with `muster webhook create URL`")
        return
    rows = (
        (one.id, one.url, of, one.position, _state(one), one.description) for one, of in zip(found, about, strict=True)
    )
    headings = ("ID", "URL", "OF", "EVENT", "STATE", "DESCRIPTION")
    show.table(headings, rows, right=(3,), whole=(0,), sparse=(5,))


def _state(one: Webhook) -> str:
    return f"paused {one.paused_because}" if one.paused else "active"


def secret(one: Webhook) -> None:
    """Print the secret that signatures are made with."""
    typer.echo(one.secret)
    err.print("keep the secret: it cannot be shown again")


def pinged(one: Tested) -> None:
    """Print how a receiver took a ping."""
    said = one.said or "nothing"
    code = "no answer" if one.code is None else f"answered {one.code}"
    out.print(
        f"{'delivered' if one.delivered else 'not delivered'} after {one.milliseconds:,} ms: {code}, said: {said}"
    )


def deliveries(found: Sequence[Delivery]) -> None:
    """Print how deliveries stand, one a line."""
    if not found:
        err.print("nothing of that is known")
        return
    rows = (
        (one.number, one.status, one.tries, show.when(one.at), one.due and show.when(one.due), one.code, one.said)
        for one in found
    )
    headings = ("EVENT", "STATUS", "TRIES", "AT", "DUE", "CODE", "SAID")
    show.table(headings, rows, right=(0, 2, 5), whole=(3,), sparse=(4, 5, 6))
