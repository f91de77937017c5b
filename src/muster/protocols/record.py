"""What the services ask of the store of truth, and what it answers with."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pyroaring import BitMap

from muster.catalog.entity import Entity, EntityDraft, Key
from muster.catalog.product import Outline, Product, Selection
from muster.catalog.token import Token
from muster.catalog.typedef import Typedef, TypedefDraft
from muster.catalog.writing import Link, Transaction
from muster.protocols.memberships import Memberships
from muster.protocols.telling import Telling


@dataclass(frozen=True, slots=True)
class Written:
    """What a batch of drafts did: ordinals by effect, in the order of the drafts."""

    created: tuple[int, ...] = ()
    updated: tuple[int, ...] = ()
    unchanged: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Typedefs:
    """All typedefs by internal name, as of a version that grows with every change of any."""

    version: int
    by_name: Mapping[str, Typedef]


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the change log with its entity, which may be DELETED or PURGED.

    `number` rises with every change of an entity and names its content: of two contents of one entity the one with the
    higher number is the newer, and equal numbers mean equal contents.
    """

    number: int
    ordinal: int
    entity: Entity


class Record(Memberships, Telling, Protocol):
    """The store of truth. Every method that writes is one transaction; an entity's new version is also a change in the log.

    Raises:
        RecordUnavailable: the store does not answer or its schema belongs to another version.
        NotFound: what is named is not there.
        Conflict: a stale version or revision, or a name that is taken.
    """

    def identity(self) -> str:
        """Return the UUID that the record got when it was made and keeps for good; a copy of it has the same."""
        ...

    def write(self, drafts: Sequence[EntityDraft], *, by: str, at: int) -> Written:
        """Create or update entities by key; a draft equal to what is stored changes nothing; DELETED ones revive.

        Of several drafts of one key the last counts. Products are refused (InvalidInput): they need a selection.
        """
        ...

    def archive(self, ordinals: Sequence[int], *, by: str, at: int) -> int:
        """Set entities to DELETED; return how many were ACTIVE before."""
        ...

    def entity(self, ref: str) -> Entity:
        """Return an entity by guid or qualified name (ACTIVE before DELETED; ambiguous names are a Conflict)."""
        ...

    def entities(self, ordinals: Sequence[int], *, purged: bool = False) -> list[Entity]:
        """Return entities in the order of the ordinals; unknown ordinals are left out, PURGED ones unless asked for."""
        ...

    def rows(self, ordinals: BitMap, fields: Sequence[str], *, batch: int = 1000) -> Iterator[list[tuple[Any, ...]]]:
        """Stream a member set in order of ordinal, PURGED entities among it: guid, type, qualified name, name, status, fields.

        A field is an attribute, custom metadata by internal name, or one that the index has under `__`; None where the
        entity has nothing. Each batch is as it is when it is read. Unknown ordinals are left out. However many there
        are, no more than a batch is in memory, and none stays there.
        """
        ...

    def find(self, guids: Sequence[str], keys: Sequence[Key]) -> list[Entity]:
        """Return the entities that have one of these guids or keys, ACTIVE and DELETED ones, in no order."""
        ...

    def versions(self, guid: str, *, limit: int, before: int | None = None) -> list[Entity]:
        """Return an entity at its versions, newest first, those below `before`; its key is the one that it has now."""
        ...

    def as_of(self, ordinals: Sequence[int], at: int) -> dict[int, Entity]:
        """Return entities by ordinal as they were at a time (ms since 1970), under the keys that they have now.

        Those that were not there yet are left out; PURGED ones are there, and as they were before that.
        """
        ...

    def follow(self, ordinal: int, name: str, *, at: int) -> bool:
        """Let a user follow an entity; return whether they did not before."""
        ...

    def unfollow(self, ordinal: int, name: str) -> bool:
        """Let a user no longer follow an entity; return whether they did."""
        ...

    def followers(self, ordinals: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return the names of those who follow each entity, first come first; entities without any are left out."""
        ...

    def links(self, ordinals: Sequence[int], *, limit: int) -> list[Link]:
        """Return the relationships that other entities state to these, at most `limit` of them for each and name.

        Who has a term states it under `meanings`.
        """
        ...

    def links_of_products(self, names: Collection[str]) -> list[Link]:
        """Return the relationships of these names that products state, those of DELETED ones too, in no order."""
        ...

    def transact(self, transaction: Transaction, *, by: str, at: int) -> list[int]:
        """Store what one request writes, all or nothing; return the ordinal of each write's entity.

        Conflict when an entity is not at the version that its write was made from, or a new one's key is taken;
        nothing is stored then. A write that equals what is stored makes no version.
        """
        ...

    def answer(self, request: str) -> str | None:
        """Return what a request was answered when it came before, None when it is new or long ago."""
        ...

    def typedefs(self) -> Typedefs:
        """Return all typedefs; asking again costs next to nothing while none changes."""
        ...

    def put_typedefs(self, drafts: Sequence[TypedefDraft], *, by: str, at: int) -> list[Typedef]:
        """Create or replace typedefs by name, all or none; Conflict when a display name is taken in its category."""
        ...

    def delete_typedef(self, name: str) -> Typedef:
        """Take a typedef away for good and return it; NotFound when there is none."""
        ...

    def guids(self, ordinals: BitMap) -> Iterator[str]:
        """Stream the guids of a member set, in order of ordinal."""
        ...

    def types(self, ordinals: BitMap) -> dict[str, int]:
        """Return how many of a member set are of each type."""
        ...

    def under(self, prefix: str) -> BitMap:
        """Return the ACTIVE entities whose qualified name is `prefix` or starts with `prefix` and a slash."""
        ...

    def scan(self, *, batch: int = 1000) -> Iterator[list[Entity]]:
        """Stream all entities but purged ones, in order of ordinal."""
        ...

    def changes(self, after: int, limit: int) -> list[Change]:
        """Return the change log after a position, each entity as it is now, an entity's last change only.

        Numbers become visible in their order: nothing will ever come before the last one seen. Fewer than `limit` are
        returned where the log ends. Who stops before that has a state that never was: what changed on both sides of the
        position is told after it only.
        """
        ...

    def position(self) -> int:
        """Return the number of the last change; 0 when there is none."""
        ...

    def create_product(self, draft: EntityDraft, selection: Selection, *, by: str, at: int) -> Product:
        """Store a new product with revision 1 of its selection; Conflict when an ACTIVE product has its name."""
        ...

    def update_product(
        self, guid: str, draft: EntityDraft, selection: Selection | None, *, revision: int, by: str, at: int
    ) -> Product:
        """Store attributes and, when given, the next revision; Conflict when the stored revision is another."""
        ...

    def product(self, ref: str) -> Product:
        """Return an ACTIVE product by guid, qualified name or name."""
        ...

    def remembered(self, guid: str) -> Product:
        """Return a product by guid, ACTIVE or DELETED."""
        ...

    def products_called(self, name: str) -> list[Product]:
        """Return the ACTIVE products that have a name, whatever domain they are in."""
        ...

    def products(self, after: tuple[str, int] = ("", 0)) -> Iterator[Product]:
        """Stream the ACTIVE products in order of name and ordinal, those after a name and ordinal."""
        ...

    def products_of(self, guids: Sequence[str]) -> Iterator[Product]:
        """Stream some ACTIVE products by guid; others are left out."""
        ...

    def outlines(self) -> Iterator[Outline]:
        """Stream what the ACTIVE products ask for, in order of name."""
        ...

    def outlines_of(self, guids: Sequence[str]) -> list[Outline]:
        """Return what some ACTIVE products ask for; others are left out."""
        ...

    def delete_product(self, guid: str, *, by: str, at: int) -> None:
        """Archive a product; its selection, runs and generations stay readable by guid."""
        ...

    def revisions(
        self, guid: str, *, limit: int | None = None, before: int | None = None
    ) -> list[tuple[Selection, str, int]]:
        """Return the revisions of a selection with author and time, newest first: all, or `limit` of those below `before`."""
        ...

    def moved_since(self, ordinals: BitMap, after: int) -> tuple[BitMap, BitMap]:
        """Return which entities changed after a position of the change log, and which of those are not ACTIVE now."""
        ...

    def add_token(self, token: Token) -> None:
        """Store a new token; Conflict when its name was ever used."""
        ...

    def token(self, digest: str) -> Token:
        """Return the token of a secret, by the SHA-256 of it."""
        ...

    def tokens(self) -> list[Token]:
        """Return all tokens by name, those that no longer hold among them."""
        ...

    def revoke_token(self, name: str, *, at: int) -> None:
        """End a token for good."""
        ...

    def use_token(self, name: str, *, at: int) -> None:
        """Remember the last use of a token."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
