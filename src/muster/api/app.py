"""The HTTP service: a workspace, open for as long as it runs, behind its surfaces."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, closing
from typing import Final

import anyio.to_thread
from fastapi import FastAPI

from muster.api.failures import answer_failures
from muster.api.gate import Gate
from muster.api.shell.admitted import Admitted
from muster.api.shell.identified import Identified
from muster.api.surface import Surface
from muster.service.workspace import Workspace
from muster.settings import Settings

Opener = Callable[[], AbstractContextManager[Workspace]]
"""Opens the workspace, and closes it at the end."""

OPEN: Final = ("/healthz", "/readyz")
"""The paths that need no token."""


def create_app(opener: Opener, settings: Settings, surfaces: Sequence[Surface] = ()) -> FastAPI:
    """Return the service; the workspace is opened when it starts and closed, last of all, when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as stack:
            work = stack.enter_context(opener())
            app.state.gate = stack.enter_context(closing(Gate(work, settings.serve_attempts)))
            anyio.to_thread.current_default_thread_limiter().total_tokens = settings.serve_threads
            yield

    app = FastAPI(
        title="Muster", lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False
    )
    answer_failures(app)
    for surface in surfaces:
        app.include_router(surface.router)
    app.add_middleware(Admitted, open=OPEN)
    app.add_middleware(Identified, surfaces=surfaces)
    return app
