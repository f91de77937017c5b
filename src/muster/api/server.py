"""Run the service on uvicorn, in this process or in several."""

import gc
import math
import socket
from collections.abc import Callable
from typing import Any, Final

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from muster.settings import Settings

KEEP_ALIVE: Final = 75
"""Seconds for which an idle connection is kept: longer than clients keep theirs, so that it is they who close."""


YOUNG: Final = 50_000
"""Objects made, less those let go, until the young ones are looked at for cycles: several answers' worth."""


def settle() -> None:
    """Let the garbage collector be about what requests make.

    What is there when the service starts stays, and need not be looked at ever again. With Python's own threshold of a
    few hundred objects each page of entities is looked through many times while it is made, for a fifth of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)


def run(app: FastAPI, settings: Settings, listener: socket.socket) -> bool:
    """Serve until SIGTERM or SIGINT, then until what is under way is answered or its time is over.

    Returns whether the service came up.
    """
    server = uvicorn.Server(_config(app, settings))
    server.run(sockets=[listener])
    return server.started


def run_many(factory: str, settings: Settings, listener: socket.socket) -> None:
    """Serve in several processes, each with the app that a factory (`module:function`) returns there.

    One that dies is replaced; where they cannot start, all end.
    """
    config = _config(factory, settings, factory=True, workers=settings.serve_workers)
    Multiprocess(config, sockets=[listener]).run()


def _config(app: FastAPI | str | Callable[..., Any], settings: Settings, **options: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="muster.api.protocol:Protocol",
        ws="none",
        lifespan="on",
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=math.ceil(settings.serve_grace),
        proxy_headers=bool(settings.serve_proxies),
        forwarded_allow_ips=settings.serve_proxies,
        server_header=False,
        access_log=False,
        log_config=None,
        **options,
    )
