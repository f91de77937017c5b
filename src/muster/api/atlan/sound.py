"""Attributes in the shape that Atlan's clients expect: one value they cannot parse spoils a whole answer for them.

What is saved is checked already; importers may have brought anything.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

from muster.catalog.entity import Entity, Status
from muster.catalog.schema import Attribute, AttributeKind, attribute
from muster.catalog.validate import FATAL_WHEN_NULL

Mend = Callable[[Any], Any]

OBJECTS = frozenset({AttributeKind.STRUCT, AttributeKind.MAP})
NUMBERS = frozenset({AttributeKind.WHOLE, AttributeKind.FRACTION, AttributeKind.TIME})


def sound(entity: Entity, wanted: AbstractSet[str] | None = None) -> dict[str, Any]:
    """Return the attributes that have values clients can parse, of the wanted ones, or of all but internal ones."""
    type_name, shown = entity.key.type_name, {}
    for name, value in entity.attributes.items():
        if value is not None and (name in wanted if wanted is not None else not name.startswith("__")):
            mend = mending(type_name, name)
            told = value if mend is None else mend(value)
            if told is not None:
                shown[name] = told
    return shown


def state(entity: Entity) -> str:
    """Return the status that clients know: there are two of them."""
    return "ACTIVE" if entity.status is Status.ACTIVE else "DELETED"


@lru_cache(maxsize=65_536)
def mending(type_name: str, name: str) -> Mend | None:
    """Return what makes a value of an attribute one that clients can parse, or None of it; None: any value will do."""
    if name == "__customAttributes":
        return lambda value: value if isinstance(value, str) else None
    known = attribute(type_name, name)
    if known is None:
        return _nothing if name in FATAL_WHEN_NULL else _cleaned
    one = _one(known)
    return _listed(one) if known.many else _single(one)


def _nothing(_: Any) -> None:
    """Tell nothing: clients look into what has such a name, whatever it is."""


def _cleaned(value: Any) -> Any:
    """Return a value without the keys that clients look into, at any depth."""
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items() if key not in FATAL_WHEN_NULL}
    return [_cleaned(one) for one in value if one is not None] if isinstance(value, list) else value


def _one(known: Attribute) -> Mend:
    """Return what judges one value."""
    if known.values:
        return lambda value: value if value in known.values else None
    if known.kind in NUMBERS:
        return lambda value: value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if known.kind is AttributeKind.TRUTH:
        return lambda value: value if isinstance(value, bool) else None
    return _cleaned if known.kind in OBJECTS else lambda value: value


def _listed(one: Mend) -> Mend:
    """Return what makes a list of a value, without nulls."""

    def mend(value: Any) -> list[Any]:
        values = value if isinstance(value, list) else [value]
        return [told for each in values if each is not None and (told := one(each)) is not None]

    return mend


def _single(one: Mend) -> Mend:
    """Return what refuses a list."""
    return lambda value: None if isinstance(value, list) else one(value)
