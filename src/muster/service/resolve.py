"""Run a stored selection: who belongs to a product, now or as last synced."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias, assert_never

from pyroaring import BitMap

from muster.catalog.entity import Entity
from muster.catalog.product import Product
from muster.errors import InvalidInput, NotFound
from muster.membership import Decision, Generation, Standing
from muster.membership import resolve as with_decisions
from muster.protocols import Page
from muster.query.nodes import Bool, Ids, MatchAll, Node
from muster.query.sorting import Sort
from muster.service import cursor as cursors
from muster.service.confirming import known_at
from muster.service.lag import wait
from muster.service.workspace import Workspace

PATIENCE: Final = 10.0
"""Seconds that an order waits for the index."""

MOST: Final = 10_000


class Source(StrEnum):
    """Where an answer came from."""

    LIVE = "live"
    STORED = "stored"


@dataclass(frozen=True, slots=True)
class Live:
    """Run the selection now."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Read the last generation: no engine is asked, unless for an order."""


@dataclass(frozen=True, slots=True)
class MaxAge:
    """Read the last generation when it is at most so many milliseconds old and of the current revision, else run."""

    milliseconds: int


Mode: TypeAlias = Live | Stored | MaxAge


@dataclass(frozen=True, slots=True)
class Provenance:
    """What an answer stands on: for a stored one its generation, run, revision and age in milliseconds."""

    source: Source
    revision: int
    stale_revision: bool = False
    generation: int | None = None
    run: int | None = None
    age: int | None = None


