"""`muster product …`: define products, see their members, decide by hand."""

from collections.abc import Sequence
from typing import Annotated

import typer

from muster.cli import show
from muster.cli.answering import answering
from muster.cli.answering.protocol import Decision, Details, Mode, Part, Ruling, Written
from muster.cli.options import AsFace, Attribute, Cursor, Data, Json, Lenient, Server, Size, SortBy, text_of
from muster.cli.terminal import emit, err, out
from muster.client import models
from muster.client.answers import Moves
from muster.service.moments import span

app = typer.Typer(
    help="Define products, see their members, decide by hand.", no_args_is_help=True, rich_markup_mode="markdown"
)

Name = Annotated[str, typer.Argument(help="The product: name, guid or qualified name.")]
Asset = Annotated[str, typer.Argument(help="The asset: guid or qualified name.")]
Assets = Annotated[list[str], typer.Argument(help="Assets: guids or qualified names.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept with the decision.")]
Description = Annotated[str | None, typer.Option("--description", help="What it is for.")]
Owners = Annotated[list[str] | None, typer.Option("--owner", help="User who owns it; repeatable.")]
Domain = Annotated[str, typer.Option("--domain", help="Domain by name (made when new) or qualified name.")]
Selection = Annotated[str, typer.Argument(help="The selection in any face; `@FILE` or `-` reads it.")]
Expires = Annotated[str | None, typer.Option("--expires", help="When it ends: `30d`, `12h`, or an ISO date or time.")]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Name of the new product.")],
    selection: Selection,
    domain: Domain = "Default",
    face: AsFace = None,
    description: Description = None,
    owner: Owners = None,
    lenient: Lenient = False,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Define a product by a selection.

    Examples:

    muster product create "Verified tables" 'type:Table certificate:VERIFIED'

    muster product create Marketing @selection.json --domain Marketing --owner ada
    """
    about = Details(description=description, owners=None if owner is None else tuple(owner))
    written = Written(text_of(selection), face)
    with answering(data, server) as muster:
        made = muster.create(name, written, about, domain=domain, lenient=lenient)
    _defined(made, "created", as_json)


@app.command()
def update(
    product: Name,
    selection: Annotated[str | None, typer.Argument(help="The new selection, if it changes.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="A new name.")] = None,
    face: AsFace = None,
    description: Description = None,
    owner: Owners = None,
    lenient: Lenient = False,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Change a product's selection or details.

    Example:

    muster product update "Verified tables" 'type:Table certificate:VERIFIED -tag:PII'
    """
    about = Details(name, description, None if owner is None else tuple(owner))
    if selection is None and about == Details():
        raise typer.BadParameter("say what changes: a selection, --name, --description or --owner")
    written = None if selection is None else Written(text_of(selection), face)
    with answering(data, server) as muster:
        made = muster.update(product, written, about, lenient=lenient)
    _defined(made, "updated", as_json)


