"""Requests to a server: over connections that are kept, with its refusals as errors, and patience where that is safe."""

import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import quote

import httpx
from pydantic import ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from muster.client.failures import refusal
from muster.client.told import Told
from muster.errors import InvalidInput, NotFound, ServerUnavailable

BASE: Final = "/api/v1"
CONNECTING: Final = 10.0
"""Most seconds until a connection stands."""

FIRST: Final = 0.2
MOST: Final = 5.0
"""Seconds between two tries: the first, and the most."""

NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
BROKEN: Final = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)

Answer = TypeVar("Answer", bound=Told)
Query = Mapping[str, Any]


class _Again(Exception):
    """It may be tried again: nothing was done, or doing it twice does no harm."""

    def __init__(self, cause: Exception | httpx.Response) -> None:
        super().__init__()
        self.cause = cause


class Sender:
    """Sends requests to one server, as the bearer of one token; safe to share between threads.

    What only reads is sent up to `retries` times more when the connection breaks or the server is not ready; what writes
    only while no connection could be made.

    Raises:
        MusterError: what the server refused, as it was there.
        ServerUnavailable: the server does not answer, or not as Muster does.
    """

    def __init__(self, http: httpx.Client, retries: int) -> None:
        self._http = http
        self._retries = retries

    def ask(
        self, answer: type[Answer], method: str, path: str, *, query: Query | None = None, body: Any = None
    ) -> Answer:
        """Send a request, and return what was answered."""
        return read(answer, self.send(method, path, query=query, body=body).content)

    def look(self, answer: type[Answer], path: str, *, query: Query | None = None, body: Any = None) -> Answer:
        """Ask for something that changes nothing: by GET, or with a body by POST."""
        response = self.send("GET" if body is None else "POST", path, query=query, body=body, reads=True)
        return read(answer, response.content)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        reads: bool = False,
    ) -> httpx.Response:
        """Send a request; `reads` says that nothing changes however often it is sent."""
        request = self._http.build_request(
            method, BASE + path, params=_said(query), json=body, headers=headers and dict(headers)
        )
        return self._patiently(request, reads=reads, stream=False)

    @contextmanager
    def stream(
        self, method: str, path: str, *, query: Query | None = None, body: Any = None
    ) -> Iterator[httpx.Response]:
        """Send a request whose answer is read bit by bit, within the block."""
        request = self._http.build_request(method, BASE + path, params=_said(query), json=body)
        response = self._patiently(request, reads=method == "GET", stream=True)
        try:
            yield response
        except httpx.HTTPError as error:
            raise _away(error, self._http.base_url) from error
        finally:
            response.close()

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _patiently(self, request: httpx.Request, *, reads: bool, stream: bool) -> httpx.Response:
        tries = Retrying(
            retry=retry_if_exception_type(_Again),
            stop=stop_after_attempt(self._retries + 1),
            wait=_wait,
            reraise=True,
        )
        try:
            response: httpx.Response = tries(self._once, request, reads=reads, stream=stream)
        except _Again as last:
            if isinstance(last.cause, httpx.Response):
                raise _refused(last.cause) from None
            raise _away(last.cause, self._http.base_url) from last.cause
        except httpx.HTTPError as error:
            raise _away(error, self._http.base_url) from error
        if not response.is_success:
            raise _refused(response)
        return response

    def _once(self, request: httpx.Request, *, reads: bool, stream: bool) -> httpx.Response:
        try:
            response = self._http.send(request, stream=stream)
        except NEVER_SENT as error:
            raise _Again(error) from error
        except BROKEN as error:
            if reads:
                raise _Again(error) from error
            raise
        if reads and response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            response.read()
            raise _Again(response)
        return response


def connected(
    url: str, headers: Mapping[str, str], timeout: float, transport: httpx.BaseTransport | None
) -> httpx.Client:
    """Return what sends to a server; one of this machine is asked directly, whatever proxy there is, uncompressed.

    Raises:
        InvalidInput: the URL is none of HTTP.
    """
    place = _place(url)
    near = _is_near(place.host)
    return httpx.Client(
        base_url=place,
        headers=dict(headers) | ({"Accept-Encoding": "identity"} if near else {}),
        timeout=httpx.Timeout(timeout, connect=min(timeout, CONNECTING)),
        verify=place.scheme == "https",
        trust_env=not near,
        transport=transport,
    )


def name(ref: str) -> str:
    """Return a name as one step of a path, whatever is in it.

    Raises:
        NotFound: it is empty: nothing has that name.
    """
    if not ref:
        raise NotFound("nothing has an empty name", hint="name it by guid, qualified name or name")
    return quote(ref, safe="", errors="surrogatepass")


def read(answer: type[Answer], body: bytes | str) -> Answer:
    """Return what was answered.

    Raises:
        ServerUnavailable: Muster answers otherwise.
    """
    try:
        return answer.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = "/".join(map(str, first["loc"]))
        raise ServerUnavailable(
            f"the answer is not one of Muster's: {first['msg'].lower()}{where and f' at {where}'}",
            hint="see that the URL is that of a Muster server, of a release like this one's",
        ) from error


def _said(query: Query | None) -> dict[str, Any]:
    """Return what a query says, without what is left open."""
    return {key: value for key, value in (query or {}).items() if value not in (None, "", [], ())}


def _wait(state: RetryCallState) -> float:
    return float(wait_exponential_jitter(FIRST, MOST, jitter=FIRST)(state))


def _place(url: str) -> httpx.URL:
    try:
        place = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise InvalidInput(f"`{url}` is no URL: {error}", hint="write `http://host:port`") from error
    if place.scheme not in {"http", "https"} or not place.host:
        raise InvalidInput(f"`{url}` is no URL of a server", hint="write `http://host:port`")
    return place


def _is_near(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refused(response: httpx.Response) -> Exception:
    try:
        body = response.read()
    except httpx.HTTPError:
        body = b""
    finally:
        response.close()
    return refusal(response.status_code, body)


def _away(error: Exception, url: httpx.URL) -> ServerUnavailable:
    late = isinstance(error, httpx.TimeoutException)
    why = "it took too long" if late else str(error) or type(error).__name__
    return ServerUnavailable(
        f"the server at {_shown(url)} does not answer: {why}",
        hint="ask for less, or give it more time" if late else "see that it runs, and that the URL is right",
    )


def _shown(url: httpx.URL) -> str:
    """Return a URL without a user and password in it."""
    return str(url.copy_with(userinfo=b"")).rstrip("/")
