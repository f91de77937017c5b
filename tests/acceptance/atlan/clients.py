"""Atlan's Python clients, without the warnings that are their own affair."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from tests.acceptance.serving import Served

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pyatlan.client.aio.client import AsyncAtlanClient
    from pyatlan.client.atlan import AtlanClient

__all__ = ["AsyncAtlanClient", "AtlanClient", "connected"]


@contextmanager
def connected(one: Served) -> Iterator[AtlanClient]:
    """Yield a client of a service, as an admin, and close its connections at the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        client = AtlanClient(base_url=one.url, api_key=one.token)
    try:
        yield client
    finally:
        client._session.close()
