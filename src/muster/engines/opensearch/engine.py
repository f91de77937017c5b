"""The server engine: searches assets in an index on OpenSearch or Elasticsearch."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pyroaring import BitMap

from muster.engines.opensearch.index.condition import findings
from muster.engines.opensearch.index.index import Index, Physical
from muster.engines.opensearch.index.writing import Writer
from muster.engines.opensearch.reader import Reader, told
from muster.engines.opensearch.server import NOT_FOUND, Refused
from muster.engines.opensearch.sets.export import Exports
from muster.errors import EngineUnavailable
from muster.fields import Fields
from muster.protocols import Digest, Finding, Found, Page, Postings, Refusal, Update
from muster.query.aggregations import Aggregations, Results
from muster.query.nodes import Leaf, Node

T = TypeVar("T")

TRIES = 3
"""How often a question is asked whose index is replaced meanwhile."""


class OpenSearchEngine:
    """Searches assets in an index on OpenSearch or Elasticsearch.

    Nothing is asked of the server before the first question; an index that is not there is made then. Where the index
    is replaced, no answer comes from one that is not as far as `position` last said. Safe to share between threads.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._server = index.server
        self._writer = Writer(index)
        self._exports = Exports()
        self._known = ("", 0)

    def fields(self) -> Fields:
        """Return the searchable fields; what another process brought is known a second later."""
        return self._asked(lambda reader: reader.fields)

    def count(self, query: Node, *, now: int) -> int:
        """Return the exact number of assets that match."""
        return self._asked(lambda reader: reader.count(query, now))

    def search(self, query: Node, page: Page, *, now: int, within: BitMap | None = None) -> Found:
        """Return one page; `within` narrows the result to a set of ordinals.

        Raises:
            UnknownField: an order by a field that no asset can have.
            UnsupportedClause: an order by a text field.
        """
        return self._asked(lambda reader: reader.search(query, page, now, within))

    def aggregate(self, query: Node, wanted: Aggregations, *, now: int) -> Results:
        """Return what aggregations find over all assets that match, by name and from one consistent view.

        Distinct values are counted exactly up to some thousands; an index in several shards may miss some assets of a
        term that has others inside, and says how many.
        """
        return self._asked(lambda reader: reader.aggregate(query, wanted, now))

    def members(self, query: Node, *, now: int) -> BitMap:
        """Return all assets that match, from one consistent view."""
        return self._asked(lambda reader: reader.members(query, now))

    def postings(self, leaves: Sequence[Leaf], *, now: int) -> Postings:
        """Return the assets of each leaf, in order, and all assets, from one consistent view."""
        return self._asked(lambda reader: reader.postings(leaves, now))

    def tally(self, members: BitMap, field: str, *, limit: int) -> list[tuple[Any, int]]:
        """Count a member set by the values of a field, most frequent first, then by value."""
        return self._asked(lambda reader: reader.tally(members, field, limit))

    def terms(self, field: str, *, limit: int) -> list[tuple[Any, int]]:
        """Return a field's values with the number of assets that have each; none of text, whose words no server lists."""
        return self._asked(lambda reader: reader.terms(field, limit))

    def apply(self, updates: Sequence[Update], *, position: int | None, after: int = 0) -> tuple[Refusal, ...]:
        """Index a batch, make it searchable, then remember the position; return what could not be taken."""
        return self._kept(lambda: self._writer.write(updates, position, after))

    def position(self) -> int:
        """Return the position of the last batch; 0 for an empty index."""
        return self._kept(self._stand)

    def owner(self) -> str | None:
        """Return the identity of the record that the index was made from; None before the first claim."""
        return self._kept(lambda: self._index.physical().meta.owner)

    def claim(self, owner: str) -> None:
        """Remember whose index this is."""
        self._kept(lambda: self._index.claim(owner))

    def digests(self, span: int) -> dict[int, Digest]:
        """Return a digest per range of `span` ordinals, by number: range n begins at ordinal n * span."""
        return self._asked(lambda reader: reader.digests(span))

    def successor(self, *, fresh: bool = False) -> "OpenSearchEngine":
        """Return an engine over the next index, beside the one that serves; one left unfinished goes on."""
        return OpenSearchEngine(self._kept(lambda: self._index.successor(fresh=fresh)))

    def take_over(self) -> None:
        """Put this index behind the alias in the place of the one that serves, in one step, and delete that one."""
        self._kept(self._index.take_over)

    def examine(self) -> list[Finding]:
        """Return what is to be said about server and index."""
        return self._kept(lambda: list(findings(self._index)))

    def close(self) -> None:
        """Let go of the connections."""
        self._server.close()

    def _stand(self) -> int:
        physical = self._index.physical()
        position = self._index.position(physical)
        self._known = (physical.uuid, position)
        return position

    def _held(self) -> Physical:
        """Return the index; where it is another one than before, see that it is as far as that one was known to be."""
        uuid, known = self._known
        physical = self._index.physical()
        if physical.uuid == uuid or not known:
            return physical
        if (found := self._index.position(physical)) < known:
            raise EngineUnavailable(
                f"the index was replaced by one that is at position {found:,} of {known:,}",
                hint="`muster project` brings it up to the record",
            )
        self._known = (physical.uuid, found)
        return physical

    def _asked(self, ask: Callable[[Reader], T]) -> T:
        """Ask; once more where the index has been replaced meanwhile.

        Raises:
            InvalidSelection: the server cannot read the query.
            LimitExceeded: the query costs more than the server allows.
        """

        def asked() -> T:
            physical = self._held()
            reader = Reader(self._index, self._exports, physical, self._index.fields(physical))
            return told(lambda: ask(reader))

        return self._again(asked)

    def _kept(self, act: Callable[[], T]) -> T:
        """Do what is no question of a caller, so that a refusal is no fault of his; once more, as above.

        Raises:
            EngineUnavailable: the server refuses.
        """
        try:
            return self._again(act)
        except Refused as refusal:
            raise EngineUnavailable(
                f"the index refused: {refusal.reason or refusal.status}", hint="see the server's log"
            ) from refusal

    def _again(self, act: Callable[[], T]) -> T:
        for _ in range(TRIES):
            try:
                return act()
            except Refused as refusal:
                if refusal.status != NOT_FOUND:
                    raise
                self._index.forget()
        raise EngineUnavailable("the index is replaced again and again", hint="try again")
