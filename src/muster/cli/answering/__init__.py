"""Who answers a verb: a server that is named, the process that serves the folder, or the services in this process."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

import typer

from muster.cli import neighbour
from muster.cli.answering.protocol import Answering
from muster.cli.answering.wording import in_words_of_verbs
from muster.cli.opening import workspace
from muster.cli.options import settings
from muster.errors import MusterError
from muster.settings import Settings

__all__ = ["Answering", "answering"]

PATIENCE: Final = 600.0
"""Seconds that a server may be silent: longer than it takes to say that something takes too long."""

TRIES: Final = 2
"""How often a server that is named is asked again."""


@contextmanager
def answering(data: Path | None, server: str | None) -> Iterator[Answering]:
    """Give what answers a verb, and let go of it at the end."""
    if data is not None and server is not None:
        raise typer.BadParameter("--data and --server exclude each other")
    chosen = settings(data, server)
    with in_words_of_verbs(), ExitStack() as stack:
        there = _server(stack, chosen) if chosen.server else _owner(stack, chosen)
        yield there or _here(stack, chosen)


def _here(stack: ExitStack, chosen: Settings) -> Answering:
    from muster.cli.answering.here import Here  # noqa: PLC0415 - takes long, and a server answers without

    return Here(stack.enter_context(workspace(chosen)), chosen)


def _server(stack: ExitStack, chosen: Settings) -> Answering:
    from muster.cli.answering.there import There  # noqa: PLC0415 - the folder is asked without
    from muster.client import Muster  # noqa: PLC0415 - as above

    token = chosen.token.get_secret_value() if chosen.token else ""
    client = Muster(chosen.server, token, timeout=PATIENCE, retries=TRIES)
    return There(stack.enter_context(client))


def _owner(stack: ExitStack, chosen: Settings) -> Answering | None:
    """Return the process that serves the folder; None where there is none, or none that knows the key any more."""
    near = neighbour.found(chosen)
    if near is None:
        return None
    from muster.cli.answering.there import There  # noqa: PLC0415 - as above
    from muster.client import Muster  # noqa: PLC0415 - as above

    signed = {"X-Muster-User": quote(chosen.user)}
    client = Muster(near.url, near.key, timeout=PATIENCE, retries=0, headers=signed)
    try:
        client.who()
    except MusterError:
        client.close()
        return None
    return There(stack.enter_context(client))
