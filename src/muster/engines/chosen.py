"""Which engine a URL chooses: the embedded one, or a search server."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from muster.engines.opensearch.address import VARIABLE, Address, read_address
from muster.errors import InvalidInput

SCHEME = "embedded:"


@dataclass(frozen=True, slots=True)
class Embedded:
    """The embedded engine."""

    index: Path | None = None
    """Its file; None for the one in the data folder."""


Chosen: TypeAlias = Embedded | Address


def chosen(url: str | None) -> Chosen:
    """Return what `MUSTER_ENGINE_URL` chooses; the embedded engine in the data folder when it is not set.

    Raises:
        InvalidInput: it chooses nothing.
    """
    if url is None:
        return Embedded()
    if not url.startswith(SCHEME):
        return read_address(url)
    path = url.removeprefix(SCHEME)
    if not path or path.startswith("//"):
        raise InvalidInput(f"`{VARIABLE}` names no file for the embedded engine", hint="write `embedded:PATH`")
    return Embedded(Path(path))
