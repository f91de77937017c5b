"""What every request to these resources is held to before its route sees it: nothing in it is passed over or guessed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_origin

import orjson
from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from rapidfuzz import fuzz, process

from muster.api.pointing import step
from muster.errors import InvalidInput

ALIKE: Final = 75
"""How alike two names must be, of 100, for one to be suggested in place of the other."""

LONGEST: Final = 100
"""Characters that are told of what a request says."""

NULL: Final = "\0"
SAID_NULL: Final = (b"\0", rb"\u0000")
"""How a body says a null character: as a text, and as JSON."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a route takes: `many` says that it may come again, `number` that it is a whole number."""

    many: bool
    number: bool


async def as_declared(request: Request) -> None:
    """Hold the query and the path of a request to what its route takes.

    Raises:
        InvalidInput: the query says what the route does not take, or twice what it takes once; a number is not written
            in digits; there is a null character in a text.
    """
    takes = request.scope["route"].dependant
    query = parameters(takes, "query_params")
    _refuse_others(request.query_params.keys(), query)
    for name, one in query.items():
        _refuse_words(request.query_params.getlist(name), one, step("/query", name))
    for name, one in parameters(takes, "path_params").items():
        _refuse_words([request.path_params[name]], one, step("/path", name))


def parameters(takes: Any, kind: Literal["query_params", "path_params"]) -> Mapping[str, Parameter]:
    """Return what a route and all that it depends on take, by name."""
    return {one.alias: _parameter(one.field_info.annotation) for one in _declared(takes, kind)}


def _declared(takes: Any, kind: str) -> Iterator[Any]:
    yield from getattr(takes, kind)
    for part in takes.dependencies:
        yield from _declared(part, kind)


def _parameter(annotation: Any) -> Parameter:
    return Parameter(get_origin(annotation) is list, int in (annotation, *get_args(annotation)))


def _refuse_others(said: Iterable[str], known: Mapping[str, Parameter]) -> None:
    other = next((name for name in said if name not in known), None)
    if other is not None:
        raise InvalidInput(
            f"there is no parameter `{other:.{LONGEST}}` here", path=step("/query", other), hint=_hint(other, known)
        )


def _hint(name: str, known: Iterable[str]) -> str:
    near = process.extractOne(name, list(known), scorer=fuzz.ratio, processor=str.lower, score_cutoff=ALIKE)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"there are {', '.join(f'`{one}`' for one in sorted(known))}" if known else "leave it out"


def _refuse_words(values: Sequence[str], one: Parameter, path: str) -> None:
    if len(values) > 1 and not one.many:
        raise InvalidInput(f"{len(values)} values; one is taken", path=path, hint="say one of them")
    for value in values:
        if one.number and not (value.isascii() and value.isdecimal()):
            raise InvalidInput(f"`{value:.{LONGEST}}` is no number", path=path, hint="write it in digits")
        if NULL in value:
            raise _null(path)


async def without_null(request: Request) -> None:
    """Hold the body of a request to texts that every record can hold.

    Raises:
        InvalidInput: there is a null character in one.
    """
    body = await request.body()
    if any(said in body for said in SAID_NULL):
        await run_in_threadpool(_refuse_null, body)


def _refuse_null(body: bytes) -> None:
    try:
        left = [("", orjson.loads(body))]
    except orjson.JSONDecodeError:  # a text, or what the route refuses
        left = [("", body.decode(errors="replace"))]
    while left:
        path, one = left.pop()
        if isinstance(one, str) and NULL in one:
            raise _null(path)
        left += ((step(path, name), part) for name, value in _parts(one) for part in (name, value))


def _parts(value: Any) -> Iterable[tuple[Any, Any]]:
    return value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()


def _null(path: str) -> InvalidInput:
    return InvalidInput("there is a null character (U+0000) in this text", path=path, hint="leave it out")
