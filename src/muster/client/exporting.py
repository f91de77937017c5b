"""A membership as a whole: into a file, or guid by guid, however many there are."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from os import PathLike
from pathlib import Path
from typing import IO, Any, Final, Literal, TypeAlias

import httpx
from pydantic_core import from_json

from muster.client.part import Part, product_path
from muster.client.saying import Mode, When, listed, reading

Format: TypeAlias = Literal["ndjson", "csv", "parquet"]

Destination: TypeAlias = str | PathLike[str] | IO[bytes]
"""Where to write: a file by name, or one that is open."""

BIT: Final = 1 << 18
"""Bytes that are written at once."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: how many members and bytes, and what they stand on: `live` or `stored`, of which revision.

    `generation` is the number of a stored membership.
    """

    total: int
    size: int
    source: str
    revision: int
    generation: int | None


class Exports(Part):
    """The part of the client that takes memberships as a whole."""

    def export(
        self,
        ref: str,
        format: Format = "ndjson",  # noqa: A002 - what it is called everywhere
        *,
        to: Destination,
        mode: Mode | None = None,
        max_age: timedelta | str | None = None,
        as_of: When = None,
        fields: Sequence[str] = (),
    ) -> Exported:
        """Write every member of a product to a file, as NDJSON, CSV or Parquet, in little memory.

        A file that is named is there when it is whole: until then it has `.part` at its end.

        Example:
            >>> muster.export("Gold tables", "csv", to="gold.csv", fields=["description"]).total
            400

        Raises:
            NotFound: there is no such product, or nothing is stored of it yet.
            ServerUnavailable: the connection broke on the way.
        """
        with self._whole(ref, format, reading(mode, max_age, as_of), fields) as response:
            size = written(response, to)
            return _exported(response.headers, size)

    def member_ids(
        self,
        ref: str,
        *,
        mode: Mode | None = None,
        max_age: timedelta | str | None = None,
        as_of: When = None,
    ) -> Iterator[str]:
        """Stream the guids of all members, from one view of them, in the order in which they came to the catalog.

        Example:
            >>> len(list(muster.member_ids("Gold tables")))
            400

        Raises:
            NotFound, ServerUnavailable: as `export`.
        """
        with self._whole(ref, "ndjson", reading(mode, max_age, as_of), ()) as response:
            for line in response.iter_lines():
                yield from_json(line)["guid"]

    @contextmanager
    def _whole(
        self, ref: str, how: Format, which: Mapping[str, Any], fields: Sequence[str]
    ) -> Iterator[httpx.Response]:
        query = {"format": how, **which, "fields": listed(fields)}
        with self._sender.stream("GET", product_path(ref, "members"), query=query) as response:
            yield response


def written(response: httpx.Response, to: Destination) -> int:
    """Write what comes to a file, and return how many bytes; one that is named is there when it is whole."""
    if isinstance(to, str | PathLike):
        return _kept(response, Path(to))
    return sum(to.write(some) for some in response.iter_bytes(BIT))


def _kept(response: httpx.Response, path: Path) -> int:
    """Write to a file that takes its name when all is there."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            size = sum(file.write(some) for some in response.iter_bytes(BIT))
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return size


def _exported(headers: Mapping[str, str], size: int) -> Exported:
    generation = headers.get("X-Muster-Generation")
    return Exported(
        int(headers.get("X-Muster-Total", -1)),
        size,
        headers.get("X-Muster-Source", ""),
        int(headers.get("X-Muster-Revision", 0)),
        None if generation is None else int(generation),
    )
