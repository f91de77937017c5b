"""A workspace for the verbs that work on it themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from muster.cli.options import settings

if TYPE_CHECKING:
    from muster.service.workspace import Workspace


@contextmanager
def workspace(data: Path | None) -> Iterator["Workspace"]:
    """Open record and index in this process, and let go of them at the end."""
    from muster.bootstrap import open_workspace  # noqa: PLC0415 - takes long, and help or a server need none of it

    with open_workspace(settings(data)) as work:
        yield work
