"""What is known of one request while it is answered; it travels in the ASGI scope."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from muster.api.surface import Render
from muster.catalog.token import Token

KEY = "muster"


@dataclass(slots=True)
class Exchange:
    """One request: its id, how its errors are said, and whose token it brought, once that is known."""

    request_id: str
    render: Render
    token: Token | None = None


def exchange_of(scope: MutableMapping[str, Any]) -> Exchange:
    """Return the exchange that a scope belongs to."""
    found: Exchange = scope[KEY]
    return found
