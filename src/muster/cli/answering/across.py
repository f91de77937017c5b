"""What answers elsewhere: a server, asked by the client; a product is found first, then asked by guid."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from muster.client import Muster
from muster.errors import MusterError, NotFound

SELECTION: Final = ("/selection", "/query/q")
"""Where the selection stands in a request."""


class OnServer:
    """The answers about one kind of thing, by a server."""

    def __init__(self, client: Muster) -> None:
        self._client = client

    def _guid(self, product: str) -> str:
        return self._client.product(product).guid

    def _remembered(self, product: str) -> str:
        """Return the guid of a product to ask what has been; one that was archived goes by that alone."""
        try:
            return self._guid(product)
        except NotFound as error:
            try:
                self._client.run_page(product, limit=1)
            except NotFound:
                raise error from None
            return product


@contextmanager
def pointing_here(whole: str | None = None) -> Iterator[None]:
    """Let errors point into the selection, as they do here, not into a request; `whole` says that all of it is meant."""
    try:
        yield
    except MusterError as error:
        path = error.path or ""
        inside = next((path.removeprefix(one) for one in SELECTION if path.startswith(f"{one}/")), None)
        error.path = whole if path in SELECTION else inside
        raise
