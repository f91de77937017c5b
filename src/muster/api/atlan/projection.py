"""Which parts of entities a client wants to see."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any

import orjson

from muster.api.atlan.sound import state
from muster.catalog.entity import Entity
from muster.catalog.schema import relations

ALWAYS = frozenset({"name", "qualifiedName"})
"""What every entity carries: clients build updates from it."""

HEADER_LEVEL = frozenset({"classifications", "classificationNames", "meanings", "typeName"})
"""What clients ask for among attributes but look for beside them."""


INTERNAL: Mapping[str, Callable[[Entity], Any]] = {
    "__guid": lambda entity: entity.guid,
    "__typeName": lambda entity: entity.key.type_name,
    "__state": state,
    "__createdBy": lambda entity: entity.created_by,
    "__modifiedBy": lambda entity: entity.updated_by,
    "__timestamp": lambda entity: entity.created_at,
    "__modificationTimestamp": lambda entity: entity.updated_at,
    "__traitNames": lambda entity: list(entity.tags),
    "__meanings": lambda entity: list(entity.terms),
}
"""What searches call the header; told among the attributes to those who ask for it there."""


@dataclass(frozen=True, slots=True)
class Projection:
    """What is told of each entity.

    `attributes` are names of attributes, relationships and custom metadata (`SET.ATTRIBUTE`, or the attribute alone);
    None: all attributes, and custom metadata by set. `related` are attributes told of related entities.
    `relationships` tells all relationships, in a place of their own. Related entities that are archived are told
    with `archived` only. `internal` tells what searches call the header. `name` is the same for what asks for the same,
    and empty where that is not said.
    """

    attributes: frozenset[str] | None = None
    related: tuple[str, ...] = ()
    relationships: bool = False
    archived: bool = True
    classifications: bool = True
    classification_names: bool = True
    meanings: bool = True
    internal: Mapping[str, Callable[[Entity], Any]] = field(default_factory=dict)
    name: bytes = b""

    def relations_of(self, type_name: str) -> Sequence[str]:
        """Return the relationships that are told of a type's entities."""
        return tuple(relations(type_name)) if self.relationships else _asked(type_name, self.attributes)


@lru_cache(maxsize=4_096)
def _asked(type_name: str, names: frozenset[str] | None) -> Sequence[str]:
    return tuple(name for name in relations(type_name) if name in (names or ()))


FULL = Projection()
"""Everything but relationships: what a write answers."""

WHOLE = Projection(relationships=True)
"""Everything."""


def wanted(names: Sequence[str], related: Sequence[str], flags: Mapping[str, bool]) -> Projection:
    """Return what a search asks for: these attributes, these of related entities, and what its flags leave out."""
    return Projection(
        attributes=frozenset(names) - HEADER_LEVEL | ALWAYS,
        internal={name: INTERNAL[name] for name in names if name in INTERNAL},
        related=tuple(dict.fromkeys(related)),
        archived=flags.get("allowDeletedRelations", False),
        classifications=not flags.get("excludeClassifications", False),
        classification_names=not flags.get("excludeClassifications", False)
        or flags.get("includeClassificationNames", False),
        meanings=not flags.get("excludeMeanings", False),
        name=sha256(orjson.dumps([names, related, flags])).digest(),
    )
