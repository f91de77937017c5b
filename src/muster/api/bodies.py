"""What bodies of JSON say, and what is answered: models with keys in camel case, and refusals that point at what is wrong."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from muster.api.pointing import decode, step
from muster.errors import InvalidInput, LimitExceeded

Model = TypeVar("Model", bound=BaseModel)


class Shape(BaseModel):
    """What is answered; its keys are in camel case on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Asked(BaseModel):
    """What a body says; its keys are in camel case, and others than these are refused."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True, frozen=True)


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
        return LimitExceeded(f"{parts:,} parts; at most {most:,} are taken", path=path, hint="send fewer, or in parts")
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
