"""`muster serve`: the HTTP service."""

from typing import Annotated

import typer

from muster.cli.options import Data, settings


def serve(
    host: Annotated[
        str | None, typer.Option("--host", help="Address to listen on.", show_default="MUSTER_SERVE_HOST or 127.0.0.1")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=0,
            max=65_535,
            help="Port to listen on; 0 takes a free one.",
            show_default="MUSTER_SERVE_PORT or 8585",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            min=1,
            max=256,
            help="Processes; more than one need the engine on a server.",
            show_default="MUSTER_SERVE_WORKERS or 1",
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Serve the HTTP API until stopped, and keep the index up to date meanwhile.

    The first start makes a token for an admin and leaves it in the data folder. While it serves, all other verbs work
    on the same folder as usual.

    Example:

    muster serve --port 8585
    """
    said = {"serve_host": host, "serve_port": port, "serve_workers": workers}
    chosen = settings(data).model_copy(update={name: value for name, value in said.items() if value is not None})
    from muster.cli.serving import serve_on  # noqa: PLC0415 - other verbs need none of it

    serve_on(chosen)
