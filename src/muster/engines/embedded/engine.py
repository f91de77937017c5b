"""The embedded engine: one DuckDB file, read by many threads, written by one at a time."""

import threading
from collections.abc import Sequence
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from pyroaring import BitMap

from muster.binding.bind import bind
from muster.binding.expand import expand
from muster.binding.tests import Bound
from muster.catalog.document import CHECKSUM
from muster.engines.embedded import queries, values, writing
from muster.engines.embedded.aggregating import aggregate
from muster.engines.embedded.store import Store, View
from muster.engines.order import ordering
from muster.fields import Field, Fields
from muster.indexing import IndexedAsset, Indexer
from muster.protocols import Digest, Finding, Found, Page, Postings, Refusal, Update
from muster.query.aggregations import Aggregations, Results
from muster.query.nodes import Leaf, Node


class EmbeddedEngine:
    """Searches assets in one DuckDB file; `:memory:` keeps nothing.

    `memory` bounds DuckDB's own memory, `threads` its workers (all cores when not said). A file that is damaged, of
    another format or indexed by other fields makes every method raise EngineUnavailable, until `clear` has put an
    empty one in its place.

    Raises:
        DataFolderBusy: the file is open already, here or in another process.
    """

    def __init__(self, path: Path | str, fields: Fields, *, memory: str = "1GB", threads: int | None = None) -> None:
        self._store = Store(path, _fingerprint(fields), memory=memory, threads=threads)
        self._mapped = fields
        self._indexer = self._new_indexer()
        self._indexing = threading.Lock()

    def fields(self) -> Fields:
        """Return the searchable fields: those mapped, and those that documents brought along."""
        return self._indexer.fields

    def count(self, query: Node, *, now: int) -> int:
        """Return the exact number of assets that match."""
        with self._store.view() as view:
            return queries.count(view, self._bound(view, [query], now)[0])

    def search(self, query: Node, page: Page, *, now: int, within: BitMap | None = None) -> Found:
        """Return one page; `within` narrows the result to a set of ordinals.

        Raises:
            UnknownField: an order by a field that no asset can have.
            UnsupportedClause: an order by a text field, or by one of nested objects.
        """
        for sort in page.sort:
            ordering(sort, self.fields())
        with self._store.view() as view:
            return queries.search(view, self._bound(view, [query], now)[0], page, within)

    def aggregate(self, query: Node, wanted: Aggregations, *, now: int) -> Results:
        """Return what aggregations find over all assets that match, by name and from one consistent view."""
        fields = self.fields()
        with self._store.view() as view:

            def members(node: Node) -> BitMap:
                return queries.members(view, self._bound(view, [node], now)[0])

            return aggregate(view, fields, members(query), wanted, members)

    def members(self, query: Node, *, now: int) -> BitMap:
        """Return all assets that match, from one consistent view."""
        with self._store.view() as view:
            return queries.members(view, self._bound(view, [query], now)[0])

    def postings(self, leaves: Sequence[Leaf], *, now: int) -> Postings:
        """Return the assets of each leaf, in order, and all assets, from one consistent view."""
        with self._store.view() as view:
            sets = queries.postings(view, self._bound(view, leaves, now))
            return Postings(view.state.position, BitMap(view.state.universe), tuple(sets))

    def tally(self, members: BitMap, field: str, *, limit: int) -> list[tuple[Any, int]]:
        """Count a member set by the values of a field, most frequent first, then by value."""
        with self._store.view() as view:
            return values.tally(view, field, limit, members)

    def terms(self, field: str, *, limit: int) -> list[tuple[Any, int]]:
        """Return a field's values with the number of assets that have each, most frequent first."""
        with self._store.view() as view:
            return values.tally(view, field, limit)

    def apply(self, updates: Sequence[Update], *, position: int | None, after: int = 0) -> tuple[Refusal, ...]:
        """Index a batch and remember the position, all or nothing; nothing is ever refused."""
        with self._indexing:
            current = self.position()
            position = current if position is None else position
            if not after <= current <= position:
                return ()
            try:
                batch = {update.ordinal: self._indexed(update) for update in updates}
                versions = {update.ordinal: update.version for update in updates}
                found = self._indexer.fields.found
                writing.write(self._store, batch, position, found=found, versions=versions)
            except BaseException:
                self._indexer = self._new_indexer()
                raise
        return ()

    def position(self) -> int:
        """Return the position of the last batch; 0 for an empty index."""
        return self._store.state.position

    def owner(self) -> str | None:
        """Return the identity of the record that the index was made from; None before the first claim."""
        return self._store.state.owner

    def claim(self, owner: str) -> None:
        """Remember whose index this is."""
        writing.claim(self._store, owner)

    def digests(self, span: int) -> dict[int, Digest]:
        """Return a digest per range of `span` ordinals, by number: range n begins at ordinal n * span."""
        with self._store.view() as view:
            return values.digests(view, CHECKSUM, span)

    def successor(self, *, fresh: bool = False) -> "EmbeddedEngine":  # noqa: ARG002 - it is always fresh
        """Empty the index, to be filled anew; nobody else reads it meanwhile."""
        with self._indexing:
            writing.clear(self._store)
            self._indexer = self._new_indexer()
        return self

    def take_over(self) -> None:
        """Do nothing: the rebuilt index is in its place."""

    def examine(self) -> list[Finding]:
        """Return nothing: a file that cannot be used says so whatever it is asked."""
        return []

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()

    def _new_indexer(self) -> Indexer:
        """Return an indexer that knows the fields of the last committed batch."""
        return Indexer(self._mapped.with_found(self._store.found))

    def _indexed(self, update: Update) -> IndexedAsset | None:
        document = update.document
        return None if document is None else self._indexer.index(document["__guid"], document)

    def _bound(self, view: View, nodes: Sequence[Node], now: int) -> list[Bound]:
        fields, vocabulary = self.fields(), cache(partial(values.vocabulary, view))
        return [expand(bind(node, fields, now=now), vocabulary) for node in nodes]


def _fingerprint(fields: Fields) -> str:
    """Return a text that changes when documents would be indexed otherwise."""
    return sha256("\n".join(map(_rules, fields)).encode()).hexdigest()


def _rules(field: Field) -> str:
    analyzer = None if field.analyzer is None else field.analyzer.name
    normalizer = None if field.normalizer is None else field.normalizer.name
    said = (field.name, field.kind.value, field.source, field.nested, analyzer, normalizer, field.ignore_above)
    return repr((*said, field.null_value, field.format, field.coerce, field.position_increment_gap))
