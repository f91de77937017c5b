"""A membership as a whole: in the format that a client asks for, sent while it is read."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Final, TypeAlias
from urllib.parse import quote

from fastapi.responses import StreamingResponse

from muster.api.own.streams import ndjson, parquet
from muster.service.resolve import Provenance
from muster.service.rows import Column
from muster.views.sheets import Batches, csv_text

Writer: TypeAlias = Callable[[Sequence[Column], Batches], Iterator[bytes]]


class Format(StrEnum):
    """What members are told as: a page of JSON, or all of them as a stream."""

    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"
    PARQUET = "parquet"


MEDIA: Final[Mapping[Format, str]] = {
    Format.JSON: "application/json",
    Format.NDJSON: "application/x-ndjson",
    Format.CSV: "text/csv",
    Format.PARQUET: "application/vnd.apache.parquet",
}
WRITERS: Final[Mapping[Format, Writer]] = {
    Format.NDJSON: ndjson,
    Format.CSV: csv_text,
    Format.PARQUET: parquet,
}

NAME: Final = 100
"""Characters of a product's name that a file may be called by."""

_MEANT: Final = {media: one for one, media in MEDIA.items()} | {"*/*": Format.JSON, "application/*": Format.JSON}
_QUALITY: Final = re.compile(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", re.IGNORECASE)
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
"""What no file name has everywhere, and what would let one be read backwards."""


def chosen(said: Format | None, accept: str) -> Format:
    """Return the format that `format` says, or else the one that `Accept` likes best; JSON where it names none of these."""
    if said is not None:
        return said
    liked = sorted(_liked(accept), key=lambda one: -one[1])
    return next((one for one, quality in liked if quality > 0), Format.JSON)


def _liked(accept: str) -> Iterator[tuple[Format, float]]:
    for part in accept.split(","):
        media, *parameters = part.split(";")
        if found := _MEANT.get(media.strip().lower()):
            said = (_QUALITY.fullmatch(one) for one in parameters)
            yield found, next((float(one[1]) for one in said if one), 1.0)


@dataclass(frozen=True, slots=True)
class Whole:
    """A membership: of what it is, what it stands on, how many there are, and they themselves.

    What is made of several memberships stands on no single one: its `source` is None.
    """

    product: str
    source: Provenance | None
    total: int
    columns: Sequence[Column]
    batches: Batches


def delivered(whole: Whole, how: Format) -> StreamingResponse:
    """Return a membership as a stream. What fails before its first row is an error; later, the connection breaks off."""
    first = next(whole.batches, None)
    batches = chain([first], whole.batches) if first else iter(())
    return StreamingResponse(
        WRITERS[how](whole.columns, batches),
        media_type=MEDIA[how],
        headers={**provenance(whole), "Content-Disposition": disposition(whole.product, how), "Vary": "Accept"},
    )


def provenance(whole: Whole) -> dict[str, str]:
    """Return as headers what an answer stands on."""
    source = whole.source
    said = {
        "X-Muster-Source": source and source.source.value,
        "X-Muster-Revision": source and source.revision,
        "X-Muster-Total": whole.total,
        "X-Muster-Generation": source and source.generation,
    }
    return {name: str(value) for name, value in said.items() if value is not None}


def disposition(product: str, how: Format) -> str:
    """Return what a file is to be called: by the product's name (RFC 6266), in ASCII as well for who reads no other."""
    name = f"{_UNSAFE.sub('_', product[:NAME]).strip(' .') or 'members'}.{how.value}"
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace("%", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