@app.command("list")
def list_products(
    contains: Annotated[str, typer.Option("--name", help="Only names that contain this, case aside.")] = "",
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the products with the size of their stored membership."""
    with answering(data, server) as muster:
        found = muster.products(contains)
    if as_json:
        emit([one.as_json() for one in found])
    elif found:
        show.products(found)
    else:
        err.print(show.NO_PRODUCTS)


@app.command("show")
def show_product(product: Name, server: Server = None, data: Data = None, as_json: Json = False) -> None:
    """Show a product: its selection in every form, what stands by hand, its last run."""
    with answering(data, server) as muster:
        one = muster.product(product)
    emit(one.as_json()) if as_json else show.product_page(one)


@app.command()
def members(
    product: Name,
    ids: Annotated[bool, typer.Option("--ids", help="Stream every member's guid, one a line.")] = False,
    stored: Annotated[bool, typer.Option("--stored", help="Read the last generation instead of running.")] = False,
    max_age: Annotated[
        str | None, typer.Option("--max-age", help="Read the last generation when younger: `30s`, `10m`, `1d`.")
    ] = None,
    limit: Size = 100,
    cursor: Cursor = None,
    sort: SortBy = None,
    attribute: Attribute = None,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List a product's members: run now, or as last synced.

    Examples:

    muster product members "Verified tables" --sort name.keyword -a certificateStatus

    muster product members "Verified tables" --ids --stored
    """
    mode = _mode(stored=stored, max_age=max_age)
    attributes = tuple(attribute or ())
    with answering(data, server) as muster:
        if ids:
            for guid in muster.member_ids(product, mode):
                typer.echo(guid)
            return
        page = muster.members(product, mode, Part(limit, cursor, tuple(sort or ()), attributes))
    if as_json:
        emit(page.as_json())
        return
    show.assets(page.members, attributes)
    err.print(f"{len(page.members):,} of {page.total:,} members ({show.provenance(page)})")
    if page.next:
        err.print(f"more: --cursor {page.next}")


@app.command()
def count(
    product: Name,
    stored: Annotated[bool, typer.Option("--stored", help="Count the last generation instead of running.")] = False,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Count a product's members, in all and by type."""
    with answering(data, server) as muster:
        found = muster.count(product, Mode(stored))
    if as_json:
        emit(found.as_json())
        return
    out.print(f"{found.total:,} members ({show.provenance(found)})")
    show.counts(found.by_type)


@app.command()
def explain(product: Name, asset: Asset, server: Server = None, data: Data = None, as_json: Json = False) -> None:
    """Say clause by clause why an asset is in or out."""
    with answering(data, server) as muster:
        explained = muster.explain(product, asset)
    emit(explained.as_json()) if as_json else show.explained(explained)


@app.command()
def history(
    product: Name,
    run: Annotated[int | None, typer.Option("--run", help="Show who moved in this run, and why.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Runs, or assets of a run.")] = 20,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show a product's runs and the edits of its selection; with --run, who moved."""
    with answering(data, server) as muster:
        if run is not None:
            _moves(muster.moves(product, run, limit), run, as_json=as_json)
            return
        past = muster.history(product, limit)
    if as_json:
        runs, revisions = ([one.as_json() for one in some] for some in (past.runs, past.revisions))
        emit({"runs": runs, "revisions": revisions})
        return
    if past.runs:
        show.runs(past.runs)
        out.print()
    else:
        err.print("no runs yet: `muster sync` makes the first")
    show.revisions(past.revisions)


@app.command()
def delete(product: Name, server: Server = None, data: Data = None, as_json: Json = False) -> None:
    """Archive a product; its history stays on record."""
    with answering(data, server) as muster:
        deleted = muster.delete(product)
    emit(deleted.as_json()) if as_json else out.print(f"deleted {deleted.name}")


@app.command()
def pin(
    product: Name,
    assets: Assets,
    reason: Reason,
    expires: Expires = None,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Keep assets in, whatever the selection says."""
    with answering(data, server) as muster:
        decided = muster.decide(product, assets, Ruling(Decision.PIN, reason, expires))
    _decided("pinned", decided, as_json=as_json)


@app.command()
def exclude(
    product: Name,
    assets: Assets,
    reason: Reason,
    expires: Expires = None,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Keep assets out, whatever the selection says."""
    with answering(data, server) as muster:
        decided = muster.decide(product, assets, Ruling(Decision.EXCLUSION, reason, expires))
    _decided("excluded", decided, as_json=as_json)


@app.command()
def withdraw(product: Name, assets: Assets, server: Server = None, data: Data = None, as_json: Json = False) -> None:
    """Take pins and exclusions back."""
    with answering(data, server) as muster:
        count = muster.withdraw(product, assets)
    emit({"withdrawn": count}) if as_json else out.print(f"withdrew {count}")


def _defined(product: models.Product, verb: str, as_json: bool) -> None:  # noqa: FBT001 - private
    if as_json:
        emit(product.as_json())
        return
    out.print(f"{verb} {product.name} (revision {product.selection.revision})")
    show.complaints(one for one in product.complaints if one.code != "cost")


def _moves(found: Moves, run: int, *, as_json: bool) -> None:
    if as_json:
        emit([one.as_json() for one in found.data])
        return
    show.moved(found.data)
    if not found.total:
        err.print(f"nobody moved in run {run}")
    elif found.total > len(found.data):
        err.print(f"{len(found.data):,} of {found.total:,}; see more with --limit")


def _mode(*, stored: bool, max_age: str | None) -> Mode:
    if stored and max_age:
        raise typer.BadParameter("--stored and --max-age exclude each other")
    return Mode(stored, span(max_age) if max_age else None)


def _decided(word: str, assets: Sequence[models.Asset], *, as_json: bool) -> None:
    if as_json:
        emit([one.as_json() for one in assets])
        return
    out.print(f"{word} {', '.join(one.name for one in assets)}; `muster sync` brings the stored membership along")
