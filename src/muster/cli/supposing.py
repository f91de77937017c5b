"""`muster what-if`: what would move if a tag, an owner or a schema were renamed or dropped."""

from typing import Annotated

import typer

from muster.cli import show_report as show
from muster.cli.answering import answering
from muster.cli.answering.reporting import Supposing
from muster.cli.options import Data, Json, Server
from muster.cli.terminal import emit


def what_if(
    tag: Annotated[
        str | None, typer.Option("--tag", help="A tag, by the name that people give it, or its internal one.")
    ] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="A user or a group that owns assets.")] = None,
    schema: Annotated[
        str | None, typer.Option("--schema", help="A schema, by guid or qualified name, with all that is in it.")
    ] = None,
    renamed_to: Annotated[str | None, typer.Option("--renamed-to", help="It goes by this name.")] = None,
    dropped: Annotated[
        bool, typer.Option("--dropped", help="It is there no more; of a schema, all in it is archived.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", min=0, max=1_000, help="Assets of each move that are told.")] = 10,
    server: Server = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Say what would move in all products if a tag, an owner or a schema were renamed or dropped; nothing is changed.

    Pins and exclusions count before and after. Clauses whose terms only the index knows hold what they hold today.

    Examples:

    muster what-if --tag PII --dropped

    muster what-if --owner ada --renamed-to grace
    """
    if sum(map(bool, (tag, owner, schema))) != 1:
        raise typer.BadParameter("say one of --tag, --owner and --schema")
    if dropped == bool(renamed_to):
        raise typer.BadParameter("say either --dropped or --renamed-to")
    wanted = Supposing(tag or None, owner or None, schema or None, renamed_to or None, limit)
    with answering(data, server) as muster:
        found = muster.what_if(wanted)
    emit(found.as_json()) if as_json else show.supposition(found)
