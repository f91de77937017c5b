"""`muster policy …`: when products are synced, what their runs may move by themselves, how fresh they are to be."""

from typing import Annotated, Any

import typer

from muster.cli import show_keeping as show
from muster.cli.answering import answering
from muster.cli.answering.keeping import Scope
from muster.cli.options import Data, Json, Product, Server
from muster.cli.terminal import emit

app = typer.Typer(
    help="Say when products are synced, and what their runs may move by themselves.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

MOST = 2**53

OfDomain = Annotated[
    str | None,
    typer.Option("--domain", help="For the products of this domain: guid, qualified name or dotted name."),
]
OfProduct = Annotated[
    str | None, typer.Option("--product", help="For this product: name, guid, qualified name or dotted name.")
]


@app.command("show")
def show_policy(
    domain: OfDomain = None,
    product: OfProduct = None,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show what is said for everything, for a domain, or for a product itself.

    Examples:

    muster policy show

    muster policy show --domain Finance
    """
    scope = _scope(product, domain)
    with answering(data, server) as muster:
        found = muster.policy(scope)
    emit(found.as_json()) if as_json else show.policy(found)


@app.command("set")
def set_policy(
    domain: OfDomain = None,
    product: OfProduct = None,
    schedule: Annotated[
        str | None,
        typer.Option(
            "--schedule", help="When products are synced: `on change`, `manual`, `every 1h`, or five fields of cron."
        ),
    ] = None,
    time_zone: Annotated[
        str | None, typer.Option("--time-zone", help="Of a cron expression: `Europe/Berlin`.", show_default="UTC")
    ] = None,
    percent: Annotated[
        float | None,
        typer.Option("--percent", min=0, max=MOST, help="Hold a run that moves a greater part of the members."),
    ] = None,
    least: Annotated[
        int | None, typer.Option("--least", min=0, max=MOST, help="But not where it moves no more assets than these.")
    ] = None,
    may_empty: Annotated[
        bool | None,
        typer.Option("--may-empty/--no-may-empty", help="Whether a run may leave a product without members."),
    ] = None,
    freshness: Annotated[
        str | None, typer.Option("--freshness", help="How old what is stored may be before a report tells it: `1d`.")
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(
            "--keep",
            min=1,
            max=MOST,
            help="How many runs are kept of each product: of those that moved or were held, and of others.",
        ),
    ] = None,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Let a policy hold for everything, for a domain and those below it, or for a product, in the place of the one before.

    What it leaves out, the scope around it says.

    Examples:

    muster policy set --percent 25 --least 50 --freshness 1h

    muster policy set --domain Finance --schedule "0 6 1 * *" --time-zone Europe/Berlin

    muster policy set --product Finance.MonthEnd --schedule manual --no-may-empty
    """
    scope = _scope(product, domain)
    parts = {
        "schedule": _schedule(schedule, time_zone),
        "percent": percent,
        "least": least,
        "mayEmpty": may_empty,
        "freshness": freshness,
        "keep": keep,
    }
    said = {name: value for name, value in parts.items() if value is not None}
    if not said:
        raise typer.BadParameter("say what is to hold; `muster policy unset` takes a policy back")
    with answering(data, server) as muster:
        found = muster.put_policy(scope, said)
    emit(found.as_json()) if as_json else show.policy(found)


@app.command("unset")
def unset_policy(
    domain: OfDomain = None,
    product: OfProduct = None,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Take back what is said for everything, for a domain or for a product; what is said around it holds then.

    Example:

    muster policy unset --product Finance.MonthEnd
    """
    scope = _scope(product, domain)
    with answering(data, server) as muster:
        muster.delete_policy(scope)
        found = muster.policy(scope)
    emit(found.as_json()) if as_json else show.policy(found)


@app.command("effective")
def effective_policy(product: Product, server: Server = None, data: Data = None, as_json: Json = False) -> None:
    """Say what holds for a product, where each part comes from, and when it is due.

    Example:

    muster policy effective Finance.MonthEnd
    """
    with answering(data, server) as muster:
        found = muster.effective_policy(product)
    emit(found.as_json()) if as_json else show.effective(found)


def _scope(product: str | None, domain: str | None) -> Scope:
    if product is not None and domain is not None:
        raise typer.BadParameter("--product and --domain exclude each other")
    return Scope(product, domain)


def _schedule(said: str | None, time_zone: str | None) -> Any:
    """Return a schedule as JSON says it."""
    word, _, span = (said or "").strip().partition(" ")
    is_cron = said is not None and said not in {"on change", "manual"} and word != "every"
    if time_zone is not None and not is_cron:
        raise typer.BadParameter("--time-zone is of a cron expression: name that by --schedule")
    if is_cron:
        return {"cron": said, "timeZone": time_zone} if time_zone is not None else {"cron": said}
    return {"every": span.strip()} if word == "every" else said
