"""Lend an engine to other processes of this machine, for as long as one has it."""

import logging
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from muster.engines.remote.address import Address, write_address
from muster.engines.remote.calls import CALLS
from muster.engines.remote.channel import BROKEN, HOST, Channel, Stranger
from muster.engines.remote.values import decode, encode
from muster.errors import EngineUnavailable, MusterError
from muster.protocols import Engine

BITS: Final = 256
PATIENCE: Final = 30.0
"""Seconds that calls under way have when the engine is about to close."""

log = logging.getLogger(__name__)


@contextmanager
def hosted(engine: Engine, path: Path) -> Iterator[None]:
    """Lend the engine on a port of this machine, to whoever can read the address left at `path`.

    At the end the address goes first; then what is under way is finished, and nothing more is begun.
    """
    address_key = secrets.token_bytes(BITS // 8)
    with socket.create_server((HOST, 0)) as listener:
        host = _Host(engine, address_key)
        threading.Thread(target=host.listen, args=(listener,), name="engine-host", daemon=True).start()
        write_address(path, Address(listener.getsockname()[1], address_key))
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
            host.close()


class _Host:
    """One thread a connection; a call is answered before the next of its connection is read."""

    def __init__(self, engine: Engine, key: bytes) -> None:
        self._engine = engine
        self._key = key
        self._changed = threading.Condition()
        self._under_way = 0
        self._closed = False
        self._channels: set[Channel] = set()

    def listen(self, listener: socket.socket) -> None:
        """Take connections until the listener closes."""
        listener.settimeout(0.5)
        while not self._closed:
            try:
                connected, _ = listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            threading.Thread(target=self._serve, args=(Channel(connected),), name="engine-guest", daemon=True).start()

    def close(self) -> None:
        """Refuse further calls, and come back when those under way are done."""
        with self._changed:
            self._closed = True
            if not self._changed.wait_for(lambda: self._under_way == 0, PATIENCE):
                log.warning("the engine closes on %d calls of other processes", self._under_way)
        for channel in tuple(self._channels):
            channel.close()

    def _serve(self, channel: Channel) -> None:
        self._channels.add(channel)
        try:
            channel.prove(self._key, first=True)
            while True:
                channel.send(self._answer(channel.receive()))
        except (*BROKEN, Stranger, ValueError):
            channel.close()
        finally:
            self._channels.discard(channel)

    def _answer(self, asked: Any) -> dict[str, Any]:
        """Return the answer of one call, or its error; what was not foreseen goes to the log of this process."""
        try:
            with self._call():
                return {"answer": encode(self._done(asked))}
        except MusterError as error:
            return {"error": error.as_dict()}
        except Exception:
            log.exception("a call of another process failed")
            failed = EngineUnavailable("the process that has the index open failed", hint="see its log")
            return {"error": failed.as_dict()}

    def _done(self, asked: Any) -> Any:
        return CALLS[asked["call"]](self._engine, *decode(asked["args"]), **decode(asked["kwargs"]))

    @contextmanager
    def _call(self) -> Iterator[None]:
        with self._changed:
            if self._closed:
                raise EngineUnavailable("the process that has the index open is stopping", hint="try again")
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()
