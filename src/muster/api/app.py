"""The HTTP service: a workspace, open for as long as it runs, behind its surfaces."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, closing
from dataclasses import replace
from typing import Any, Final

import anyio.to_thread
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from muster.api.delivering import delivering
from muster.api.description import description_routes, metric_routes
from muster.api.failures import answer_failures
from muster.api.gate import Gate
from muster.api.health import health_routes
from muster.api.keeping import keeping
from muster.api.metering import Meters, counted, measured
from muster.api.projecting import projecting
from muster.api.shell.admitted import Admitted
from muster.api.shell.bounded import Bounded
from muster.api.shell.identified import Identified
from muster.api.shell.watched import Watched
from muster.api.surface import Surface
from muster.api.waiting import STOP, Waiters
from muster.protocols import Sender
from muster.service.hooks.addresses import Allowed
from muster.service.hooks.subscribing import Out
from muster.service.workspace import Workspace
from muster.settings import Settings

Opener = Callable[[], AbstractContextManager[Workspace]]
"""Opens the workspace, and closes it at the end."""

OPEN: Final = frozenset(("/healthz", "/readyz"))
"""The paths that need no token."""

COMPRESSED: Final = 1_024
"""Bytes from which an answer is compressed for who takes that."""

EFFORT: Final = 4
"""How hard to compress, of 9: JSON comes out at an eighth of its size, at three times the speed of 9."""


def create_app(
    opener: Opener,
    settings: Settings,
    surfaces: Sequence[Surface] = (),
    *,
    sender: Sender | None = None,
    key: str | None = None,
) -> FastAPI:
    """Return the service; the workspace is opened when it starts and closed, last of all, when it stops.

    Webhooks are told by the `sender`; without one nobody tells them here. Who brings the `key` from this machine is
    let in as an admin.
    """
    meters = Meters()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[Mapping[str, Any]]:
        with ExitStack() as stack:
            opened = stack.enter_context(opener())
            work = replace(opened, record=counted(opened.record, meters), engine=measured(opened.engine, meters))
            meters.watch(work)
            stack.enter_context(projecting(work))
            if settings.serve_keeping:
                stack.enter_context(keeping(work, settings, meters))
            app.state.gate = stack.enter_context(closing(Gate(work, settings.serve_attempts, key)))
            anyio.to_thread.current_default_thread_limiter().total_tokens = settings.serve_threads
            app.state.patience = settings.serve_timeout
            app.state.waiters = Waiters(work.record.last_event, settings.serve_waiters)
            stack.callback(app.state.waiters.stop)
            if sender is not None:
                app.state.out = Out(sender, Allowed(settings.hooks_allow_private))
                stack.enter_context(delivering(work, app.state.out, settings))
                stack.callback(sender.close)
            yield {STOP: app.state.waiters.stop}

    app = FastAPI(
        title="Muster", lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    answer_failures(app)
    _route(app, meters, surfaces)
    _surround(app, meters, surfaces, settings)
    return app


def _route(app: FastAPI, meters: Meters, surfaces: Sequence[Surface]) -> None:
    own = (health_routes(), metric_routes(meters), description_routes(app, surfaces))
    for router in (*own, *(surface.router for surface in surfaces)):
        app.include_router(router)


def _surround(app: FastAPI, meters: Meters, surfaces: Sequence[Surface], settings: Settings) -> None:
    """Put the layers around the routes, the innermost first."""
    metrics = {"/metrics"} if settings.serve_open_metrics else set()
    app.add_middleware(Admitted, open=OPEN.union(metrics, *(surface.open for surface in surfaces)))
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED, compresslevel=EFFORT)
    app.add_middleware(
        Bounded, body=settings.serve_body, headers=settings.serve_headers, seconds=settings.serve_timeout
    )
    app.add_middleware(Watched, meters=meters)
    app.add_middleware(Identified, surfaces=surfaces)
