"""`muster product …`: define products, see their members, decide by hand."""

from typing import Annotated

import typer

from muster import views
from muster.bootstrap import open_workspace
from muster.cli import show
from muster.cli.indexing import catch_up
from muster.cli.options import AsFace, Attribute, Cursor, Data, Json, Lenient, Size, SortBy, settings, text_of
from muster.cli.terminal import emit, err, out
from muster.membership import Decision
from muster.query.sorting import Sort
from muster.service import decide as deciding
from muster.service import define, resolve
from muster.service.explain import explain as explain_member
from muster.service.history import history as read_history
from muster.service.history import moved
from muster.service.moments import moment, span
from muster.service.resolve import Live, MaxAge, Mode, PageRequest, Stored
from muster.service.selecting import Written
from muster.service.workspace import Workspace
from muster.settings import Settings

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
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Define a product by a selection.

    Examples:

    muster product create "Verified tables" 'type:Table certificate:VERIFIED'

    muster product create Marketing @selection.json --domain Marketing --owner ada
    """
    with open_workspace(settings(data)) as work:
        details = define.Details(description=description, owners=None if owner is None else tuple(owner))
        written = Written(text_of(selection), face)
        _defined(define.create(work, name, written, details, domain_name=domain, lenient=lenient), "created", as_json)


@app.command()
def update(
    product: Name,
    selection: Annotated[str | None, typer.Argument(help="The new selection, if it changes.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="A new name.")] = None,
    face: AsFace = None,
    description: Description = None,
    owner: Owners = None,
    lenient: Lenient = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Change a product's selection or details.

    Example:

    muster product update "Verified tables" 'type:Table certificate:VERIFIED -tag:PII'
    """
    details = define.Details(name, description, None if owner is None else tuple(owner))
    if selection is None and not details.attributes():
        raise typer.BadParameter("say what changes: a selection, --name, --description or --owner")
    with open_workspace(settings(data)) as work:
        written = None if selection is None else Written(text_of(selection), face)
        _defined(define.update(work, product, written, details, lenient=lenient), "updated", as_json)


