"""The HTTP service, from the first token to the last answer."""

import ipaddress
import os
import signal
import socket
import sys
import threading
from contextlib import AbstractContextManager, nullcontext
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from muster.bootstrap import application, is_shared, now, open_workspace, opened_record
from muster.cli.neighbour import Neighbour, introduced, keep, new_key
from muster.cli.options import settings
from muster.cli.terminal import err
from muster.errors import InvalidInput
from muster.service.tokens import first_token
from muster.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

TOKEN_FILE: Final = "admin.token"  # noqa: S105 - a file's name
EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - nothing is bound by it
"""Addresses that stand for all, and one that can be typed in place of each."""

BACKLOG: Final = 2048
LAST_STEPS: Final = 0.5
"""Seconds for a thread whose work is done to end."""


def serve_on(chosen: Settings) -> None:
    """Serve until stopped.

    Raises:
        InvalidInput: several processes with the embedded engine, or an address that cannot be listened on.
        DataFolderBusy: another process has the folder.
    """
    if chosen.serve_workers > 1 and not is_shared(chosen):
        raise InvalidInput(
            "several processes cannot share the embedded engine",
            hint="serve with one, or name a search server by `MUSTER_ENGINE_URL`",
        )
    with _listening(chosen) as listener:
        if chosen.serve_workers > 1:
            _run_many(chosen, listener)
        else:
            _run(chosen, listener)


def _listening(chosen: Settings) -> socket.socket:
    """Return a socket that listens: who connects from now on is answered when the service is up."""
    host, port = chosen.serve_host, chosen.serve_port
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise InvalidInput(
            f"cannot listen on {host} port {port}: {error.strerror}", hint="choose another with `--host` and `--port`"
        ) from error


def _prepare(chosen: Settings, listener: socket.socket) -> None:
    """See that somebody has a token, and say where the service is."""
    file = chosen.data / TOKEN_FILE
    with opened_record(chosen) as record:
        made = first_token(record, now, lambda secret: keep(file, secret))
    host, port = listener.getsockname()[:2]
    err.print(f"Muster at {_url(host, port)}")
    if made:
        err.print(f"a token for an admin is in {file}: nobody but you can read it")
    elif file.exists():
        err.print(f"the first admin's token was left in {file}")
    if not _is_loopback(host):
        err.print("others can reach this: put TLS in front, tokens are sent as they are")


def _url(host: str, port: int) -> str:
    """Return the address to type: one that can be, where all are listened on; by number, as clients refuse `localhost`."""
    shown = EVERYWHERE.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def _is_loopback(host: str) -> bool:
    return ipaddress.ip_address(host.partition("%")[0]).is_loopback


def _run(chosen: Settings, listener: socket.socket) -> None:
    """Serve in this process."""
    from muster.api.logs import write_logs  # noqa: PLC0415 - other verbs need none of it
    from muster.api.server import run, settle  # noqa: PLC0415 - as above

    with open_workspace(chosen, lending=True) as work:
        _prepare(chosen, listener)
        write_logs(chosen)
        _be_told()
        key = new_key()
        app = application(chosen, lambda: nullcontext(work), key=key)
        settle()
        with _known(chosen, listener, key):
            run(app, chosen, listener)
    _leave()


def _known(chosen: Settings, listener: socket.socket, key: str) -> AbstractContextManager[None]:
    """Let commands on the folder find the service, where it has the folder and this machine reaches it as its own."""
    host, port = listener.getsockname()[:2]
    if is_shared(chosen) or not (_is_loopback(host) or host in EVERYWHERE):
        return nullcontext()
    return introduced(chosen, Neighbour(_url(host, port), key))


def _leave() -> None:
    """End at once: all is closed, and nobody waits for a request that did not end in time."""
    others = [one for one in threading.enumerate() if one is not threading.main_thread() and not one.daemon]
    for one in others:
        one.join(LAST_STEPS)
    cut_off = any(one.is_alive() for one in others)
    if cut_off:
        err.print("some requests did not end in time, and were cut off")
    sys.stderr.flush()
    os._exit(int(cut_off))


def _run_many(chosen: Settings, listener: socket.socket) -> None:
    """Serve in several processes, which read the same settings from their environment."""
    from muster.api.logs import write_logs  # noqa: PLC0415 - as above
    from muster.api.server import run_many  # noqa: PLC0415 - as above

    _prepare(chosen, listener)
    write_logs(chosen)
    os.environ["MUSTER_DATA"] = str(chosen.data)
    _be_told()
    with TemporaryDirectory(prefix="muster-figures-") as figures:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = figures
        run_many(f"{__name__}:worker", chosen, listener)


def _be_told() -> None:
    """Let the signals that the server hands back after it has stopped do nothing more."""
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: None)


def worker() -> "FastAPI":
    """Return the service of one process of several."""
    from muster.api.logs import write_logs  # noqa: PLC0415 - as above
    from muster.api.server import settle  # noqa: PLC0415 - as above

    chosen = settings(None)
    write_logs(chosen)
    app = application(chosen)
    settle()
    return app
