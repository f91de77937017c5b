"""Atlan's Python clients, without the warnings that are their own affair."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from tests.acceptance.serving import Served

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pyatlan.client.aio.client import AsyncAtlanClient
    from pyatlan.client.atlan import AtlanClient

__all__ = ["AsyncAtlanClient", "AtlanClient", "connected", "quiet"]


@contextmanager
def quiet() -> Iterator[None]:
    """Ignore what a client warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def connected(one: Served, **shown: str) -> Iterator[AtlanClient]:
    """Yield a client of a service, as an admin unless it shows something else, and close its connections at the end."""
    with quiet():
        client = AtlanClient(base_url=one.url, **(shown or {"api_key": one.token}))
    try:
        yield client
    finally:
        client._session.close()
        if client._oauth_token_manager is not None:
            client._oauth_token_manager.close()
