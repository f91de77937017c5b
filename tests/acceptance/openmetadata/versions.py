"""OpenMetadata's released client, in an environment of its own.

Its licence is not an open one: it is installed to be tried, and nothing of it is here. What its metadata asks for is far more than
what its SDK imports, and not to be had together (a certifi that was not published, a parser that is built from elsewhere): the lock file
names what is imported, and is installed as it is.
"""

from __future__ import annotations

from pathlib import Path

from tests.acceptance.environments import python_with

VERSION = "2.0.7"
LOCK = Path(__file__).parent / "openmetadata-2.lock"


def sdk() -> Path:
    """Return a Python that has the client."""
    return python_with("openmetadata", LOCK, "--no-deps")
