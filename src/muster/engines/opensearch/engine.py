"""The server engine: searches assets in an index on OpenSearch or Elasticsearch."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pyroaring import BitMap

from muster.binding.bind import bind
from muster.catalog.document import CHECKSUM
from muster.engines.opensearch import pages
from muster.engines.opensearch.answers import WHOLE, whole
from muster.engines.opensearch.condition import findings
from muster.engines.opensearch.export import Exports
from muster.engines.opensearch.index import Index
from muster.engines.opensearch.plan import Asked
from muster.engines.opensearch.postings import postings
from muster.engines.opensearch.refusals import as_error
from muster.engines.opensearch.server import NOT_FOUND, Json, Refused
from muster.engines.opensearch.spelling import spelled
from muster.engines.opensearch.views import opened
from muster.engines.opensearch.within import within_set
from muster.engines.opensearch.writing import Writer
from muster.errors import EngineUnavailable, LimitExceeded
from muster.fields import Fields, Kind
from muster.protocols import Digest, Finding, Found, Page, Postings, Refusal, Update
from muster.query.algebra import Atom, Formula, atoms, combine
from muster.query.formula import formula
from muster.query.nodes import Leaf, Node
from muster.query.wire import write

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
        return self._asked(self._index.fields)

    def count(self, query: Node, *, now: int) -> int:
        """Return the exact number of assets that match."""

        def counted(wire: Json) -> int:
            total: int = self._search({"query": wire, "size": 0, "track_total_hits": True})["hits"]["total"]["value"]
            return total

        return self._asked(lambda: self._within_limits(query, now, counted))

    def search(self, query: Node, page: Page, *, now: int, within: BitMap | None = None) -> Found:
        """Return one page; `within` narrows the result to a set of ordinals.

        Raises:
            UnknownField: an order by a field that no asset can have.
            UnsupportedClause: an order by a text field.
        """

        def paged(wire: Json) -> Found:
            narrowed = wire if within is None else {"bool": {"filter": [wire, self._set(within)]}}
            return pages.found(self._search(pages.page_body(narrowed, page, self._index.fields())))

        return self._asked(lambda: self._within_limits(query, now, paged))

    def members(self, query: Node, *, now: int) -> BitMap:
        """Return all assets that match, from one consistent view."""

        def exported(wire: Json) -> BitMap:
            return self._exports.members(self._server, self._index.physical().name, wire)

        return self._asked(lambda: self._within_limits(query, now, exported))

    def postings(self, leaves: Sequence[Leaf], *, now: int) -> Postings:
        """Return the assets of each leaf, in order, and all assets, from one consistent view."""
        return self._asked(lambda: self._postings(leaves, now))

    def tally(self, members: BitMap, field: str, *, limit: int) -> list[tuple[Any, int]]:
        """Count a member set by the values of a field, most frequent first, then by value."""
        return self._asked(lambda: self._values(self._set(members), field, limit))

    def terms(self, field: str, *, limit: int) -> list[tuple[Any, int]]:
        """Return a field's values with the number of assets that have each; none of text, whose words no server lists."""
        return self._asked(lambda: self._values({"match_all": {}}, field, limit))

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
        return self._asked(lambda: pages.digests(self._search(pages.digests_body(span, CHECKSUM)), span))

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

    def _values(self, query: Json, name: str, limit: int) -> list[tuple[Any, int]]:
        field = self._index.fields().get(name)
        if field is None or field.kind is Kind.TEXT:
            return []
        return pages.values(self._search(pages.values_body(query, field, limit)), field)

    def _postings(self, leaves: Sequence[Leaf], now: int) -> Postings:
        """Read the position before the view is opened: everything up to it is in the view then.

        What the view is of is looked up once it is open, so that it is the index whose position was read.
        """
        physical, fields = self._index.physical(), self._index.fields()
        position = self._index.position(physical)
        asked = [Asked(self._wire(leaf, fields, now), bind(leaf, fields, now=now)) for leaf in leaves]
        with opened(self._server, physical.name) as view:
            self._index.confirm(physical)
            universe, sets = postings(self._exports, view, asked, fields)
        return Postings(position, universe, tuple(sets))

    def _within_limits(self, query: Node, now: int, ask: Callable[[Json], T]) -> T:
        """Ask by the query as it is, or where that is more than the server takes at once, by the set of its members.

        Raises:
            LimitExceeded: a single clause of it is more than the server takes.
        """
        fields = self._index.fields()
        bind(query, fields, now=now)
        try:
            return _told(lambda: ask(self._wire(query, fields, now)))
        except LimitExceeded:
            clauses = formula(query)
            if isinstance(clauses, Atom):
                raise
            return ask(self._set(self._combined(clauses, now)))

    def _combined(self, clauses: Formula[Leaf], now: int) -> BitMap:
        leaves = list(dict.fromkeys(atoms(clauses)))
        found = self._postings(leaves, now)
        return combine(clauses, dict(zip(leaves, found.sets, strict=True)).__getitem__, found.universe)

    def _wire(self, query: Node, fields: Fields, now: int) -> Json:
        return write(spelled(query, self._server.dialect, fields, now=now))

    def _set(self, members: BitMap) -> Json:
        return within_set(members, self._server.dialect)

    def _search(self, body: Json) -> Any:
        path = f"/{self._index.physical().name}/_search"
        return whole(self._server.request("POST", path, body=body, params=WHOLE))

    def _stand(self) -> int:
        physical = self._index.physical()
        position = self._index.position(physical)
        self._known = (physical.uuid, position)
        return position

    def _hold(self) -> None:
        """See that the index, when it is another one than before, is as far as that one was known to be."""
        uuid, known = self._known
        physical = self._index.physical()
        if physical.uuid == uuid or not known:
            return
        if (found := self._index.position(physical)) < known:
            raise EngineUnavailable(
                f"the index was replaced by one that is at position {found:,} of {known:,}",
                hint="`muster project` brings it up to the record",
            )
        self._known = (physical.uuid, found)

    def _asked(self, ask: Callable[[], T]) -> T:
        """Ask; once more where the index has been replaced meanwhile.

        Raises:
            InvalidSelection: the server cannot read the query.
            LimitExceeded: the query costs more than the server allows.
        """

        def held() -> T:
            self._hold()
            return _told(ask)

        return self._again(held)

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


def _told(ask: Callable[[], T]) -> T:
    """Ask, and say what a refusal means to the caller; that nothing is there is left to those who ask again."""
    try:
        return ask()
    except Refused as refusal:
        if refusal.status == NOT_FOUND:
            raise
        raise as_error(refusal) from refusal
