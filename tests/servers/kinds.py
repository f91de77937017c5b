"""The servers that tests can ask for, each as what finds or starts it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path


@dataclasses.dataclass(frozen=True, slots=True)
class Kind:
    """One kind of server, and the two ways to start one; both give its address and end it with their context."""

    name: str
    title: str
    url_variable: str
    """The variable that names one that runs already."""
    container: Callable[[], AbstractContextManager[str]]
    node: Callable[[Path, Path], AbstractContextManager[str]]
    """Starts one with a JDK; its files go to the folder."""
