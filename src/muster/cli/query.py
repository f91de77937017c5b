"""`muster preview | check | convert`: selections that are not stored."""

from collections.abc import Sequence
from typing import Annotated

import typer

from muster import views
from muster.bootstrap import open_workspace
from muster.cli import show
from muster.cli.indexing import catch_up
from muster.cli.options import AsFace, Attribute, Cursor, Data, Json, Size, SortBy, Text, settings, text_of
from muster.cli.product import order
from muster.cli.terminal import emit, err, out
from muster.query import faces
from muster.query.english import english
from muster.query.faces import Face
from muster.service.check import Complaint, Severity
from muster.service.check import check as complaints_of
from muster.service.preview import Preview
from muster.service.preview import preview as run_preview
from muster.service.resolve import PageRequest
from muster.service.selecting import Written, read

Target = Annotated[str, typer.Option("--to", help="wire, dsl, shorthand, rules or english.")]


def preview(
    selection: Text,
    face: AsFace = None,
    limit: Size = 20,
    cursor: Cursor = None,
    sort: SortBy = None,
    attribute: Attribute = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Run a selection without storing it: how many, which, of what types; exit 1 when it cannot run.

    Example:

    muster preview 'type:Table tag:Marketing -tag:PII'
    """
    with open_workspace(settings(data)) as work:
        catch_up(work)
        node, _ = read(work, Written(text_of(selection), face))
        found = run_preview(work, node, PageRequest(limit, order(sort), cursor))
        if as_json:
            view = {"english": found.english, "total": found.total, "byType": dict(found.by_type)}
            members = [views.entity(one, attribute or ()) for one in found.members]
            complaints = [one.as_dict() for one in found.complaints]
            emit(view | {"members": members, "complaints": complaints, "next": found.next})
        else:
            _print(found, attribute or ())
    _refuse(found.complaints)


def check(selection: Text, face: AsFace = None, data: Data = None, as_json: Json = False) -> None:
    """Say everything there is to complain about in a selection; exit 1 when it cannot run.

    Example:

    muster check 'type:Tabel certificateState:VERIFIED'
    """
    with open_workspace(settings(data)) as work:
        catch_up(work)
        node, _ = read(work, Written(text_of(selection), face))
        found = complaints_of(work, node)
    emit([one.as_dict() for one in found]) if as_json else show.complaints(found)
    _refuse(found)
    if not as_json and all(one.severity is Severity.NOTE for one in found):
        err.print("nothing to complain about")


def convert(selection: Text, to: Target = "wire", face: AsFace = None, as_json: Json = False) -> None:
    """Write a selection in another face; refused with a reason where a face cannot say it.

    Example:

    muster convert 'type:Table tag:Marketing' --to dsl
    """
    if to != "english" and to not in set(Face):
        raise typer.BadParameter(f"`{to}` is none of {', '.join([*Face, 'english'])}", param_hint="--to")
    text = text_of(selection)
    limits = settings(None).limits()
    node = faces.read(face or faces.guess_face(text, limits), text, limits)
    written = english(node) if to == "english" else faces.write(Face(to), node)
    emit({"face": to, "text": written}) if as_json else typer.echo(written)


def _print(found: Preview, attributes: Sequence[str]) -> None:
    out.print(found.english)
    out.print(f"{found.total:,} asset{'' if found.total == 1 else 's'}")
    show.counts(found.by_type)
    show.entities(found.members, attributes)
    show.complaints(one for one in found.complaints if one.code != "cost")
    if found.next:
        err.print(f"more: --cursor {found.next}")


def _refuse(found: Sequence[Complaint]) -> None:
    if any(one.severity is Severity.ERROR for one in found):
        raise typer.Exit(1)
