"""What is asked of one index, the same from the first look at its fields to the last of its answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pyroaring import BitMap

from muster.binding.bind import bind
from muster.catalog.document import CHECKSUM
from muster.engines.aggregable import check, too_many
from muster.engines.opensearch import aggregating, deep, pages
from muster.engines.opensearch.answers import WHOLE, whole
from muster.engines.opensearch.index.index import Index, Physical
from muster.engines.opensearch.refusals import as_error
from muster.engines.opensearch.server import NOT_FOUND, Json, Refused
from muster.engines.opensearch.sets.export import Exports
from muster.engines.opensearch.sets.plan import Asked
from muster.engines.opensearch.sets.postings import postings
from muster.engines.opensearch.sets.views import TooMuch, live, opened
from muster.engines.opensearch.spelling import spelled
from muster.engines.opensearch.within import within_set
from muster.errors import EngineUnavailable, LimitExceeded
from muster.fields import Fields, Kind
from muster.protocols import Digest, Found, Page, Postings
from muster.query.aggregations import MOST_BUCKETS, Aggregations, Results
from muster.query.aggregations.results import size
from muster.query.algebra import Atom, Formula, atoms, combine
from muster.query.formula import anonymous, formula
from muster.query.nodes import Leaf, Node
from muster.query.wire import write

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reader:
    """Asks one index with the fields that it has; methods are those of `Engine`.

    Raises:
        Refused: 404, when the index is not there any more.
    """

    index: Index
    exports: Exports
    physical: Physical
    fields: Fields

    def count(self, query: Node, now: int) -> int:
        """Return the number of assets that match."""

        def counted(wire: Json) -> int:
            total: int = self._search({"query": wire, "size": 0, "track_total_hits": True})["hits"]["total"]["value"]
            return total

        return self._within_limits(query, now, counted)

    def search(self, query: Node, page: Page, now: int, within: BitMap | None) -> Found:
        """Return one page."""

        def paged(wire: Json) -> Found:
            narrowed = wire if within is None else {"bool": {"filter": [wire, self._set(within)]}}
            body = pages.page_body(narrowed, page, self.fields)
            if not deep.is_deep(page, self.index.window):
                return pages.found(self._search(body), page)
            with opened(self.index.server, self.physical.name) as view:
                return deep.found(view, body, page, self.index.window)

        return self._within_limits(query, now, paged)

    def aggregate(self, query: Node, wanted: Aggregations, now: int) -> Results:
        """Return what aggregations find."""
        check(wanted, self.fields)

        def aggregated(wire: Json) -> Results | None:
            asked = aggregating.body(wire, wanted, self.fields, lambda node: self._checked(node, now))
            answer = live(self.index.server, self.physical.name).search([asked], ("aggregations",))[0]
            if isinstance(answer, TooMuch):
                return None
            if isinstance(answer, Refused):
                raise answer
            return aggregating.results(wanted, answer["aggregations"], self.fields)

        found = self._within_limits(query, now, aggregated)
        if found is None or size(found) > MOST_BUCKETS:
            raise too_many()
        return found

    def members(self, query: Node, now: int) -> BitMap:
        """Return all assets that match."""

        def exported(wire: Json) -> BitMap:
            return self.exports.members(self.index.server, self.physical.name, wire)

        return self._within_limits(query, now, exported)

    def postings(self, leaves: Sequence[Leaf], now: int) -> Postings:
        """Return the assets of each leaf, and all assets.

        The position is read before the view is opened: everything up to it is in the view then. What the view is of is
        looked up once it is open: it is the index whose position was read. An index that has lost documents, as one
        whose shards were made anew empty has, gives no sets.
        """
        stand = self.index.stand(self.physical)
        asked = [Asked(self._wire(leaf, now), bind(leaf, self.fields, now=now)) for leaf in leaves]
        with opened(self.index.server, self.physical.name) as view:
            self.index.confirm(self.physical)
            universe, sets = postings(self.exports, view, asked, self.fields)
        if len(universe) < stand.documents:
            raise EngineUnavailable(
                f"the index has lost documents: it has {len(universe):,}, and had {stand.documents:,}",
                hint="run `muster doctor --repair`",
            )
        return Postings(stand.position, universe, tuple(sets))

    def tally(self, members: BitMap, field: str, limit: int) -> list[tuple[Any, int]]:
        """Count a member set by the values of a field."""
        return self._values(self._set(members), field, limit)

    def terms(self, field: str, limit: int) -> list[tuple[Any, int]]:
        """Return a field's values with the number of assets that have each."""
        return self._values({"match_all": {}}, field, limit)

    def digests(self, span: int) -> dict[int, Digest]:
        """Return a digest per range of ordinals."""
        return pages.digests(self._search(pages.digests_body(span, CHECKSUM)), span)

    def _values(self, query: Json, name: str, limit: int) -> list[tuple[Any, int]]:
        field = self.fields.get(name)
        if field is None or field.kind is Kind.TEXT:
            return []
        return pages.values(self._search(pages.values_body(query, field, limit)), field)

    def _within_limits(self, query: Node, now: int, ask: Callable[[Json], T]) -> T:
        """Ask by the query as it is, or where that is more than the server takes at once, by the set of its members.

        Raises:
            LimitExceeded: a single clause of it is more than the server takes.
        """
        bind(query, self.fields, now=now)
        try:
            return told(lambda: ask(self._wire(query, now)))
        except LimitExceeded:
            clauses = formula(query)
            if clauses == Atom(anonymous(query)):
                raise
            return ask(self._set(self._combined(clauses, now)))

    def _combined(self, clauses: Formula[Leaf], now: int) -> BitMap:
        leaves = list(dict.fromkeys(atoms(clauses)))
        found = self.postings(leaves, now)
        return combine(clauses, dict(zip(leaves, found.sets, strict=True)).__getitem__, found.universe)

    def _checked(self, query: Node, now: int) -> Json:
        """Return a clause for the server that it cannot trip over."""
        bind(query, self.fields, now=now)
        return self._wire(query, now)

    def _wire(self, query: Node, now: int) -> Json:
        return write(spelled(query, self.index.server.dialect, self.fields, now=now))

    def _set(self, members: BitMap) -> Json:
        return within_set(members, self.index.server.dialect)

    def _search(self, body: Json) -> Any:
        return whole(self.index.server.request("POST", f"/{self.physical.name}/_search", body=body, params=WHOLE))


def told(ask: Callable[[], T]) -> T:
    """Ask, and say what a refusal means to the caller; that nothing is there is left to those who ask again.

    Raises:
        InvalidSelection: the server cannot read the query.
        LimitExceeded: the query costs more than the server allows.
    """
    try:
        return ask()
    except Refused as refusal:
        if refusal.status == NOT_FOUND:
            raise
        raise as_error(refusal) from refusal
