"""What the services ask of what searches, and what it answers with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pyroaring import BitMap

from muster.fields import Fields
from muster.query.aggregations import Aggregations, Results
from muster.query.nodes import Leaf, Node
from muster.query.sorting import Sort


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
