"""What every route of Muster's own resources is made of, beside what all surfaces have."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, TypeVar

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails
from starlette.convertors import Convertor, register_url_convertor

from muster.api.openmetadata.problem import REFUSALS
from muster.api.pointing import decode, step
from muster.api.web import Described, answered
from muster.errors import InvalidInput, LimitExceeded
from muster.query.sorting import MOST as MOST_KEYS
from muster.query.sorting import Sort

BASE: Final = "/api/v1"

MOST: Final = 10_000
"""Things on one page."""

MOST_FIELDS: Final = 100
"""Attributes told of each asset."""

NAMES: Final = "name"
"""The convertor of a parameter in the middle of a path: `{ref:name}`."""

REST: Final = "rest"
"""The convertor of a parameter at the end of a path: `{ref:rest}`."""

Model = TypeVar("Model", bound=BaseModel)


class _Name(Convertor[str]):
    """A name with whatever is in it, slashes too; it ends where the rest of a path can first begin."""

    regex = r"[\s\S]+?"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class _Rest(_Name):
    """A name that a path ends with, line breaks and all: Starlette's own convertor stops at the first."""

    regex = r"[\s\S]+"


register_url_convertor(NAMES, _Name())
register_url_convertor(REST, _Rest())

ProductRef = Annotated[
    str,
    Path(
        description="The product: its guid, qualified name, dotted name such as `Marketing.CustomerInsights`, or a "
        "name that only one has.",
        examples=["Marketing.CustomerInsights"],
    ),
]
AssetRef = Annotated[
    str,
    Path(
        description="The asset: its guid or qualified name.", examples=["default/snowflake/1700000000/shop/core/orders"]
    ),
]
Limit = Annotated[int, Query(ge=1, le=MOST, description="At most so many on a page.")]
Cursor = Annotated[
    str | None, Query(max_length=10_000, description="Where to go on: `next` of the page before, unchanged.")
]
SortBy = Annotated[
    list[str],
    Query(
        alias="sort",
        max_length=MOST_KEYS,
        description="A field to order by, the last one first with a `-` before it; repeat it for the next key.",
        examples=[["name.keyword", "-__guid"]],
    ),
]
Fields = Annotated[
    list[str],
    Query(
        alias="fields",
        description="What to tell of each asset beside its header: attributes, separated by commas.",
        examples=[["certificateStatus,ownerUsers"]],
    ),
]


class Shape(BaseModel):
    """What is answered; its keys are in camel case on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Asked(BaseModel):
    """What a body says; its keys are in camel case, and others than these are refused."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True, frozen=True)


def answers(model: Any = None, description: str = "Done.") -> Described:
    """Return the description of a route's answers: one of success, and every refusal."""
    return answered(REFUSALS, model, description)


def read(model: type[Model], body: bytes) -> Model:
    """Return what a body of JSON says.

    Raises:
        InvalidInput: it is no JSON, or says something else; `path` points at the first such thing.
    """
    return taken(model, decode(body))


def taken(model: type[Model], said: Any) -> Model:
    """Return what JSON says that is decoded already, as `read` does."""
    try:
        return model.model_validate(said)
    except ValidationError as error:
        raise _refusal(error.errors(include_url=False, include_input=False)[0], said) from error


def order(sort: Sequence[str]) -> tuple[Sort, ...]:
    """Return the order that `sort` names.

    Raises:
        InvalidInput: a key names no field.
    """
    if not all(key.removeprefix("-") for key in sort):
        raise InvalidInput("a key of an order names a field", path="/query/sort", hint="write `sort=name.keyword`")
    return tuple(Sort(key.removeprefix("-"), key.startswith("-")) for key in sort)


def fields(named: Sequence[str]) -> tuple[str, ...]:
    """Return the attributes that `fields` names, each once.

    Raises:
        LimitExceeded: more than `MOST_FIELDS`.
    """
    found = dict.fromkeys(name.strip() for part in named for name in part.split(",") if name.strip())
    if len(found) > MOST_FIELDS:
        raise LimitExceeded(f"{len(found)} fields; the limit is {MOST_FIELDS}", path="/query/fields")
    return tuple(found)


_WORDS: Final[Mapping[str, str]] = {
    "missing": "`{name}` is missing",
    "extra_forbidden": "there is no `{name}` here",
    "model_type": "an object is expected here",
    "dict_type": "an object is expected here",
    "list_type": "a list is expected here",
    "string_type": "a text is expected here",
    "bool_type": "`true` or `false` is expected here",
    "int_type": "a whole number is expected here",
}
"""What is wrong, by pydantic's name for it; of what is not here pydantic's own words are told."""


def _refusal(first: ErrorDetails, said: Any) -> InvalidInput:
    path, name = _pointed(first["loc"], said, missing=first["type"] == "missing")
    if first["type"] == "too_long":
        parts, most = first["ctx"]["actual_length"], first["ctx"]["max_length"]
        return LimitExceeded(f"{parts:,} parts; at most {most:,} are taken", path=path, hint="send them in parts")
    words = _WORDS.get(first["type"], first["msg"].removeprefix("Value error, "))
    return InvalidInput(words.format(name=name) if first["type"] in _WORDS else words, path=path)


def _pointed(steps: Sequence[str | int], said: Any, *, missing: bool) -> tuple[str, str | int]:
    """Return a JSON pointer and its last step; steps that are no part of what was said are pydantic's own."""
    path, name = "", "" if not steps else steps[-1]
    for one in steps[:-1] if missing else steps:
        match said, one:
            case (dict(), str()) if one in said:
                said, path = said[one], step(path, one)
            case (list(), int()) if one < len(said):
                said, path = said[one], step(path, one)
            case _:
                pass
    return (step(path, name), name) if missing else (path, name)
