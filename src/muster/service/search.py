"""Search the assets as clients do: a page of entities in order, the exact total, and what aggregations find.

The index says which assets, the record says what they are: an entity that changed a moment ago is shown as it is now.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from muster.catalog.document import document
from muster.catalog.entity import Entity, Status
from muster.errors import InvalidInput, LimitExceeded
from muster.protocols import Found, Hit, Page
from muster.query.aggregations import Aggregations, Results, ordinals, rendered
from muster.query.nodes import Bool, MatchAll, Node
from muster.query.sorting import Sort
from muster.service.workspace import Workspace

MOST = 10_000
"""Assets of one page."""

UNIQUE = "__guid"
"""The field by which no two assets tie."""

FIRST = "/bool/filter/0"
"""Where the query stands where there is a post filter, which stands beside it."""

_LAST = 2**31 - 1
"""As great as an ordinal of any index: none comes after it."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is wanted: `size` assets in order, from the one at `offset` on, or after the values of a hit (`after`).

    `after` are values of `SearchAnswer.sorts`. A `post_filter` narrows the assets, and not what is aggregated.
    """

    query: Node = field(default_factory=MatchAll)
    offset: int = 0
    size: int = 10
    sort: tuple[Sort, ...] = ()
    after: tuple[Any, ...] | None = None
    aggregations: Aggregations = field(default_factory=dict)
    post_filter: Node | None = None

    def __post_init__(self) -> None:
        if self.size < 0 or self.offset < 0:
            raise InvalidInput("a page begins and ends at 0 or later", hint="leave negative numbers out")
        if self.size > MOST:
            raise LimitExceeded(f"a page holds at most {MOST:,} assets, not {self.size:,}", hint="ask page by page")


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What was found; `sorts` has for each of the entities the values to go on from.

    Those are the values of the search's own keys, None for a key that orders nothing. Where assets may tie in all of
    them, for `__guid` is not among the keys, one more follows. `aggregations` is as OpenSearch writes it.
    """

    total: int
    entities: tuple[Entity, ...] = ()
    sorts: tuple[tuple[Any, ...], ...] = ()
    aggregations: dict[str, Any] = field(default_factory=dict)


def search(work: Workspace, wanted: Search) -> SearchAnswer:
    """Return a page of assets, their exact total, and what the aggregations find.

    That is one search of the index, one more for aggregations, and one read of the record; a size of 0 only counts.
    A sort by a field that no asset has, by `_score` or by `_doc` orders nothing: no asset matches better than another.

    Raises:
        InvalidInput: the query, the order or an aggregation cannot be asked, or `after` is not of this order; `path`
            points into the search: `/query/...`, `/post_filter/...`, `/aggregations`.
        EngineUnavailable, RecordUnavailable: try again.
    """
    now = work.clock()
    hits, values = _hits(wanted), _Values.of(work, wanted.sort)
    with _located(lambda path: _place(wanted, path)):
        found = _page(work, wanted, values, hits, now) if wanted.size else Found(work.engine.count(hits, now=now), ())
    with _located(lambda _: "/aggregations"):
        results = work.engine.aggregate(wanted.query, wanted.aggregations, now=now) if wanted.aggregations else {}
    entities = _entities(work, found.hits, results)
    shown = [(entity, hit) for hit in found.hits if (entity := entities.get(hit.ordinal)) is not None]
    return SearchAnswer(
        found.total,
        tuple(entity for entity, _ in shown),
        tuple(values.told(hit.after) for _, hit in shown),
        rendered(wanted.aggregations, results, lambda ordinal: _document(entities, ordinal)),
    )


def _hits(wanted: Search) -> Node:
    """Return the query for the assets: the one that is aggregated over, narrowed where that is wanted."""
    return wanted.query if wanted.post_filter is None else Bool(filter=(wanted.query, wanted.post_filter))


@contextmanager
def _located(place: Callable[[str], str]) -> Iterator[None]:
    """Say of a clause that cannot be asked where in the search it stands, not where in the query that was asked."""
    try:
        yield
    except InvalidInput as error:
        error.path = error.path and place(error.path)
        raise


def _place(wanted: Search, path: str) -> str:
    """Return the place of a clause in the search, of its place in what `_hits` made of it."""
    if wanted.post_filter is None:
        return f"/query{path}"
    part = "query" if path.startswith(FIRST) else "post_filter"
    return f"/{part}{path[len(FIRST) :]}"


def _page(work: Workspace, wanted: Search, values: "_Values", hits: Node, now: int) -> Found:
    after = None if wanted.after is None else values.asked(wanted.after)
    return work.engine.search(hits, Page(wanted.size, values.sorts, after, wanted.offset), now=now)


def _entities(work: Workspace, hits: Sequence[Hit], results: Results) -> dict[int, Entity]:
    """Read all entities that are shown at once; those that are gone since they were indexed are left out."""
    wanted = dict.fromkeys([*(hit.ordinal for hit in hits), *ordinals(results)])
    found = work.record.entities(list(wanted)) if wanted else []
    return {one.ordinal: one for one in found if one.status is not Status.PURGED}


def _document(entities: Mapping[int, Entity], ordinal: int) -> dict[str, Any] | None:
    entity = entities.get(ordinal)
    return None if entity is None else document(entity)


@dataclass(frozen=True, slots=True)
class _Values:
    """The keys of an order between client and engine: the client has its own, the engine those that order something.

    `places` are the positions of the latter among the former; the engine's values end with the ordinal.
    """

    count: int
    places: tuple[int, ...]
    sorts: tuple[Sort, ...]
    unique: bool

    @classmethod
    def of(cls, work: Workspace, sort: tuple[Sort, ...]) -> "_Values":
        fields = work.fields
        places = tuple(place for place, one in enumerate(sort) if fields.get(one.field) is not None)
        sorts = tuple(sort[place] for place in places)
        return cls(len(sort), places, sorts, any(one.field == UNIQUE for one in sorts))

    def told(self, after: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the client's values of a hit."""
        if len(self.sorts) == self.count:
            return after[: self.count] if self.unique else after
        by_place = dict(zip(self.places, after, strict=False))
        own = tuple(by_place.get(place) for place in range(self.count))
        return own if self.unique else (*own, after[-1])

    def asked(self, after: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the engine's values to go on from; without an ordinal, those that tie in all keys count as seen."""
        if not self.count <= len(after) <= self.count + 1:
            raise InvalidInput(
                f"`search_after` needs {self.count} values, got {len(after)}", hint="pass on the `sort` of the last hit"
            )
        ordinal = after[self.count] if len(after) > self.count else _LAST
        if isinstance(ordinal, bool) or not isinstance(ordinal, int) or not 0 <= ordinal <= _LAST:
            raise InvalidInput("`search_after` has no such value at its end", hint="pass on the `sort` of the last hit")
        return (*(after[place] for place in self.places), ordinal)
