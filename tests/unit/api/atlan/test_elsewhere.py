"""What Atlan has and this service does not."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

import pytest
from starlette.routing import Match

from muster.api.atlan.elsewhere import ATLAN, KNOWN
from muster.api.atlan.surface import PARTS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pyatlan.client import constants
    from pyatlan.utils import API

APART = {"GET_ENTITIES_BY_UNIQUE_ATTRIBUTE", "PRESIGNED_URL_DOWNLOAD"}
"""What is only the beginning of a path, or no path of the service's own."""


def requests() -> Iterator[tuple[str, str]]:
    """Yield method and path of every request that the client has a name for."""
    for name, one in vars(constants).items():
        if isinstance(one, API) and name not in APART and not name.startswith("PRESIGNED_URL_UPLOAD"):
            path = re.sub(r"\{[^}]*\}|%s", "x", f"/{one.endpoint.prefix}/{one.path}")
            yield one.method.value, completed(re.sub("/+", "/", path).rstrip("/"))


def completed(path: str) -> str:
    """Return a path with what the client appends to it."""
    return f"{path}/x" if re.search(r"/(guid|type|name)$", path) else path


def is_served(method: str, path: str) -> bool:
    """Whether a route takes a request."""
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for part in PARTS for route in part.router.routes)


@pytest.mark.parametrize(("method", "path"), sorted(set(requests())), ids=" ".join)
def test_every_request_of_the_client_is_served_or_said_not_to_be(method: str, path: str) -> None:
    """By a route, or by 501; never by both, and never as a path that is not there."""
    said = any(method in methods and pattern.fullmatch(path) for methods, pattern in KNOWN)

    assert is_served(method, path) != said


def test_nothing_beside_them_is_claimed() -> None:
    """A path of nobody's is just not there."""
    paths = [f"{prefix}/nowhere/at/all" for prefix in ATLAN]

    assert not [path for path in paths for _, pattern in KNOWN if pattern.fullmatch(path)]
