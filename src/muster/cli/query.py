"""`muster preview | check | convert`: selections that are not stored."""

from collections.abc import Sequence
from typing import Annotated, Final

import typer

from muster.cli import show, show_report
from muster.cli.answering import answering
from muster.cli.answering.protocol import Part, Written
from muster.cli.options import AsFace, Attribute, Cursor, Data, Json, Server, Size, SortBy, Text, settings, text_of
from muster.cli.terminal import emit, err, out
from muster.client.models import Complaint, Preview
from muster.query import faces
from muster.query.english import english
from muster.query.faces import Face

KEYS: Final = ("english", "total", "byType", "members", "complaints", "next")
"""What `preview` tells in JSON."""

Replaces = Annotated[
    str | None,
    typer.Option(
        "--replaces", help="A product that would have this selection: who would join and leave, and whom it concerns."
    ),
]
Target = Annotated[str, typer.Option("--to", help="wire, dsl, shorthand, rules or english.")]


def preview(
    selection: Text,
    face: AsFace = None,
    limit: Size = 20,
    cursor: Cursor = None,
    sort: SortBy = None,
    attribute: Attribute = None,
    replaces: Replaces = None,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Run a selection without storing it: how many, which, of what types; exit 1 when it cannot run.

    Examples:

    muster preview 'type:Table tag:Marketing -tag:PII'

    muster preview 'type:Table tag:Marketing' --replaces Finance.MonthEnd
    """
    written, attributes = Written(text_of(selection), face), tuple(attribute or ())
    with answering(data, server) as muster:
        found = muster.preview(written, Part(limit, cursor, tuple(sort or ()), attributes), replaces)
    if as_json:
        told = found.as_json()
        emit({key: told[key] for key in (*KEYS, *(("replaces",) if replaces else ()))})
    else:
        _print(found, attributes)
    _refuse(found.complaints)


def check(
    selection: Text, face: AsFace = None, server: Server = None, data: Data = None, as_json: Json = False
) -> None:
    """Say everything there is to complain about in a selection; exit 1 when it cannot run.

    Example:

    muster check 'type:Tabel certificateState:VERIFIED'
    """
    written = Written(text_of(selection), face)
    with answering(data, server) as muster:
        found = muster.check(written)
    emit([one.as_json() for one in found]) if as_json else show.complaints(found)
    _refuse(found)
    if not as_json and all(one.severity == "note" for one in found):
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
    show.assets(found.members, attributes)
    show.complaints(one for one in found.complaints if one.code != "cost")
    if found.next:
        err.print(f"more: --cursor {found.next}")
    if found.replaces is not None:
        show_report.replacement(found.replaces)


def _refuse(found: Sequence[Complaint]) -> None:
    if any(one.severity == "error" for one in found):
        raise typer.Exit(1)
