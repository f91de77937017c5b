"""`muster token …`: bearer tokens for the HTTP service."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from muster.catalog.token import Role, Token
from muster.cli import show
from muster.cli.opening import workspace
from muster.cli.options import Data, Json, settings
from muster.cli.terminal import emit, err, out
from muster.client.told import iso
from muster.service.moments import moment

app = typer.Typer(help="Make, list and end bearer tokens.", no_args_is_help=True, rich_markup_mode="markdown")

REVOKED = "revoked"

TokenName = Annotated[str, typer.Option("--name", help="What the token is for; a name is used once.")]


@app.command()
def create(
    name: TokenName,
    role: Annotated[Role, typer.Option("--role", help="What its bearer may do.")] = Role.VIEWER,
    domain: Annotated[
        list[str] | None, typer.Option("--domain", help="Bind an editor to a domain; repeatable.")
    ] = None,
    expires: Annotated[
        str | None,
        typer.Option(
            "--expires", help="When it ends: `90d`, `12h`, `30m`, or an ISO date or time.", show_default="never"
        ),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Make a token; its secret is shown this once.

    Example:

    muster token create --name dashboard --role viewer --expires 90d
    """
    from muster.service.tokens import create_token  # noqa: PLC0415 - help needs none of it

    with workspace(settings(data)) as work:
        until = None if expires is None else moment(expires, work.clock())
        secret = create_token(work, name, role, domains=tuple(domain or ()), expires_at=until)
    if as_json:
        emit({"name": name, "role": role.value, "token": secret})
        return
    typer.echo(secret)
    err.print("keep it: only its digest is stored, it cannot be shown again")


@app.command("list")
def list_tokens(data: Data = None, as_json: Json = False) -> None:
    """List the tokens, never their secrets."""
    with workspace(settings(data)) as work:
        found = [_view(one, work.clock()) for one in work.record.tokens()]
    if as_json:
        emit(found)
    elif found:
        headings = ("NAME", "ROLE", "DOMAINS", "STATE", "CREATED", "EXPIRES", "LAST USED")
        show.table(headings, (tuple(one.values()) for one in found))
    else:
        err.print("no tokens yet: make one with `muster token create --name NAME`")


@app.command()
def revoke(
    name: Annotated[str, typer.Argument(help="The token's name.")], data: Data = None, as_json: Json = False
) -> None:
    """End a token for good; a service that runs refuses it within a second."""
    with workspace(settings(data)) as work:
        work.record.revoke_token(name, at=work.clock())
    if as_json:
        emit({"name": name, "state": REVOKED})
    else:
        out.print(f"revoked {name}")


def _view(one: Token, now: int) -> dict[str, Any]:
    return {
        "name": one.name,
        "role": one.role.value,
        "domains": list(one.domains),
        "state": REVOKED if one.revoked_at else "active" if one.holds(now) else "expired",
        "createdAt": _time(one.created_at),
        "expiresAt": one.expires_at and _time(one.expires_at),
        "usedAt": one.used_at and _time(one.used_at),
    }


def _time(milliseconds: int) -> str:
    return iso(datetime.fromtimestamp(milliseconds / 1000, UTC))
