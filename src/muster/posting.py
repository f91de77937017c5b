"""Send to receivers over HTTP: to addresses that were looked at before, within a time, and following nothing."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from typing import Any, Final

import httpx

from muster.hook import SAID
from muster.protocols import Answer, Stopped, Target

BODY: Final = 1.0
"""Seconds in which the begin of an answer's body is read; its status counts all the same."""

DIGITS: Final = 9
"""From so many digits on nobody means a number of seconds."""

WORDS: Final = 200
"""Characters of what is said about a failure."""


class Poster:
    """Sends, as `muster.protocols.Sender` promises it, and has `seconds` for each receiver to answer.

    Each message goes over a connection of its own, which is to nobody but who was named: certificates are held against the
    name, whatever address it has. Neither proxies nor credentials are taken from the environment.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._changing = threading.Lock()
        self._closed = False
        self._under_way: set[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = set()

    def addresses(self, target: Target) -> list[str]:
        """Return the addresses that the host of a target has now.

        Raises:
            OSError: it has none, or they cannot be had.
        """
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(address[0]) for *_, address in found))

    def post(self, target: Target, addresses: Sequence[str], headers: Mapping[str, str], body: bytes) -> Answer:
        """Send to a target, at one of these addresses and no other, and return what it answers: a redirection too.

        Raises:
            Stopped: the sender was closed.
        """
        return asyncio.run(self._watched(target, addresses, headers, body))

    def close(self) -> None:
        """Break off what is under way, and send nothing more."""
        with self._changing:
            self._closed = True
            for loop, task in self._under_way:
                loop.call_soon_threadsafe(task.cancel)

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """The authorities of this machine, and those that everybody trusts."""
        context = httpx.create_ssl_context(trust_env=False)
        context.load_default_certs()
        return context

    async def _watched(
        self, target: Target, addresses: Sequence[str], headers: Mapping[str, str], body: bytes
    ) -> Answer:
        """Send, where nobody has closed this, and let `close` break it off."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - for the type checker: this runs in one
        me = (asyncio.get_running_loop(), task)
        with self._changing:
            if self._closed:
                raise Stopped
            self._under_way.add(me)
        try:
            return await self._tried(target, addresses, headers, body)
        except asyncio.CancelledError:
            raise Stopped from None
        finally:
            with self._changing:
                self._under_way.discard(me)

    async def _tried(self, target: Target, addresses: Sequence[str], headers: Mapping[str, str], body: bytes) -> Answer:
        """Send, and return what is answered in time, or why nothing is."""
        patience = httpx.Timeout(None, connect=self._seconds / min(2, len(addresses)))
        async with httpx.AsyncClient(verify=self._trusted, trust_env=False, timeout=patience) as client:
            requests = [_request(client, target, address, headers, body) for address in addresses]
            try:
                async with asyncio.timeout(self._seconds):
                    response = await _first(client, requests)
            except TimeoutError:
                return Answer(None, f"no answer within {self._seconds:g} seconds")
            except (httpx.HTTPError, OSError) as error:
                return Answer(None, f"{type(error).__name__}: {error}"[:WORDS].replace("\0", ""))
            return await _answer(response)


async def _first(client: httpx.AsyncClient, requests: Sequence[httpx.Request]) -> httpx.Response:
    """Send the first of some requests whose address takes a connection."""
    for request in requests[:-1]:
        with contextlib.suppress(httpx.ConnectError, httpx.ConnectTimeout):
            return await client.send(request, stream=True)
    return await client.send(requests[-1], stream=True)


def _request(
    client: httpx.AsyncClient, target: Target, address: str, headers: Mapping[str, str], body: bytes
) -> httpx.Request:
    """Return a request to an address in which the receiver reads, in TLS and in HTTP, the name that it goes by."""
    scheme = "https" if target.secure else "http"
    name = f"[{target.host}]" if ":" in target.host else target.host
    usual = target.port == (443 if target.secure else 80)
    said = {
        "Host": name if usual else f"{name}:{target.port}",
        "User-Agent": f"Muster/{version('muster-catalog')}",
        "Accept-Encoding": "identity",
        "Connection": "close",
        **headers,
    }
    url = httpx.URL(scheme=scheme, host=address, port=target.port, raw_path=target.path.encode())
    return client.build_request("POST", url, headers=said, content=body, extensions={"sni_hostname": target.host})


async def _answer(response: httpx.Response) -> Answer:
    """Read the begin of an answer, as far as it comes soon."""
    said = b""
    with contextlib.suppress(httpx.HTTPError, OSError, TimeoutError):
        async with asyncio.timeout(BODY):
            async for part in response.aiter_raw():
                said += part
                if len(said) >= SAID:
                    break
    await response.aclose()
    later = response.headers.get("Retry-After", "")
    text = said[:SAID].decode(errors="ignore").replace("\0", "")
    return Answer(response.status_code, text, int(later) if later.isdecimal() and len(later) < DIGITS else None)
