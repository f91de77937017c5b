"""JSON Patch (RFC 6902) as OpenMetadata's server and clients take it: lenient about what is not there.

OpenMetadata's own pages send `remove` of what is not there, and its client `replace` of it (contract, section 6.2): the
first changes nothing, the second adds. Whatever is missing above a place that is added to is made.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import AfterValidator, Field, RootModel, model_validator

from muster.api.openmetadata.wanted import Told
from muster.api.pointing import MOST_LEVELS, shallow
from muster.errors import Conflict, InvalidInput, LimitExceeded

MOST: Final = 1_000
"""Operations of one patch."""

MOST_DIGITS: Final = 9
"""Of a place in a list."""

LONGEST_COPY: Final = 1_000
"""Characters of a text that is copied; a thousand copies of a long one would be more than anybody sends."""

Json = Any
Pointer = Annotated[str, Field(pattern=r"^(/[\s\S]*)?$", max_length=10_000)]


class Operation(Told):
    """One step of a patch."""

    op: Literal["add", "remove", "replace", "move", "copy", "test"]
    path: Pointer
    value: Annotated[Json, AfterValidator(shallow)] = None
    source: Annotated[Pointer | None, Field(alias="from")] = None


class Patch(RootModel[list[Operation]]):
    """A patch.

    Raises:
        LimitExceeded: too many steps; none of them is looked at.
    """

    @model_validator(mode="before")
    @classmethod
    def _bounded(cls, said: Any) -> Any:
        if isinstance(said, list) and len(said) > MOST:
            raise LimitExceeded(f"{len(said):,} operations; a patch has at most {MOST:,}", hint="send it in parts")
        return said


def patched(document: Mapping[str, Json], operations: Sequence[Operation]) -> dict[str, Json]:
    """Return a copy of a document after all steps of a patch.

    Raises:
        InvalidInput: a step goes through what is neither object nor list, to a place that a list has not, or copies what
            could grow without end.
        LimitExceeded: a place is within too many objects and lists, or something would be.
        Conflict: a `test` does not hold.
    """
    after = deepcopy(dict(document))
    for at, one in enumerate(operations):
        try:
            _STEPS[one.op](after, one)
        except InvalidInput as error:
            error.path = f"/{at}/path"
            raise
    try:
        return dict(shallow(after))
    except ValueError as error:
        raise LimitExceeded(f"after the patch {error}") from error


def same(one: Json, other: Json) -> bool:
    """Whether two are the same JSON; true is not 1. Neither may have more levels than `MOST_LEVELS`."""
    return written(one) == written(other)


def written(one: Json) -> bytes:
    """Return JSON as text, equal for what is the same."""
    return orjson.dumps(one, option=orjson.OPT_SORT_KEYS)


def _add(document: Json, one: Operation) -> None:
    _put(document, _steps(one.path), deepcopy(one.value), inserts=True)


def _replace(document: Json, one: Operation) -> None:
    _put(document, _steps(one.path), deepcopy(one.value), inserts=False)


def _remove(document: Json, one: Operation) -> None:
    *above, last = _steps(one.path)
    holder = _found(document, above)
    match holder:
        case dict():
            holder.pop(last, None)
        case list() if (at := _place(last)) is not None and at < len(holder):
            del holder[at]
        case _:
            return


def _move(document: Json, one: Operation) -> None:
    if one.path.startswith(f"{_source(one)}/"):
        raise InvalidInput("what is moved cannot be put into itself")
    value = _found(document, _steps(_source(one)))
    _remove(document, Operation(op="remove", path=_source(one)))
    _put(document, _steps(one.path), value, inserts=True)


def _copy(document: Json, one: Operation) -> None:
    value = _found(document, _steps(_source(one)))
    if isinstance(value, dict | list) or (isinstance(value, str) and len(value) > LONGEST_COPY):
        raise InvalidInput("a patch copies single values and short texts only", hint="add it as it shall be")
    _put(document, _steps(one.path), value, inserts=True)


def _test(document: Json, one: Operation) -> None:
    if not same(_found(document, _steps(one.path)), one.value):
        raise Conflict(f"`{one.path}` is not what the patch takes it for", hint="read it again")


_STEPS: Final[Mapping[str, Callable[[Json, Operation], None]]] = {
    "add": _add,
    "replace": _replace,
    "remove": _remove,
    "move": _move,
    "copy": _copy,
    "test": _test,
}


def _source(one: Operation) -> str:
    if one.source is None:
        raise InvalidInput(f"`{one.op}` says no `from`")
    return one.source


def _steps(path: str) -> list[str]:
    if not path:
        raise InvalidInput("a patch changes parts of an entity, not the whole", hint="name a property: `/description`")
    steps = path.split("/")[1:]
    if len(steps) > MOST_LEVELS:
        raise LimitExceeded(f"a place within {len(steps):,} objects and lists; the limit is {MOST_LEVELS}")
    return [step.replace("~1", "/").replace("~0", "~") for step in steps]


def _place(step: str) -> int | None:
    """Return the place in a list that a step of a pointer means; None for what is none, or beyond all lists."""
    return int(step) if step.isascii() and step.isdecimal() and len(step) <= MOST_DIGITS else None


def _found(document: Json, steps: Sequence[str]) -> Json:
    """Return what stands at a place; None where nothing does."""
    for step in steps:
        match document:
            case dict():
                document = document.get(step)
            case list() if (at := _place(step)) is not None and at < len(document):
                document = document[at]
            case _:
                return None
    return document


def _put(document: Json, steps: Sequence[str], value: Json, *, inserts: bool) -> None:
    """Put a value at a place, making the objects above it that are not there."""
    *above, last = steps
    for step in above:
        if isinstance(document, dict) and document.get(step) is None:
            document[step] = {}
        document = _found(document, [step])
    match document:
        case dict():
            document[last] = value
        case list():
            _put_in_list(document, last, value, inserts=inserts)
        case _:
            raise InvalidInput("there is nothing that this could be put into")


def _put_in_list(some: list[Json], last: str, value: Json, *, inserts: bool) -> None:
    at = len(some) if last == "-" else _place(last)
    if at is None or at > len(some):
        raise InvalidInput(f"the list has no place `{last}`", hint="`-` is the place after its last part")
    if inserts or at == len(some):
        some.insert(at, value)
    else:
        some[at] = value
