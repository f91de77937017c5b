"""The type system: which attributes and relationships each type has, as Atlan's published type definitions say.

`schema.json` holds it, one row a type: the attributes it adds to what it inherits, by kind (`[]` after the kind of those
that hold a list, the name of a value list for those whose values are fixed), and the relationships with both of their
sides, the owner first. `beside` names the second supertype of the types that have one.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from muster.catalog.types import ancestors, supertypes


class AttributeKind(StrEnum):
    """What one value of an attribute is; TIME is milliseconds since 1970, STRUCT an object, MAP one with free keys."""

    TEXT = "text"
    WHOLE = "whole"
    FRACTION = "fraction"
    TRUTH = "truth"
    TIME = "time"
    STRUCT = "struct"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a type; `values` are all it may hold where those are fixed, `many` says it holds a list."""

    name: str
    kind: AttributeKind
    many: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """One side of a relationship, as the entities of a type have it.

    `inverse` is the name that the target's side has, None where it has none; a relationship between equals, as of
    synonyms, is its own. `owner` says that this side is where the record keeps it: exactly one side is, of those
    between equals the side that was written.
    """

    name: str
    target: str
    many: bool
    inverse: str | None
    owner: bool


def attribute(type_name: str, name: str) -> Attribute | None:
    """Return an attribute that a type has or inherits; None when there is none of that name."""
    found = (_attributes(each).get(name) for each in _line(type_name))
    return next((one for one in found if one is not None), None)


def relation(type_name: str, name: str) -> Relation | None:
    """Return a relationship that a type has or inherits; None when there is none of that name."""
    return relations(type_name).get(name)


def is_exclusive(side: Relation) -> bool:
    """Whether the owner's side of a relationship names what only one may name."""
    back = relation(side.target, side.inverse) if side.owner and side.inverse else None
    return back is not None and not back.many and side.inverse != side.name


def relations(type_name: str) -> Mapping[str, Relation]:
    """Return all relationships that a type has or inherits, by name."""
    return _relations(type_name if type_name in supertypes() else "Asset")


@cache
def _facts() -> dict[str, Any]:
    text = files("muster.catalog").joinpath("schema.json").read_text(encoding="utf-8")
    facts: dict[str, Any] = json.loads(text)
    return facts


def _line(type_name: str) -> tuple[str, ...]:
    """Return the types whose attributes a type has, nearest first; an unknown type is taken for an asset."""
    first = (type_name, *ancestors(type_name))
    second = (_facts()["beside"].get(each) for each in first)
    return (*first, *(each for beside in second if beside is not None for each in _line(beside)))


@cache
def _attributes(type_name: str) -> Mapping[str, Attribute]:
    rows: dict[str, list[str]] = _facts()["attributes"].get(type_name, {})
    return {name: _attribute(name, kind) for kind, names in rows.items() for name in names}


def _attribute(name: str, kind: str) -> Attribute:
    one = kind.removesuffix("[]")
    values = tuple(_facts()["values"].get(one, ()))
    return Attribute(name, AttributeKind.TEXT if values else AttributeKind(one), one != kind, values)


@cache
def _relations(type_name: str) -> Mapping[str, Relation]:
    return {name: one for each in reversed(_line(type_name)) for name, one in _stated().get(each, {}).items()}


@cache
def _stated() -> Mapping[str, Mapping[str, Relation]]:
    stated: dict[str, dict[str, Relation]] = {}
    for row in _facts()["relationships"]:
        for type_name, one in _sides(*row.split()):
            stated.setdefault(type_name, {}).setdefault(one.name, one)
    return stated


def _sides(owner: str, other: str) -> Iterator[tuple[str, Relation]]:
    """Read a row: `Column.table Table.columns[]`, or `SodaCheck.sodaCheckColumns[] Column` with one side only."""
    (of, name), (target, _, inverse) = owner.split("."), other.partition(".")
    back, one, many = inverse.removesuffix("[]"), name.removesuffix("[]"), "[]"
    yield of, Relation(one, target, name.endswith(many), back or None, owner=True)
    if back:
        yield target, Relation(back, of, inverse.endswith(many), one, owner=False)
