"""Every route of the service, read from the service itself: what is new is among them without being named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from muster.api import access
from muster.api.shell.identified import Identified
from muster.bootstrap import application
from muster.catalog.token import Role
from muster.settings import Settings

Json = Any

APP = application(Settings())
PREFIXES = tuple(
    prefix
    for layer in APP.user_middleware
    if layer.cls is Identified
    for surface in layer.kwargs["surfaces"]
    for prefix in surface.prefixes
)
"""What the surfaces answer for."""
DESCRIPTION = get_openapi(title="", version="0", routes=APP.routes)
ROLES = {access.viewer: Role.VIEWER, access.editor: Role.EDITOR, access.admin: Role.ADMIN}


@dataclass(frozen=True)
class Route:
    """One method of one path, with its description: empty for what is not described.

    `path` has its parameters by name in braces, `pattern` fits the paths that come to it, `role` is the least that it
    takes: None where it asks for none.
    """

    method: str
    path: str
    role: Role | None
    described: Json
    pattern: re.Pattern[str]

    @property
    def label(self) -> str:
        """What the route is called."""
        return f"{self.method} {self.path}"

    @property
    def statuses(self) -> set[int]:
        """The statuses that the description has."""
        return {int(status) for status in self.described.get("responses", ())}

    @property
    def takes_body(self) -> bool:
        """Whether the description has a body."""
        return "requestBody" in self.described

    def parameters(self, place: str) -> Mapping[str, Json]:
        """Return the schemas of the parameters in the path or the query, by name."""
        return {one["name"]: one["schema"] for one in self.described.get("parameters", ()) if one["in"] == place}


def _every() -> Iterator[Route]:
    for one in iter_route_contexts(APP.routes):
        path = one.path_format or ""
        for method in sorted(one.methods or ()):
            said = DESCRIPTION["paths"].get(path, {}).get(method.lower(), {}) if one.include_in_schema else {}
            yield Route(method, path, _role(one.dependant), said, one.path_regex)


def _role(dependant: Dependant) -> Role | None:
    """Return the least role among what a route depends on, however far down; the highest where there are several."""
    found = [ROLES[call] for call in _calls(dependant) if call in ROLES]
    return max(found, key=list(Role).index, default=None)


def _calls(dependant: Dependant) -> Iterable[Any]:
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)


ROUTES = tuple(_every())
LABELS = [one.label for one in ROUTES]
DESCRIBED = tuple(one for one in ROUTES if one.described)
