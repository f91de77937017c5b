"""Assets as rows of a table, for whoever wants all members of a product: batch by batch, however many there are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

from pyroaring import BitMap

from muster.catalog.document import PLACES, document
from muster.catalog.entity import Entity
from muster.catalog.schema import attribute
from muster.catalog.types import supertypes
from muster.service.workspace import Workspace

HEADER: Final = ("guid", "typeName", "qualifiedName", "name", "status")
"""The columns that every table begins with."""

LISTS: Final = frozenset(("__traitNames", "__meanings", "__superTypeNames", *PLACES))
"""Fields of the index that hold lists, beside the attributes that do."""

Row: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `many` says that its values are lists."""

    name: str
    many: bool = False


def columns(fields: Sequence[str]) -> tuple[Column, ...]:
    """Return the columns of a table that tells these fields, each once, after the header."""
    more = (name for name in dict.fromkeys(fields) if name not in HEADER)
    return (*map(Column, HEADER), *(Column(name, is_list(name)) for name in more))


def rows(work: Workspace, members: BitMap, told: Sequence[Column]) -> Iterator[list[Row]]:
    """Yield the assets of a set in order of ordinal; one that is PURGED since has its last words, and that status."""
    fields = [column.name for column in told[len(HEADER) :]]
    return filter(None, work.record.rows(members, fields))


def value(one: Entity, field: str) -> Any:
    """Return what an asset has in a field, None where it has nothing.

    A field is an attribute, custom metadata by the internal name of its attribute, or what the index has of the
    asset's header: `__traitNames`, `__modificationTimestamp`, ...
    """
    if field.startswith("__"):
        return document(one).get(field)
    found = one.attributes.get(field)
    return one.custom.get(field) if found is None else found


@cache
def is_list(field: str) -> bool:
    """Whether a field holds lists: in any type that has it as an attribute."""
    stated = (attribute(type_name, field) for type_name in supertypes())
    return field in LISTS or any(one.many for one in stated if one is not None)
