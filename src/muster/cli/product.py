"""`muster product create | update | list | show | delete | pin | exclude | withdraw`: define products, decide by hand."""

from collections.abc import Sequence
from typing import Annotated

import typer

from muster.cli import show
from muster.cli.answering import answering
from muster.cli.answering.protocol import Details, Ruling, Written
from muster.cli.options import AsFace, Data, Json, Lenient, Product, Server, text_of
from muster.cli.terminal import emit, err, out
from muster.client import models
from muster.membership import Decision

app = typer.Typer(
    help="Define products, see their members, decide by hand.", no_args_is_help=True, rich_markup_mode="markdown"
)

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
    product: Product,
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
def show_product(product: Product, server: Server = None, data: Data = None, as_json: Json = False) -> None:
    """Show a product: its selection in every form, what stands by hand, its last run."""
    with answering(data, server) as muster:
        one = muster.product(product)
    emit(one.as_json()) if as_json else show.product_page(one)


@app.command()
def delete(product: Product, server: Server = None, data: Data = None, as_json: Json = False) -> None:
    """Archive a product; its history stays on record, and is asked for by its guid."""
    with answering(data, server) as muster:
        deleted = muster.delete(product)
    emit(deleted.as_json()) if as_json else out.print(f"deleted {deleted.name}")


@app.command()
def pin(
    product: Product,
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
    product: Product,
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
def withdraw(product: Product, assets: Assets, server: Server = None, data: Data = None, as_json: Json = False) -> None:
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


def _decided(word: str, assets: Sequence[models.Asset], *, as_json: bool) -> None:
    if as_json:
        emit([one.as_json() for one in assets])
        return
    out.print(f"{word} {', '.join(one.name for one in assets)}; `muster sync` brings the stored membership along")
