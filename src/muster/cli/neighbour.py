"""How commands find the process that serves a data folder: by a file in it that only its user can read.

The file names the service and a key that is worth nothing when the process has ended.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from muster.settings import SERVER_FILE, Settings

OURS_ALONE: Final = 0o600
ENTROPY: Final = 32


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Where the service of a folder is, and the key that it takes from this machine."""

    url: str
    key: str


def new_key() -> str:
    """Return a key that nobody guesses."""
    return secrets.token_urlsafe(ENTROPY)


@contextmanager
def introduced(settings: Settings, neighbour: Neighbour) -> Iterator[None]:
    """Let commands find a service, until the end of the block."""
    path = settings.data / SERVER_FILE
    keep(path, json.dumps({"url": neighbour.url, "key": neighbour.key, "of": _of(settings)}))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def found(settings: Settings) -> Neighbour | None:
    """Return who serves the folder, with the record and the engine of these settings; None when nobody says so.

    What is left of a process that was killed is returned too: whoever asks there finds nobody, or one who knows another
    key.
    """
    try:
        said = json.loads((settings.data / SERVER_FILE).read_text())
        return Neighbour(str(said["url"]), str(said["key"])) if said["of"] == _of(settings) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(path: Path, text: str) -> None:
    """Write a file for this user alone, all at once, in place of what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OURS_ALONE), "w") as opened:
        opened.write(text + "\n")
    new.replace(path)


def _of(settings: Settings) -> str:
    """Return by what settings of one record and engine are known, without what is secret in them."""
    return hashlib.sha256(f"{settings.record_url}\0{settings.engine_url}".encode()).hexdigest()
