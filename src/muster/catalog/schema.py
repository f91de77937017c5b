"""The type system: which attributes and relationships each type has (Atlan's, as its clients know them)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


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

    `inverse` is the name that the target's side has, None where it has none. `owner` says that this side is where the
    record keeps it: exactly one side is.
    """

    name: str
    target: str
    many: bool
    inverse: str | None
    owner: bool


def attribute(type_name: str, name: str) -> Attribute | None:
    """Return an attribute that a type has or inherits; None when there is none of that name."""
    raise NotImplementedError


def relation(type_name: str, name: str) -> Relation | None:
    """Return a relationship that a type has or inherits; None when there is none of that name."""
    raise NotImplementedError


def relations(type_name: str) -> Mapping[str, Relation]:
    """Return all relationships that a type has or inherits, by name."""
    raise NotImplementedError