@dataclass(frozen=True, slots=True)
class MemberPage:
    """One page of members; `next` is None on the last, unless that is full: an empty one may follow it."""

    product: Product
    provenance: Provenance
    total: int
    members: tuple[Entity, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What part of a membership is wanted: where a cursor says, and so many members after that (`offset`)."""

    size: int = 100
    sort: tuple[Sort, ...] = ()
    cursor: str | None = None
    offset: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.size <= MOST:
            raise InvalidInput(f"a page holds 1 to {MOST:,} members, not {self.size:,}", hint="go on with the cursor")


def members_page(work: Workspace, ref: str, mode: Mode, request: PageRequest) -> MemberPage:
    """Return one page of a product's members with the exact total.

    Raises:
        NotFound: no such product, or `stored` before its first sync.
    """
    product, generation = _chosen(work, ref, mode)
    question = cursors.fingerprint(product.entity.guid, generation is None, request.sort)
    after = cursors.decode(question, request.cursor, len(request.sort)) if request.cursor else None
    total, ordinals, last = (
        _live_page(work, product, request, after)
        if generation is None
        else (len(generation.members), *page_of(work, generation.members, request, after))
    )
    ended = len(ordinals) < request.size or (after is None and request.offset + len(ordinals) >= total)
    following = None if last is None or ended else cursors.encode(question, last)
    return MemberPage(
        product, provenance(work, product, generation), total, tuple(work.record.entities(ordinals)), following
    )


def members(work: Workspace, ref: str, mode: Mode) -> tuple[Product, Provenance, BitMap]:
    """Return a product's whole membership as ordinals."""
    product, generation = _chosen(work, ref, mode)
    found = live_members(work, product) if generation is None else generation.members
    return product, provenance(work, product, generation), found


def live_members(work: Workspace, product: Product) -> BitMap:
    """Run a product's selection now, pins and exclusions counted."""
    now = work.clock()
    selected = work.engine.members(product.selection.node, now=now)
    return with_decisions(selected, standings(work, product), now)


def standings(work: Workspace, product: Product) -> tuple[Standing, ...]:
    """Return what stands by hand for a product now."""
    of_product = work.record.standings([product.entity.guid]).get(product.entity.guid, ())
    return tuple(standing for standing in of_product if standing.holds(work.clock()))


def tally(work: Workspace, found: BitMap, *, limit: int = 100) -> list[tuple[str, int]]:
    """Count a member set by type, most frequent first."""
    return [(str(value), count) for value, count in work.engine.tally(found, "__typeName.keyword", limit=limit)]


def stored_tally(work: Workspace, found: BitMap) -> list[tuple[str, int]]:
    """Count a member set by type as `tally` does, of the record: no engine is asked."""
    return sorted(work.record.types(found).items(), key=lambda counted: (-counted[1], counted[0]))


def provenance(work: Workspace, product: Product, generation: Generation | None) -> Provenance:
    """Say what an answer stands on."""
    if generation is None:
        return Provenance(Source.LIVE, product.selection.revision)
    return Provenance(
        Source.STORED,
        generation.revision,
        stale_revision=generation.revision != product.selection.revision,
        generation=generation.number,
        run=generation.run,
        age=max(0, work.clock() - known_at(work, product, generation)),
    )


def page_of(
    work: Workspace, found: BitMap, request: PageRequest, after: tuple[Any, ...] | None = None
) -> tuple[list[int], tuple[Any, ...] | None]:
    """Return one page of a set of assets, and the values to go on from; the engine is asked for an order only.

    Memberships may be ahead of the index: an order waits until it knows the same assets.

    Raises:
        EngineUnavailable: it does not within ten seconds.
    """
    if request.sort:
        wait(work, work.record.followed().position, PATIENCE)
        wanted = Page(request.size, request.sort, after, request.offset)
        page = work.engine.search(MatchAll(), wanted, now=work.clock(), within=found)
        return [hit.ordinal for hit in page.hits], page.hits[-1].after if page.hits else None
    start = request.offset + (0 if after is None else found.rank(after[0]))
    ordinals = list(found[start : start + request.size])
    return ordinals, (ordinals[-1],) if ordinals else None


def readable(work: Workspace, product: Product, last: Generation | None, mode: Mode) -> Generation | None:
    """Return the generation that a mode reads, given the last one; None means: run the selection now.

    Raises:
        NotFound: `stored` before the first sync.
    """
    match mode:
        case Live():
            return None
        case Stored() if last is None:
            raise NotFound(
                f"product `{product.entity.name}` has no stored membership yet",
                hint="run `muster sync`, or read it live",
            )
        case Stored():
            return last
        case MaxAge(milliseconds):
            if last is None or last.revision != product.selection.revision:
                return None
            return last if work.clock() - known_at(work, product, last) <= milliseconds else None
        case _:
            assert_never(mode)


def _chosen(work: Workspace, ref: str, mode: Mode) -> tuple[Product, Generation | None]:
    """Return the product and the generation to read; None means: run it now."""
    product = work.record.product(ref)
    last = None if isinstance(mode, Live) else work.record.generations([product.entity.guid]).get(product.entity.guid)
    return product, readable(work, product, last, mode)


def _live_page(
    work: Workspace, product: Product, request: PageRequest, after: tuple[Any, ...] | None
) -> tuple[int, list[int], tuple[Any, ...] | None]:
    query = _decided(work, product, product.selection.node)
    page = Page(request.size, request.sort, after, request.offset)
    found = work.engine.search(query, page, now=work.clock())
    return found.total, [hit.ordinal for hit in found.hits], found.hits[-1].after if found.hits else None


def _decided(work: Workspace, product: Product, query: Node) -> Node:
    """Write pins and exclusions into the query, so that the engine pages over what remains."""
    holding = standings(work, product)
    if not holding:
        return query
    pins = _guids(work, holding, Decision.PIN)
    exclusions = _guids(work, holding, Decision.EXCLUSION)
    included = Bool(should=(query, Ids(pins)), minimum_should_match=1)
    return Bool(filter=(included,), must_not=(Ids(exclusions),))


def _guids(work: Workspace, holding: tuple[Standing, ...], decision: Decision) -> tuple[str, ...]:
    ordinals = BitMap(standing.ordinal for standing in holding if standing.decision is decision)
    return tuple(work.record.guids(ordinals))
