"""What every request to these resources is held to before its route sees it: nothing in it is passed over or guessed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_origin

from fastapi import Request
from rapidfuzz import fuzz, process

from muster.api.pointing import step
from muster.errors import InvalidInput

ALIKE: Final = 75
"""How alike two names must be, of 100, for one to be suggested in place of the other."""

LONGEST: Final = 100
"""Characters that are told of what a request says."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a route takes: `many` says that it may come again, `number` that it is a whole number."""

    many: bool
    number: bool


async def as_declared(request: Request) -> None:
    """Hold the query and the path of a request to what its route takes.

    Raises:
        InvalidInput: the query says what the route does not take, or twice what it takes once; a number is not written
            in digits.
    """
    takes = request.scope["route"].dependant
    query = parameters(takes, "query_params")
    _refuse_others(request.query_params.keys(), query)
    for name, one in query.items():
        values = request.query_params.getlist(name)
        if len(values) > 1 and not one.many:
            raise InvalidInput(f"`{name}` takes one value", path=step("/query", name), hint="say it once")
        _refuse_words(values, one, step("/query", name))
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


def _refuse_words(values: Iterable[str], one: Parameter, path: str) -> None:
    wrong = next((value for value in values if one.number and not (value.isascii() and value.isdecimal())), None)
    if wrong is not None:
        raise InvalidInput(f"`{wrong:.{LONGEST}}` is no number", path=path, hint="write it in digits")
