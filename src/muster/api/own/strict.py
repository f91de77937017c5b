"""What every request to these resources is held to before its route sees it: nothing in it is passed over or guessed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, get_origin

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
    """What a route takes: `many` says that it may come again."""

    many: bool


async def as_declared(request: Request) -> None:
    """Hold the query of a request to what its route takes.

    Raises:
        InvalidInput: it says what the route does not take, or twice what it takes once.
    """
    query = parameters(request.scope["route"].dependant)
    _refuse_others(request.query_params.keys(), query)
    for name, one in query.items():
        if len(request.query_params.getlist(name)) > 1 and not one.many:
            raise InvalidInput(f"`{name}` takes one value", path=step("/query", name), hint="say it once")


def parameters(takes: Any) -> Mapping[str, Parameter]:
    """Return what a route and all that it depends on take in a query, by name."""
    return {one.alias: Parameter(get_origin(one.field_info.annotation) is list) for one in _declared(takes)}


def _declared(takes: Any) -> Iterator[Any]:
    yield from takes.query_params
    for part in takes.dependencies:
        yield from _declared(part)


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
