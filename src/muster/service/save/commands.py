"""What a request wants of entities, whatever surface it came by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from muster.catalog.entity import Entity, Status
from muster.catalog.product import Selection


@dataclass(frozen=True, slots=True)
class Ref:
    """Another entity: by guid, by the placeholder of one in the same request, or by key; tried in this order.

    `path` says where in the request this stands, for errors; without one it is made of the command's.
    """

    type_name: str
    guid: str | None = None
    qualified_name: str | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A tag by its internal name, and how it is attached where that is not the usual way."""

    tag: str
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TagChange:
    """What becomes of an entity's tags: None leaves `all_` alone, else these are all; then some are put, some taken."""

    all_: tuple[Attachment, ...] | None = None
    put: tuple[Attachment, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomChange:
    """Custom metadata by internal name of set and attribute, None clears; `replaces` takes away what is not said.

    `only` names the one set that a replacement is about; None: all of them.
    """

    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    replaces: bool = False
    only: str | None = None


@dataclass(frozen=True, slots=True)
class Relating:
    """Relationships by name: `set_` are all there shall be, others are added or taken away."""

    set_: Mapping[str, tuple[Ref, ...]] = field(default_factory=dict)
    added: Mapping[str, tuple[Ref, ...]] = field(default_factory=dict)
    removed: Mapping[str, tuple[Ref, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Command:
    """What a request wants of one entity.

    `guid` is a real one, a placeholder that begins with `-`, or None. Of `attributes` only what is said changes; None
    or an empty list clears. A new entity gets `tags_when_new` and `custom_when_new` besides. `status` ACTIVE revives a
    DELETED one. `selection` is a product's next one. `alone` says that no other domain or product beside it may have
    its name, `version` which version the request was made from, where that matters. `path` says where in the request
    this stands, for errors.
    """

    type_name: str
    guid: str | None = None
    qualified_name: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    relating: Relating = field(default_factory=Relating)
    tags: TagChange = field(default_factory=TagChange)
    tags_when_new: tuple[Attachment, ...] = ()
    custom: CustomChange = field(default_factory=CustomChange)
    custom_when_new: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    status: Status | None = None
    selection: Selection | None = None
    alone: bool = False
    version: int | None = None
    path: str = ""


class Removal(StrEnum):
    """How entities go: archived, or gone for good in two spellings."""

    SOFT = "SOFT"
    HARD = "HARD"
    PURGE = "PURGE"


@dataclass(frozen=True, slots=True)
class Mutation:
    """What a request did. `assigned` is the guid of each placeholder; no entity is in two of the lists.

    An entity that a request did not name is in `updated` only where Atlan's clients expect it there: the parent of
    a new child.
    """

    created: tuple[Entity, ...] = ()
    updated: tuple[Entity, ...] = ()
    deleted: tuple[Entity, ...] = ()
    assigned: Mapping[str, str] = field(default_factory=dict)
