"""A file as numbered lines: plain or gzip, from a path or a stream, read more than once, in bounded memory."""

import gzip
import shutil
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, cast
from weakref import finalize

from muster.errors import InvalidInput

LINE_BYTES = 16 * 1024 * 1024
"""How long a line may be."""

_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_IN_MEMORY = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank; `text` is None when it is longer than allowed."""

    number: int
    text: bytes | None


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Source:
    """Where lines come from; each call of `lines` reads them anew."""

    origin: Path | IO[bytes]

    def lines(self, limit: int) -> Iterator[Line]:
        """Yield the lines, counted from 1, blank ones left out.

        Raises:
            InvalidInput: the file cannot be read, or is a damaged gzip.
        """
        with _complaints(), _opened(self.origin) as stream:
            yield from _numbered(stream, limit)


def source(origin: Path | IO[bytes]) -> Source:
    """Return a source; what can be read only once, a pipe say, is kept in a temporary file as long as the source is.

    Raises:
        InvalidInput: it cannot be read.
    """
    if isinstance(origin, Path):
        if not origin.exists() or origin.is_file():
            return Source(origin)
        with _complaints(), origin.open("rb") as stream:
            return _kept(stream)
    return Source(origin) if origin.seekable() else _kept(origin)


def _kept(stream: IO[bytes]) -> Source:
    kept = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed with the source
    shutil.copyfileobj(stream, kept)
    made = Source(cast("IO[bytes]", kept))
    finalize(made, kept.close)
    return made


@contextmanager
def _complaints() -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InvalidInput(f"the gzip is damaged: {error}", hint="copy it again") from error
    except OSError as error:
        raise InvalidInput(f"`{error.filename}` cannot be read: {error.strerror}") from error


@contextmanager
def _opened(origin: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    with ExitStack() as stack:
        if isinstance(origin, Path):
            stream: IO[bytes] = stack.enter_context(origin.open("rb"))
        else:
            stream = origin
            stream.seek(0)
        packed = stream.read(2) == _GZIP
        stream.seek(0)
        yield cast("IO[bytes]", stack.enter_context(gzip.GzipFile(fileobj=stream))) if packed else stream


def _numbered(stream: IO[bytes], limit: int) -> Iterator[Line]:
    number = 0
    while text := stream.readline(limit + 1):
        number += 1
        if number == 1:
            text = text.removeprefix(_BOM)
        if len(text) > limit and not text.endswith(b"\n"):
            _skip(stream, limit)
            yield Line(number, None)
        elif text.strip():
            yield Line(number, text)


def _skip(stream: IO[bytes], limit: int) -> None:
    """Read on to the end of a line."""
    while (text := stream.readline(limit)) and not text.endswith(b"\n"):
        pass
