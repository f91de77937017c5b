"""Atlan's Python clients, imported without the warnings that are their own affair."""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pyatlan.client.aio.client import AsyncAtlanClient
    from pyatlan.client.atlan import AtlanClient

__all__ = ["AsyncAtlanClient", "AtlanClient"]
