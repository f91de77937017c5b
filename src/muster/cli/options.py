"""Options that several verbs share."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pydantic import ValidationError

from muster.errors import InvalidInput
from muster.query.faces import Face
from muster.settings import Settings

LAST_RUN: Final = 2**53 - 1
"""The greatest number that a run may have."""

Data = Annotated[
    Path | None, typer.Option("--data", help="Folder of record and index.", show_default=".muster or MUSTER_DATA")
]
Server = Annotated[
    str | None,
    typer.Option("--server", help="Ask this server, with `MUSTER_TOKEN`.", show_default="MUSTER_SERVER, or the folder"),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON with stable fields instead of text.")]
Product = Annotated[str, typer.Argument(help="The product: name, guid, qualified name or dotted name.")]
RunNumber = Annotated[int, typer.Argument(min=1, max=LAST_RUN, help="The number of the run.")]
AsFace = Annotated[
    Face | None, typer.Option("--as", help="How the selection is written.", show_default="what it looks like")
]
Text = Annotated[
    str,
    typer.Argument(
        help="The selection: shorthand, OpenSearch JSON, a dataProductAssetsDSL string or a rule tree; `@FILE` or `-` reads it."
    ),
]
Size = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Members a page.")]
Cursor = Annotated[str | None, typer.Option("--cursor", help="Go on where a page ended (its `next`).")]
SortBy = Annotated[
    list[str] | None, typer.Option("--sort", help="Field to order by, `-field` for descending; repeatable.")
]
Attribute = Annotated[list[str] | None, typer.Option("--attribute", "-a", help="Attribute to show; repeatable.")]
Force = Annotated[bool, typer.Option("--force", help="Go on where a guard would hold.")]
Lenient = Annotated[bool, typer.Option("--allow-unknown-fields", help="Accept fields that no asset has yet.")]


def settings(data: Path | None, server: str | None = None) -> Settings:
    """Return the settings, the options before the environment: a folder that is named is not asked of a server.

    Raises:
        InvalidInput: the environment sets one to what it cannot be.
    """
    said: dict[str, Any] = {} if data is None else {"data": data, "server": None}
    said |= {} if server is None else {"server": server}
    try:
        return Settings(**said)
    except ValidationError as error:
        first = error.errors()[0]
        name, reason = f"MUSTER_{first['loc'][0]}".upper(), first["msg"].lower()
        raise InvalidInput(
            f"`{name}` is set to `{first['input']}`: {reason}", hint="set it to something else, or not at all"
        ) from error


def text_of(argument: str) -> str:
    """Return a selection's text: as given, from `@FILE`, or from standard input for `-`.

    Raises:
        typer.BadParameter: the file cannot be read, or is not UTF-8.
    """
    if argument == "-":
        return _decoded(typer.get_binary_stream("stdin").read(), "standard input")
    if not argument.startswith("@"):
        return argument
    try:
        return _decoded(Path(argument[1:]).read_bytes(), f"`{argument[1:]}`")
    except OSError as error:
        raise typer.BadParameter(f"`{argument[1:]}` cannot be read: {error.strerror}") from error


def _decoded(text: bytes, origin: str) -> str:
    """Decode UTF-8, without the mark that some editors put first."""
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{origin} is not UTF-8: {error.reason} at byte {error.start:,}") from error