@app.command("list")
def list_products(
    contains: Annotated[str, typer.Option("--name", help="Only names that contain this, case aside.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the products with the size of their stored membership."""
    with open_workspace(settings(data)) as work:
        found = [one for one in work.record.products() if contains.casefold() in one.entity.name.casefold()]
        stored = work.record.generations([one.entity.guid for one in found])
        sizes = [len(stored[one.entity.guid].members) if one.entity.guid in stored else None for one in found]
        if as_json:
            emit([views.product(one) | {"members": size} for one, size in zip(found, sizes, strict=True)])
        elif found:
            show.products(zip(found, sizes, strict=True))
        else:
            err.print(show.NO_PRODUCTS)


@app.command("show")
def show_product(product: Name, data: Data = None, as_json: Json = False) -> None:
    """Show a product: its selection in every form, what stands by hand, its last run."""
    with open_workspace(settings(data)) as work:
        one = work.record.product(product)
        standings = resolve.standings(work, one)
        assets = {asset.ordinal: asset for asset in work.record.entities([s.ordinal for s in standings])}
        runs = work.record.runs(one.entity.guid, limit=1)
        view = views.product(one) | {
            "standings": [views.standing(s, assets.get(s.ordinal)) for s in standings],
            "lastRun": views.run(runs[0]) if runs else None,
        }
        emit(view) if as_json else show.product_page(view)


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
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List a product's members: run now, or as last synced.

    Examples:

    muster product members "Verified tables" --sort name.keyword -a certificateStatus

    muster product members "Verified tables" --ids --stored
    """
    mode = _mode(stored=stored, max_age=max_age)
    with open_workspace(settings(data)) as work:
        _caught_up(work, mode)
        if ids:
            for guid in resolve.member_guids(work, product, mode):
                typer.echo(guid)
            return
        request = PageRequest(limit, order(sort), cursor)
        page = resolve.members_page(work, product, mode, request)
        if as_json:
            emit(views.member_page(page, attribute or ()))
            return
        show.entities(page.members, attribute or ())
        err.print(f"{len(page.members):,} of {page.total:,} members ({show.provenance(page.provenance)})")
        if page.next:
            err.print(f"more: --cursor {page.next}")


@app.command()
def count(
    product: Name,
    stored: Annotated[bool, typer.Option("--stored", help="Count the last generation instead of running.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Count a product's members, in all and by type."""
    mode = _mode(stored=stored, max_age=None)
    with open_workspace(settings(data)) as work:
        _caught_up(work, mode)
        _, provenance, found = resolve.members(work, product, mode)
        by_type = resolve.stored_tally(work, found) if stored else resolve.tally(work, found)
        if as_json:
            emit({"total": len(found), "byType": dict(by_type), **views.provenance(provenance)})
            return
        out.print(f"{len(found):,} members ({show.provenance(provenance)})")
        show.counts(by_type)


@app.command()
def explain(product: Name, asset: Asset, data: Data = None, as_json: Json = False) -> None:
    """Say clause by clause why an asset is in or out."""
    with open_workspace(settings(data)) as work:
        catch_up(work)
        explained = explain_member(work, product, asset)
        emit(views.explained(explained)) if as_json else show.explained(explained)


@app.command()
def history(
    product: Name,
    run: Annotated[int | None, typer.Option("--run", help="Show who moved in this run, and why.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Runs, or assets of a run.")] = 20,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show a product's runs and the edits of its selection; with --run, who moved."""
    with open_workspace(settings(data)) as work:
        if run is not None:
            _moves(work, product, run, limit, as_json=as_json)
            return
        past = read_history(work, product, limit=limit)
        if as_json:
            emit({"runs": [*map(views.run, past.runs)], "revisions": [*map(views.revision, past.revisions)]})
            return
        if past.runs:
            show.runs(past.runs)
            out.print()
        else:
            err.print("no runs yet: `muster sync` makes the first")
        show.revisions(past.revisions)


@app.command()
def delete(product: Name, data: Data = None, as_json: Json = False) -> None:
    """Archive a product; its history stays on record."""
    with open_workspace(settings(data)) as work:
        deleted = define.delete(work, product)
        emit(views.entity(deleted.entity)) if as_json else out.print(f"deleted {deleted.entity.name}")


@app.command()
def pin(
    product: Name, assets: Assets, reason: Reason, expires: Expires = None, data: Data = None, as_json: Json = False
) -> None:
    """Keep assets in, whatever the selection says."""
    _decide(product, assets, Decision.PIN, reason, expires, settings(data), as_json=as_json)


@app.command()
def exclude(
    product: Name, assets: Assets, reason: Reason, expires: Expires = None, data: Data = None, as_json: Json = False
) -> None:
    """Keep assets out, whatever the selection says."""
    _decide(product, assets, Decision.EXCLUSION, reason, expires, settings(data), as_json=as_json)


@app.command()
def withdraw(product: Name, assets: Assets, data: Data = None, as_json: Json = False) -> None:
    """Take pins and exclusions back."""
    with open_workspace(settings(data)) as work:
        count = deciding.withdraw(work, product, assets)
        emit({"withdrawn": count}) if as_json else out.print(f"withdrew {count}")


def order(fields: list[str] | None) -> tuple[Sort, ...]:
    """Return the order that `--sort` names."""
    return tuple(Sort(field.removeprefix("-"), field.startswith("-")) for field in fields or ())


def _defined(defined: define.Defined, verb: str, as_json: bool) -> None:  # noqa: FBT001 - private
    product = defined.product
    if as_json:
        emit(views.product(product) | {"complaints": [one.as_dict() for one in defined.complaints]})
        return
    out.print(f"{verb} {product.entity.name} (revision {product.selection.revision})")
    show.complaints(one for one in defined.complaints if one.code != "cost")


def _moves(work: Workspace, product: str, run: int, limit: int, *, as_json: bool) -> None:
    found = moved(work, product, run, limit=limit)
    if as_json:
        emit([views.moved(one) for one in found.shown])
        return
    show.moved(found.shown)
    if not found.total:
        err.print(f"nobody moved in run {run}")
    elif found.total > len(found.shown):
        err.print(f"{len(found.shown):,} of {found.total:,}; see more with --limit")


def _mode(*, stored: bool, max_age: str | None) -> Mode:
    if stored and max_age:
        raise typer.BadParameter("--stored and --max-age exclude each other")
    if max_age:
        return MaxAge(span(max_age))
    return Stored() if stored else Live()


def _caught_up(work: Workspace, mode: Mode) -> None:
    """A live answer is about the catalog as recorded; a stored one needs no index."""
    if not isinstance(mode, Stored):
        catch_up(work)


def _decide(
    product: str,
    assets: list[str],
    decision: Decision,
    reason: str,
    expires: str | None,
    chosen: Settings,
    *,
    as_json: bool,
) -> None:
    with open_workspace(chosen) as work:
        until = None if expires is None else moment(expires, work.clock())
        decided = deciding.decide(work, product, assets, decision, deciding.Given(reason, until))
        if as_json:
            emit([views.entity(one) for one in decided])
            return
        word = "pinned" if decision is Decision.PIN else "excluded"
        out.print(f"{word} {', '.join(one.name for one in decided)}; `muster sync` brings the stored membership along")
