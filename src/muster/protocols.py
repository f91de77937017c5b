"""The seams: what the services ask of a record, an engine and a clock."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pyroaring import BitMap

from muster.catalog.entity import Entity, EntityDraft, Key
from muster.catalog.product import Product, Selection
from muster.catalog.token import Token
from muster.catalog.typedef import Typedef, TypedefDraft
from muster.catalog.writing import Link, Transaction
from muster.fields import Fields
from muster.membership import Generation, Move, Proposal, Run, Standing
from muster.query.aggregations import Aggregations, Results
from muster.query.nodes import Leaf, Node
from muster.query.sorting import Sort


class Clock(Protocol):
    """Where the time comes from."""

    def __call__(self) -> int:
        """Return milliseconds since 1970-01-01 UTC."""
        ...


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


class Record(Protocol):
    """The store of truth. Every method that writes is one transaction that also appends to the change log.

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

    def find(self, guids: Sequence[str], keys: Sequence[Key]) -> list[Entity]:
        """Return the entities that have one of these guids or keys, ACTIVE and DELETED ones, in no order."""
        ...

    def links(self, ordinals: Sequence[int], *, limit: int) -> list[Link]:
        """Return the relationships that other entities state to these, at most `limit` of them for each and name.

        Who has a term states it under `meanings`.
        """
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
        """Stream all entities in order of ordinal."""
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

    def products(self) -> Iterator[Product]:
        """Stream the ACTIVE products in order of name."""
        ...

    def delete_product(self, guid: str, *, by: str, at: int) -> None:
        """Archive a product; its selection, runs and generations stay readable by guid."""
        ...

    def revisions(self, guid: str) -> list[tuple[Selection, str, int]]:
        """Return every revision of a selection with its author and time, newest first."""
        ...

    def put_standings(self, guid: str, standings: Sequence[Standing]) -> None:
        """Store pins and exclusions; one of an asset replaces the one before."""
        ...

    def withdraw_standings(self, guid: str, ordinals: Sequence[int], *, by: str, at: int) -> int:
        """End the pins and exclusions of these assets; return how many there were that had not been ended."""
        ...

    def standings(self, guids: Sequence[str]) -> dict[str, tuple[Standing, ...]]:
        """Return pins and exclusions per product, ended ones too; products without any are left out."""
        ...

    def generations(self, guids: Sequence[str]) -> dict[str, Generation]:
        """Return the last generation per product; products never synced are left out.

        Run, revision, position and time are those of the last run that made or confirmed it.
        """
        ...

    def commit(self, proposals: Sequence[Proposal]) -> list[Run]:
        """Commit runs: generation, moves and run row of each, all in one transaction.

        A proposal whose members equal the last generation's confirms that one, one that is held leaves it alone.
        Conflict when, since a proposal was made, its product was deleted, its selection edited, or its membership
        moved by another run; nothing is stored then, for any of them.
        """
        ...

    def runs(self, guid: str, *, limit: int) -> list[Run]:
        """Return the last runs of a product, newest first."""
        ...

    def moves(self, guid: str, run: int) -> tuple[Move, ...]:
        """Return what a run of a product moved, or would have moved when it was held."""
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


@dataclass(frozen=True, slots=True)
class Hit:
    """One asset of a page, with the values to go on from (`Page.after`)."""

    ordinal: int
    after: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What part of a result is wanted: `size` assets in order, after a hit's `after` and so many more (`offset`).

    However far the offset is, every engine serves it exactly. It costs time in proportion; memory it does not.
    """

    size: int
    sort: tuple[Sort, ...] = ()
    after: tuple[Any, ...] | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """One page with the exact total of the whole result."""

    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Update:
    """One document to index, or to remove when `document` is None.

    `version` grows with every change of the asset, so that an old write can be told from a newer one.
    """

    ordinal: int
    document: dict[str, Any] | None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that the index could not take; the one it held before stays."""

    ordinal: int
    reason: str


@dataclass(frozen=True, slots=True)
class Postings:
    """The assets of each of several clauses, and all assets, from one consistent view.

    Every change up to `position` is in the view.
    """

    position: int
    universe: BitMap
    sets: tuple[BitMap, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What a range of ordinals holds: how many documents, and the sum of their checksums."""

    count: int
    checksum: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined; `hint` says what to do about it."""

    ok: bool
    message: str
    hint: str = ""


class Engine(Protocol):
    """What searches. `now` (ms since 1970) is the time that `now` means in date math.

    Raises:
        UnsupportedClause: with the clause's path, when this engine cannot express it.
        EngineUnavailable: the engine does not answer, or not in full.
    """

    def fields(self) -> Fields:
        """Return the searchable fields: those mapped, and those that documents brought along."""
        ...

    def count(self, query: Node, *, now: int) -> int:
        """Return the exact number of assets that match."""
        ...

    def search(self, query: Node, page: Page, *, now: int, within: BitMap | None = None) -> Found:
        """Return one page; `within` narrows the result to a set of ordinals."""
        ...

    def aggregate(self, query: Node, wanted: Aggregations, *, now: int) -> Results:
        """Return what aggregations find over all assets that match, by name and from one consistent view.

        A field that no asset has, or nested objects have, has no values.

        Raises:
            UnsupportedClause: values of text, or numbers wanted of what holds none.
            LimitExceeded: more than `MOST_BUCKETS` buckets, or as many hits.
        """
        ...

    def members(self, query: Node, *, now: int) -> BitMap:
        """Return all assets that match, from one consistent view."""
        ...

    def postings(self, leaves: Sequence[Leaf], *, now: int) -> Postings:
        """Return the assets of each leaf, in order, and all assets, from one consistent view."""
        ...

    def tally(self, members: BitMap, field: str, *, limit: int) -> list[tuple[Any, int]]:
        """Count a member set by the values of a field, most frequent first, then by value."""
        ...

    def terms(self, field: str, *, limit: int) -> list[tuple[Any, int]]:
        """Return a field's values with the number of assets that have each, most frequent first.

        Of analysed text there may be none: not every engine can list its words.
        """
        ...

    def apply(self, updates: Sequence[Update], *, position: int | None, after: int = 0) -> tuple[Refusal, ...]:
        """Index a batch, make it searchable, then remember the position; return what could not be taken.

        An older position than the current is ignored; the current one may be applied again. So is a batch that follows
        a position (`after`) which the index has not reached: it is another index than that position was of. Without a
        position the batch is indexed wherever the index stands, and that stays. A process killed meanwhile leaves the
        old position, so that the batch comes again; an asset never goes back to an older version.
        """
        ...

    def position(self) -> int:
        """Return the position of the last batch; 0 for an empty index.

        No later answer is of an index that is not as far.
        """
        ...

    def owner(self) -> str | None:
        """Return the identity of the record that the index was made from; None before the first claim."""
        ...

    def claim(self, owner: str) -> None:
        """Remember whose index this is: who comes first has it."""
        ...

    def digests(self, span: int) -> dict[int, Digest]:
        """Return a digest per range of `span` ordinals, by number: range n begins at ordinal n * span."""
        ...

    def successor(self, *, fresh: bool = False) -> "Engine":
        """Return an engine over an index to rebuild: one left unfinished, or else (or `fresh`) an empty one, without owner.

        Where the engine has readers elsewhere, this one serves them until `take_over`.
        """
        ...

    def take_over(self) -> None:
        """Put this rebuilt index in the place of the one that serves, in one step, and delete that one."""
        ...

    def examine(self) -> list[Finding]:
        """Return what is to be said about the engine's own state."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
