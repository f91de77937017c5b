"""An engine that lives in another process."""

import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, Self, cast

from muster.engines.remote.address import Address
from muster.engines.remote.calls import AS_THEY_ARE, raised
from muster.engines.remote.channel import BROKEN, HOST, Channel, Stranger
from muster.engines.remote.values import decode, encode
from muster.errors import EngineUnavailable
from muster.fields import Fields
from muster.protocols import Engine


def connect(address: Address, fields: Fields) -> Engine | None:
    """Return the engine at an address, None when nobody who knows the key is there; `fields` are the mapped ones."""
    try:
        channel = Channel(socket.create_connection((HOST, address.port)))
    except OSError:
        return None
    try:
        channel.prove(address.key, first=False)
    except Stranger:
        channel.close()
        return None
    return cast("Engine", _RemoteEngine(channel, fields))


class _RemoteEngine:
    """Asks over one connection, one call at a time; the methods are `muster.protocols.Engine`'s.

    Raises:
        EngineUnavailable: the other process is gone.
    """

    def __init__(self, channel: Channel, fields: Fields) -> None:
        self._channel = channel
        self._mapped = self._fields = fields
        self._asking = threading.Lock()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in AS_THEY_ARE:
            raise AttributeError(name)
        return partial(self._ask, name)

    def fields(self) -> Fields:
        """Return the searchable fields: those mapped, and those that documents brought along."""
        found = self._ask("found")
        if found != self._fields.found:
            self._fields = self._mapped.with_found(found)
        return self._fields

    def successor(self, *, fresh: bool = False) -> Self:
        """Empty the index, to be filled anew; everybody sees it grow."""
        self._ask("renew", fresh=fresh)
        return self

    def take_over(self) -> None:
        """Do nothing: the rebuilt index is in its place."""

    def close(self) -> None:
        """Let go of the connection; the engine goes on."""
        self._channel.close()

    def _ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        with self._asking:
            try:
                self._channel.send({"call": name, "args": encode(list(args)), "kwargs": encode(kwargs)})
                answer = self._channel.receive()
            except BROKEN as error:
                raise EngineUnavailable(
                    "the process that has the index open is gone", hint="try again, by yourself or with it running"
                ) from error
            except BaseException:
                self._channel.close()  # an answer to come would be taken for another's
                raise
        if "error" in answer:
            raise raised(answer["error"])
        return decode(answer["answer"])
