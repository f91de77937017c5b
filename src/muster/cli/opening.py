"""A workspace for what works on it itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from muster.settings import Settings

if TYPE_CHECKING:
    from muster.service.workspace import Workspace


@contextmanager
def workspace(chosen: Settings) -> Iterator["Workspace"]:
    """Open record and index in this process, and let go of them at the end."""
    from muster.bootstrap import open_workspace  # noqa: PLC0415 - takes long, and help or a server need none of it

    with open_workspace(chosen) as work:
        yield work
