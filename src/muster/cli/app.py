"""Put the verbs together; end with 0 ok, 1 refused or failed, 2 wrong usage, 130 interrupted."""

import os
import sys
from typing import Annotated, cast

import typer

from muster.cli import imports, judging, membership, policy, product, query, report, supposing, token, upkeep, webhook
from muster.cli.serve import serve
from muster.cli.terminal import complain, fit, out, tolerate
from muster.cli.worker import worker
from muster.errors import InvalidInput, MusterError

WRONG_USAGE = 2
USAGE = cast("type[typer.BadParameter]", typer.BadParameter.__base__)
"""Whatever is wrong about what was typed; typer shows no other name for it."""

HELP = "Data products defined by a query: define them, see their members, keep them up to date."

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown", pretty_exceptions_enable=False)
app.add_typer(imports.importing, name="import")
app.add_typer(imports.exporting, name="export")
app.add_typer(product.app, name="product")
app.add_typer(policy.app, name="policy")
app.add_typer(report.app, name="report")
app.add_typer(token.app, name="token")
app.add_typer(webhook.app, name="webhook")
VERBS = (
    query.preview,
    query.check,
    query.convert,
    upkeep.sync,
    judging.runs,
    supposing.what_if,
    webhook.events,
    serve,
    worker,
    upkeep.project,
    upkeep.reindex,
    upkeep.doctor,
)
OF_PRODUCTS = (
    membership.members,
    membership.count,
    membership.explain,
    membership.history,
    membership.difference,
    judging.approve,
    judging.reject,
)
for verb in VERBS:
    app.command()(verb)
for of_product in OF_PRODUCTS:
    product.app.command()(of_product)


def _version(asked: bool) -> None:  # noqa: FBT001 - typer calls it
    if asked:
        from importlib.metadata import version  # noqa: PLC0415 - takes long for what is rarely asked

        out.print(f"muster {version('muster-catalog')}")
        raise typer.Exit


@app.callback(help=HELP)
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Take what stands before the verb."""


def run() -> None:
    """Run the command line; every foreseen error is one message, never a traceback."""
    tolerate()
    fit()
    as_json = "--json" in sys.argv
    try:
        sys.exit(app(standalone_mode=not as_json))
    except USAGE as error:
        complain(_misused(error), as_json=as_json)
        sys.exit(WRONG_USAGE)
    except MusterError as error:
        complain(error, as_json=as_json)
        sys.exit(1)
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        _print_no_more()
        sys.exit(0)
    except OSError as error:
        _print_no_more()
        failed = f"`{error.filename}`: {error.strerror}" if error.filename else str(error.strerror or error)
        complain(MusterError(failed, hint="see that there is room, and that it may be written"), as_json=False)
        sys.exit(1)


def _misused(error: typer.BadParameter) -> InvalidInput:
    """Return wrong usage as an error of ours."""
    verb = "muster" if error.ctx is None else error.ctx.command_path
    message = error.format_message().rstrip(".")
    return InvalidInput(message[:1].lower() + message[1:], hint=f"`{verb} --help` says what it takes")


def _print_no_more() -> None:
    """Let what standard output still holds go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
