"""JSON Patch (RFC 6902) as OpenMetadata's server and clients take it: lenient about what is not there.

OpenMetadata's own pages send `remove` of what is not there, and its client `replace` of it (contract, section 6.2): the
first changes nothing, the second adds. Whatever is missing above a place that is added to is made.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Annotated, Any, Final, Literal

from pydantic import Field, RootModel

from muster.api.openmetadata.wanted import Told
from muster.errors import Conflict, InvalidInput, LimitExceeded

MOST: Final = 1_000
"""Operations of one patch."""

Json = Any
Pointer = Annotated[str, Field(pattern=r"^(/[\s\S]*)?$", max_length=10_000)]


class Operation(Told):
    """One step of a patch."""

    op: Literal["add", "remove", "replace", "move", "copy", "test"]
    path: Pointer
    value: Json = None
    source: Annotated[Pointer | None, Field(alias="from")] = None


class Patch(RootModel[list[Operation]]):
    """A patch."""


def patched(document: Mapping[str, Json], operations: Sequence[Operation]) -> dict[str, Json]:
    """Return a copy of a document after all steps of a patch.

    Raises:
        InvalidInput: a step goes through what is neither object nor list, to a place that a list has not, or copies what
            could grow without end.
        LimitExceeded: too many steps.
        Conflict: a `test` does not hold.
    """
    if len(operations) > MOST:
        raise LimitExceeded(f"{len(operations):,} operations; a patch has at most {MOST:,}", hint="send it in parts")
    after = deepcopy(dict(document))
    for at, one in enumerate(operations):
        try:
            _STEPS[one.op](after, one)
        except InvalidInput as error:
            error.path = f"/{at}/path"
            raise
    return after


def _add(document: Json, one: Operation) -> None:
    _put(document, _steps(one.path), one.value, inserts=True)


def _replace(document: Json, one: Operation) -> None:
    _put(document, _steps(one.path), one.value, inserts=False)


def _remove(document: Json, one: Operation) -> None:
    *above, last = _steps(one.path)
    holder = _found(document, above)
    match holder:
        case dict():
            holder.pop(last, None)
        case list() if last.isdecimal() and int(last) < len(holder):
            del holder[int(last)]
        case _:
            return


def _move(document: Json, one: Operation) -> None:
    value = _found(document, _steps(_source(one)))
    _remove(document, Operation(op="remove", path=_source(one)))
    _put(document, _steps(one.path), value, inserts=True)


def _copy(document: Json, one: Operation) -> None:
    value = _found(document, _steps(_source(one)))
    if isinstance(value, dict | list):
        raise InvalidInput("a patch copies single values only", hint="add it as it shall be")
    _put(document, _steps(one.path), value, inserts=True)


def _test(document: Json, one: Operation) -> None:
    if _found(document, _steps(one.path)) != one.value:
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
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]


def _found(document: Json, steps: Sequence[str]) -> Json:
    """Return what stands at a place; None where nothing does."""
    for step in steps:
        match document:
            case dict():
                document = document.get(step)
            case list() if step.isdecimal() and int(step) < len(document):
                document = document[int(step)]
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
    at = len(some) if last == "-" else int(last) if last.isdecimal() else -1
    if not 0 <= at <= len(some):
        raise InvalidInput(f"the list has no place `{last}`", hint="`-` is the place after its last part")
    if inserts or at == len(some):
        some.insert(at, value)
    else:
        some[at] = value
