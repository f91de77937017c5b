"""What a request asks to be run: a selection as it was said, and where in the request stands what cannot be."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, Final

import orjson
from pydantic import AfterValidator, Field, WithJsonSchema

from muster.api.pointing import shallow
from muster.errors import InvalidInput, UnknownField, UnsupportedClause
from muster.query.faces import Face
from muster.service.selecting import Written

ELSEWHERE: Final[Mapping[type[InvalidInput], str]] = {
    UnknownField: "sort",
    UnsupportedClause: "sort",
    InvalidInput: "cursor",
}
"""What an error is about that says of no place in the selection, by its kind."""


def _said(value: Any) -> str | dict[str, Any]:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return dict(shallow(value))
    raise ValueError("a selection is a text or an object")


SaidSelection = Annotated[
    Any,
    AfterValidator(_said),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "object"}]}),
    Field(
        description="The selection in any face: shorthand or other text, or as a JSON object OpenSearch's own words, a "
        "rule tree or what Atlan's clients store.",
        examples=["type:Table certificate:VERIFIED"],
    ),
]
SaidFace = Annotated[
    Face | None,
    Field(strict=False, description="The face that it is in; without one it tells itself.", examples=["shorthand"]),
]


def _key(value: str) -> str:
    if value.removeprefix("-"):
        return value
    raise ValueError("a key of an order names a field")


SaidKey = Annotated[str, AfterValidator(_key), Field(max_length=1_000)]
"""A key of an order: a field, the last one first with a `-` before it."""


def written(said: str | dict[str, Any], face: Face | None) -> Written:
    """Return a selection as the services take it: as text."""
    return Written(said if isinstance(said, str) else orjson.dumps(said).decode(), face)


@contextmanager
def running(query: str, beside: str = "") -> Iterator[None]:
    """Say of what cannot be run where in the request it stands: at `query`, or as `sort` or `cursor` below `beside`.

    A place in a selection goes on from where that stands, into its wire form.
    """
    try:
        yield
    except InvalidInput as error:
        elsewhere = ELSEWHERE.get(type(error)) if error.path is None else None
        error.path = f"{query}{error.path or ''}" if elsewhere is None else f"{beside}/{elsewhere}"
        raise
