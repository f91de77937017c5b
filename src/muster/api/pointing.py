"""Take JSON apart, knowing at each step where it stands, so that whoever sent it is told what to mend."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import orjson

from muster.errors import InvalidInput, NotFound

MOST_LEVELS: Final = 128
"""Objects and lists within each other, in a value that may be anything; the deepest selections have a hundred."""


def decode(body: bytes, path: str = "") -> Any:
    """Return what JSON in a request says.

    Raises:
        InvalidInput: there is nothing, or null; it is not JSON, or nested beyond what anyone means.
    """
    try:
        said = orjson.loads(body) if body.strip() else None
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"this is not JSON: {error}", path=path, hint="send UTF-8 encoded JSON") from error
    if said is None:
        raise InvalidInput("nothing is said here", path=path, hint="send a JSON object or list")
    return said


def shallow(value: Any) -> Any:
    """Return a value that may be anything.

    Raises:
        ValueError: it has more than `MOST_LEVELS` levels: nothing that goes through it level by level would come back.
    """
    level = [value]
    for _ in range(MOST_LEVELS):
        level = [part for one in level for part in _parts(one)]
        if not level:
            return value
    raise ValueError(f"there are objects and lists within each other, more than {MOST_LEVELS} levels of them")


def _parts(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def step(path: str, name: str | int) -> str:
    """Return the JSON pointer to a part of what another points at."""
    return f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"


@contextmanager
def pointed(path: str) -> Iterator[None]:
    """Say of what is wrong or missing where in the request it stands; its own path, if it has one, goes on from there."""
    try:
        yield
    except (InvalidInput, NotFound) as error:
        error.path = f"{path}{error.path or ''}"
        raise


@contextmanager
def placed(places: Mapping[str, str]) -> Iterator[None]:
    """Say of what is wrong with an attribute where in the request it was said, if it was."""
    try:
        yield
    except InvalidInput as error:
        if (error.path or "").startswith("/attributes/"):
            error.path = places.get(str(error.path))
        raise


def an_object(value: Any, path: str) -> Mapping[str, Any]:
    """Return a JSON object; null is one that says nothing.

    Raises:
        InvalidInput: it is something else.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidInput(f"an object is expected here, not {_kind(value)}", path=path)
    return value


def a_list(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Return the parts of a JSON list, each with the pointer to it; null is an empty one.

    Raises:
        InvalidInput: it is something else.
    """
    if value is not None and not isinstance(value, list):
        raise InvalidInput(f"a list is expected here, not {_kind(value)}", path=path)
    return ((step(path, at), one) for at, one in enumerate(value or ()))


def a_text(value: Any, path: str) -> str | None:
    """Return a JSON string, None for null.

    Raises:
        InvalidInput: it is something else, or empty.
    """
    if value is None:
        return None
    if not isinstance(value, str) or not value:
        said = "an empty one" if value == "" else _kind(value)
        raise InvalidInput(f"a text is expected here, not {said}", path=path)
    return value


def needed(value: str | None, path: str) -> str:
    """Return a text that has to be there.

    Raises:
        InvalidInput: it is not.
    """
    if value is None:
        raise InvalidInput(f"`{path.rsplit('/', 1)[-1]}` is missing", path=path)
    return value


def _kind(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "a truth value", type(None): "null"}
    return kinds.get(type(value), "a number")
