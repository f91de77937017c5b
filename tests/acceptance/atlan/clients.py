"""Atlan's Python clients, without the warnings that are their own affair."""

import warnings

from tests.acceptance.serving import Served

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pyatlan.client.aio.client import AsyncAtlanClient
    from pyatlan.client.atlan import AtlanClient

__all__ = ["AsyncAtlanClient", "AtlanClient", "connected"]


def connected(one: Served) -> AtlanClient:
    """Return a client of a service, as an admin."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return AtlanClient(base_url=one.url, api_key=one.token)
