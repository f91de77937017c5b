"""Attributes in the shape that Atlan's clients expect: one value they cannot parse spoils a whole answer for them.

What is saved is checked already; importers may have brought anything.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from muster.catalog.entity import Entity, Status
from muster.catalog.schema import Attribute, AttributeKind, attribute
from muster.catalog.validate import FATAL_WHEN_NULL

Mend = Callable[[Any], Any]
"""What makes a value one that clients can parse, or None of it."""

OBJECTS = frozenset({AttributeKind.STRUCT, AttributeKind.MAP})
NUMBERS = frozenset({AttributeKind.WHOLE, AttributeKind.FRACTION, AttributeKind.TIME})

NOTHING: frozenset[type] = frozenset()
SCALARS: frozenset[type] = frozenset((str, int, float, bool))

MOST_TYPES = 1_024
MOST_NAMES = 1_024
"""For how many types, and attributes of each, rules are kept: importers may bring any."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What clients can parse of an attribute: values of some types as they are, others as `mend` leaves them."""

    plain: frozenset[type]
    mend: Mend


def sound(entity: Entity, wanted: AbstractSet[str] | None = None) -> dict[str, Any]:
    """Return the attributes that have values clients can parse, of the wanted ones, or of all but internal ones."""
    of_type, shown = rules(entity.key.type_name), {}
    for name, value in entity.attributes.items():
        if value is not None and (name in wanted if wanted is not None else not name.startswith("__")):
            rule = of_type[name]
            if type(value) in rule.plain:
                shown[name] = value
            elif (told := rule.mend(value)) is not None:
                shown[name] = told
    return shown


def state(entity: Entity) -> str:
    """Return the status that clients know: there are two of them."""
    return "ACTIVE" if entity.status is Status.ACTIVE else "DELETED"


class _Rules(dict[str, Rule]):
    """The rules for a type's attributes, each made when it is first asked for."""

    def __init__(self, type_name: str) -> None:
        super().__init__()
        self._type_name = type_name

    def __missing__(self, name: str) -> Rule:
        made = _rule(self._type_name, name)
        if len(self) < MOST_NAMES:
            self[name] = made
        return made


rules = lru_cache(maxsize=MOST_TYPES)(_Rules)
"""Return the rules for the attributes of a type."""


def _rule(type_name: str, name: str) -> Rule:
    if name == "__customAttributes":
        return Rule(frozenset((str,)), _nothing)
    known = attribute(type_name, name)
    if known is None:
        return Rule(NOTHING, _nothing) if name in FATAL_WHEN_NULL else Rule(SCALARS, _cleaned)
    one = _one(known)
    return Rule(NOTHING, _listed(one)) if known.many else Rule(one.plain, _single(one.mend))


def _nothing(_: Any) -> None:
    """Tell nothing of what clients cannot parse, or would look into, whatever it is."""


def _cleaned(value: Any) -> Any:
    """Return a value without the keys that clients look into, at any depth."""
    if isinstance(value, dict):
        return {key: _cleaned(one) for key, one in value.items() if key not in FATAL_WHEN_NULL}
    return [_cleaned(one) for one in value if one is not None] if isinstance(value, list) else value


def _one(known: Attribute) -> Rule:
    """Return what judges one value."""
    if known.values:
        return Rule(NOTHING, lambda value: value if value in known.values else None)
    if known.kind in NUMBERS:
        return Rule(frozenset((int, float)), _nothing)
    if known.kind is AttributeKind.TRUTH:
        return Rule(frozenset((bool,)), _nothing)
    return Rule(SCALARS, _cleaned if known.kind in OBJECTS else lambda value: value)


def _listed(one: Rule) -> Mend:
    """Return what makes a list of a value, without nulls."""
    plain, mended = one.plain, one.mend

    def mend(value: Any) -> list[Any]:
        values = value if isinstance(value, list) else [value]
        told = [each if type(each) in plain else mended(each) for each in values if each is not None]
        return [each for each in told if each is not None]

    return mend


def _single(one: Mend) -> Mend:
    """Return what refuses a list."""
    return lambda value: None if isinstance(value, list) else one(value)
