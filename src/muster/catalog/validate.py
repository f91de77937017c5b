"""What values the attributes of a type may hold: Atlan's clients cannot read an entity that holds others."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from muster.catalog.schema import Attribute, AttributeKind, attribute
from muster.errors import InvalidInput, LimitExceeded

NEEDED = frozenset({"name", "qualifiedName"})
"""What may be left alone, but not emptied."""

MOST_CHARACTERS = 100_000
MOST_CHARACTERS_OF_A_DEFINITION = 1_048_576
DEFINITIONS = (
    *("Code", "Config", "Content", "DSL", "Definition", "Expression", "Filter", "Formula", "Json", "Meta", "Query"),
    *("SQL", "Script", "Spec", "customAttributes", "Description", "description"),
)
"""How the names of attributes end that hold queries, programs, contracts or prose."""

MOST_LEVELS = 16
"""Objects and lists within each other, in one value."""

LARGEST_WHOLE = 2**63 - 1
LONGEST_NAME = 200
SHOWN = 60

FATAL_WHEN_NULL = frozenset(
    {
        "addOrUpdateClassifications",
        "classificationNames",
        "classifications",
        "purposeClassifications",
        "removeClassifications",
    }
)
"""Keys whose null, at any depth, Atlan's Python client cannot read."""

FIRST_TIME, LAST_TIME = -62_135_596_800_000, 253_402_300_799_999
"""The years 1 to 9999, in milliseconds since 1970: what clients can show."""

EXPECTED = {
    AttributeKind.TEXT: "a text",
    AttributeKind.WHOLE: "a whole number",
    AttributeKind.FRACTION: "a number",
    AttributeKind.TRUTH: "true or false",
    AttributeKind.TIME: "a time in milliseconds since 1970",
    AttributeKind.STRUCT: "an object",
    AttributeKind.MAP: "an object",
}


def validate(type_name: str, attributes: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Return attributes as they are to be kept: one value where a list belongs as a list of one, all others as they are.

    None and an empty list clear an attribute and are returned as they are. An attribute that no type has may hold
    anything that JSON can say. `path` points at the attributes, for errors.

    Raises:
        InvalidInput: a value of another kind than the attribute's, or none of those it may hold.
        LimitExceeded: a value too long, too deep or too large.
    """
    return {name: _value(type_name, name, value, f"{path}/{_escape(name)}") for name, value in attributes.items()}


def _value(type_name: str, name: str, value: Any, path: str) -> Any:
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInput(f"the name of an attribute has 1 to {LONGEST_NAME} characters", path=path)
    _text(name, name, path)
    _within_limits(name, value, path, 0)
    if name in NEEDED and (not isinstance(value, str) or not value.strip()):
        raise InvalidInput(f"`{name}` of a {type_name} cannot be empty", path=path, hint="leave it out to keep it")
    known = attribute(type_name, name)
    if known is None or value is None or value == []:
        return value
    if not known.many:
        return _one(type_name, known, value, path)
    if not isinstance(value, list):
        return [_one(type_name, known, value, path)]
    return [_one(type_name, known, each, f"{path}/{place}") for place, each in enumerate(value)]


def _one(type_name: str, known: Attribute, value: Any, path: str) -> Any:
    if not HOLDS[known.kind](value) or (known.values and value not in known.values):
        of = f"an element of `{known.name}`" if known.many else f"`{known.name}`"
        raise InvalidInput(
            f"{of} of a {type_name} is {_shown(value)}, not {_expected(known)}", path=path, hint=_hint(known, value)
        )
    whole = known.kind in {AttributeKind.WHOLE, AttributeKind.TIME}
    return int(value) if whole else value


def _expected(known: Attribute) -> str:
    if known.values:
        return f"one of {', '.join(f'`{value}`' for value in known.values)}"
    return EXPECTED[known.kind]


def _hint(known: Attribute, value: Any) -> str | None:
    """Say what would do, where that can be told."""
    if isinstance(value, str) and known.values:
        meant = [one for one in known.values if one.casefold() == value.strip().casefold()]
        return f"write `{meant[0]}`" if meant else "send null to clear it"
    if isinstance(value, str) and known.kind is not AttributeKind.TEXT:
        return "send it without quotes"
    if isinstance(value, list):
        return "send one value, not a list"
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return _is_number(value) and (isinstance(value, int) or value.is_integer())


HOLDS: Mapping[AttributeKind, Callable[[Any], bool]] = {
    AttributeKind.TEXT: lambda value: isinstance(value, str),
    AttributeKind.WHOLE: _is_whole,
    AttributeKind.FRACTION: _is_number,
    AttributeKind.TRUTH: lambda value: isinstance(value, bool),
    AttributeKind.TIME: lambda value: _is_whole(value) and FIRST_TIME <= value <= LAST_TIME,
    AttributeKind.STRUCT: lambda value: isinstance(value, dict),
    AttributeKind.MAP: lambda value: isinstance(value, dict),
}
"""Whether a JSON value is of a kind."""


def _within_limits(name: str, value: Any, path: str, depth: int) -> None:
    """See that a value is one that JSON, the index and the clients can carry, whatever attribute holds it."""
    match value:
        case None | bool():
            return
        case str():
            _text(name, value, path)
        case int() | float():
            _number(value, path)
        case list() | dict() if depth >= MOST_LEVELS:
            raise LimitExceeded(f"more than {MOST_LEVELS} lists and objects within each other", path=path)
        case list():
            _list(name, value, path, depth)
        case dict():
            _object(name, value, path, depth)
        case _:
            raise InvalidInput(f"{type(value).__name__} is nothing that JSON can say", path=path)


def _list(name: str, values: list[Any], path: str, depth: int) -> None:
    for place, each in enumerate(values):
        if each is None:
            raise InvalidInput("null inside a list", path=f"{path}/{place}", hint="leave it out")
        _within_limits(name, each, f"{path}/{place}", depth + 1)


def _object(name: str, values: dict[str, Any], path: str, depth: int) -> None:
    for key, each in values.items():
        at = f"{path}/{_escape(key)}"
        _text(name, key, at)
        if each is None and key in FATAL_WHEN_NULL:
            raise InvalidInput(f"`{key}` cannot be null", path=at, hint="leave it out")
        _within_limits(name, each, at, depth + 1)


def _text(name: str, value: str, path: str) -> None:
    most = MOST_CHARACTERS_OF_A_DEFINITION if name.endswith(DEFINITIONS) else MOST_CHARACTERS
    if len(value) > most:
        raise LimitExceeded(f"{len(value):,} characters; `{name}` holds {most:,}", path=path)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(f"half a character at {error.start}: not Unicode", path=path) from error


def _number(value: float, path: str) -> None:
    if not math.isfinite(value):
        raise InvalidInput(f"{value} is no number that JSON can say", path=path)
    if isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        raise LimitExceeded("the whole number has more than 64 bits", path=path)


def _shown(value: Any) -> str:
    text = f"`{value}`" if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
