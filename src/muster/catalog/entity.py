"""Entities: everything with a guid, a type and attributes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from muster.errors import InvalidInput


class Status(StrEnum):
    """Whether an entity is in use; the values of the first two are Atlan's.

    A PURGED entity is gone for good: nobody can ask for it and its name is free again. Its last words stay in the
    record, so that the history of the products it was in can be told.
    """

    ACTIVE = "ACTIVE"
    DELETED = "DELETED"
    PURGED = "PURGED"


@dataclass(frozen=True, slots=True)
class Key:
    """What identifies an entity among importers: its type and qualified name."""

    type_name: str
    qualified_name: str


@dataclass(frozen=True, slots=True)
class EntityDraft:
    """What a writer says of one entity.

    `attributes` are the type's attributes by their Atlan names, `name` among them, JSON values only. `tags` are the
    internal names of tags (`Typedef.name`), `terms` qualified names of glossary terms; `relationships` name the related
    entities, to-many as tuples. `custom` is custom metadata by the internal name of its attribute. `attachments` says
    how a tag is attached where that is not the usual way: by tag, what Atlan's clients say of a classification beside
    its `typeName`. A draft states the whole entity: what it leaves out is cleared.
    """

    key: Key
    attributes: Mapping[str, Any]
    tags: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    relationships: Mapping[str, tuple[Key, ...]] = field(default_factory=dict)
    custom: Mapping[str, Any] = field(default_factory=dict)
    guid: str | None = None
    attachments: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.key.type_name or not self.key.qualified_name:
            raise InvalidInput("an entity needs a `typeName` and a `qualifiedName`")


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity as the record keeps it; times are milliseconds since 1970-01-01 UTC.

    `told` is for whoever tells the entity to others, to keep how: what follows from the entity alone is made once, and
    goes when the entity goes. A copy begins without.
    """

    ordinal: int
    guid: str
    key: Key
    status: Status
    attributes: Mapping[str, Any]
    tags: tuple[str, ...]
    terms: tuple[str, ...]
    relationships: Mapping[str, tuple[Key, ...]]
    custom: Mapping[str, Any]
    version: int
    created_at: int
    updated_at: int
    created_by: str
    updated_by: str
    attachments: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    told: dict[bytes, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The human name, or the last part of the qualified name where there is none."""
        return str(self.attributes.get("name") or self.key.qualified_name.rsplit("/", 1)[-1])

    def draft(self) -> EntityDraft:
        """Return what a writer would say to leave the entity as it is: the start of an edit."""
        return EntityDraft(
            self.key,
            self.attributes,
            self.tags,
            self.terms,
            self.relationships,
            self.custom,
            self.guid,
            self.attachments,
        )
