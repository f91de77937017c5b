"""A service under test: driven in this process, without a socket, over a real record and index."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Depends

from muster.api.access import Caller, admin, editor, viewer
from muster.api.app import create_app
from muster.api.surface import Surface
from muster.bootstrap import open_workspace
from muster.catalog.token import Role
from muster.errors import MusterError
from muster.posting import Poster
from muster.service.tokens import create_token
from muster.service.workspace import Workspace
from muster.settings import Settings

TEAPOT = 418


class Driven:
    """The service, and a token of each role."""

    def __init__(self, settings: Settings, surfaces: Sequence[Surface]) -> None:
        with open_workspace(settings) as work:
            self.secrets = {role: create_token(work, role.value, role) for role in Role}
        poster = Poster(settings.hooks_timeout)
        self.app = create_app(lambda: open_workspace(settings), settings, surfaces, sender=poster)
        self._loop = asyncio.new_event_loop()
        self._life = self.app.router.lifespan_context(self.app)
        self._loop.run_until_complete(self._life.__aenter__())

    @property
    def work(self) -> Workspace:
        """The workspace that the service has open."""
        found: Workspace = self.app.state.gate.work
        return found

    def close(self) -> None:
        """Stop the service."""
        self._loop.run_until_complete(self._life.__aexit__(None, None, None))
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def ask(
        self, method: str, path: str, *, role: Role | None = Role.ADMIN, address: str = "127.0.0.1", **more: Any
    ) -> httpx.Response:
        """Send a request with the token of a role, or without one."""
        return self._loop.run_until_complete(self._sent(method, path, role, address, more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Ask by GET."""
        return self.ask("GET", path, **more)

    async def _sent(self, method: str, path: str, role: Role | None, address: str, more: Any) -> httpx.Response:
        said = {} if role is None else {"Authorization": f"Bearer {self.secrets[role]}"}
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://muster") as client:
            return await client.request(method, path, **{**more, "headers": said | more.get("headers", {})})


@contextmanager
def driven(folder: Path, *surfaces: Surface, **settings: Any) -> Iterator[Driven]:
    """Drive a service over a folder."""
    with closing(Driven(Settings(data=folder, **settings), surfaces)) as service:
        yield service


def a_surface() -> Surface:
    """Return a surface with a route for each role, which says its errors in a way of its own."""
    router = APIRouter(prefix="/tea")
    for role, needed in (("viewer", viewer), ("editor", editor), ("admin", admin)):
        router.add_api_route(f"/{role}", _named_for(needed), methods=["GET"])
    router.add_api_route("/cups/{number}", _cup, methods=["POST"])
    router.add_api_route("/spilt", _spilt, methods=["GET"])
    return Surface("tea", ("/tea",), router, _poured)


def _named_for(needed: Any) -> Any:
    def who(caller: Annotated[Caller, Depends(needed)]) -> dict[str, Any]:
        return {"by": caller.work.by, "request": caller.request_id, "within": caller.within}

    return who


def _cup(number: int, body: dict[str, Any], _: Annotated[Caller, Depends(editor)]) -> dict[str, Any]:
    return {"number": number, "keys": len(body), "text": "x" * number}


def _spilt() -> None:
    raise ZeroDivisionError("secret tea")


def _poured(error: MusterError, request_id: str) -> tuple[int, dict[str, Any]]:
    return TEAPOT, {"tea": error.code, "said": error.message, "id": request_id}
