"""What one request writes, as the record takes it: all of it in one transaction, or nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from muster.catalog.entity import EntityDraft, Status
from muster.catalog.product import Selection


@dataclass(frozen=True, slots=True)
class Write:
    """How one entity shall be from now on.

    `ordinal` and `version` are those of the entity that was read, both 0 for a new one; a key other than the stored
    one renames it. `selection` is the next revision of a product, its first one when the product is new, and None where
    it stays. `alone` says that no other ACTIVE product of its domain, or domain beside it, may have its name.
    """

    draft: EntityDraft
    ordinal: int = 0
    version: int = 0
    status: Status = Status.ACTIVE
    selection: Selection | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request was answered, under a name that only a repetition of it has."""

    request: str
    answer: str


@dataclass(frozen=True, slots=True)
class Transaction:
    """Writes of different entities; `answered` makes a repeated request known.

    `deserted` are the ordinals of entities that go or get another key, each with the names under which no ACTIVE entity
    may state a relationship to it, but for those that are written along; None: under any.
    """

    writes: tuple[Write, ...]
    answered: Answered | None = None
    deserted: Mapping[int, Collection[str] | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """One relationship as one side states it: the entity `source` names `target` under `name`."""

    source: int
    name: str
    target: int
