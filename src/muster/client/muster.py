"""The client as a whole."""

import os
from collections.abc import Mapping
from types import TracebackType
from typing import Final, Self

import httpx

from muster.client.algebra import Algebra
from muster.client.answers import Who
from muster.client.assets import Assets
from muster.client.decisions import Decisions
from muster.client.events import Events
from muster.client.exporting import Exports
from muster.client.history import History
from muster.client.judging import Judging
from muster.client.members import Members
from muster.client.policies import Policies
from muster.client.products import Products
from muster.client.reports import Reports
from muster.client.selections import Selections
from muster.client.sending import Sender, connected
from muster.client.webhooks import Webhooks
from muster.errors import InvalidInput, Unauthenticated

SERVER: Final = "MUSTER_SERVER"
TOKEN: Final = "MUSTER_TOKEN"  # noqa: S105 - the name of a variable


class Muster(
    Products,
    Members,
    Exports,
    History,
    Decisions,
    Selections,
    Assets,
    Algebra,
    Policies,
    Judging,
    Reports,
    Events,
    Webhooks,
):
    """A Muster server, asked as the bearer of a token; safe to share between threads.

    `url` and `token` are `MUSTER_SERVER` and `MUSTER_TOKEN` where they are not given. `timeout` are the seconds that the
    server may be silent. What only reads is sent up to `retries` times more while the connection breaks or the server is
    not ready. `headers` go with every request, and a `transport` takes the place of the network.

    Connections are kept until the end of the block, or `close`.

    Example:
        >>> with Muster(url, token) as muster:
        ...     muster.count("Gold tables").total
        400

    Raises:
        InvalidInput: there is no URL, or it is none.
        Unauthenticated: there is no token, or one that none can be.
        MusterError: every method, what the server refuses; ServerUnavailable when it does not answer.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        timeout: float = 60.0,
        retries: int = 3,
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        place = url or os.environ.get(SERVER, "")
        if not place:
            raise InvalidInput("which server is not said", hint=f"pass its URL, or set `{SERVER}`")
        said = {"Authorization": f"Bearer {_token(token)}", **(headers or {})}
        super().__init__(Sender(connected(place, said, timeout, transport), retries))

    def who(self) -> Who:
        """Return as whom the server knows this client, and its release.

        Example:
            >>> muster.who().role
            'admin'
        """
        return self._sender.look(Who, "/whoami")

    def close(self) -> None:
        """Let go of the connections."""
        self._sender.close()

    def __enter__(self) -> Self:
        """Begin; connections are made when they are needed."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let go of the connections."""
        self.close()


def _token(said: str | None) -> str:
    token = (said or os.environ.get(TOKEN, "")).strip()
    if not token:
        raise Unauthenticated("there is no token", hint=f"pass one, or set `{TOKEN}`; `muster token create` makes one")
    if not (token.isascii() and token.isprintable()):
        raise Unauthenticated("that is no token: it has characters that none has")
    return token
