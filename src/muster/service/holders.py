"""Which products hold an asset, and why: a selection, or a pin."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pyroaring import BitMap

from muster.batches import batches
from muster.catalog.document import document
from muster.catalog.entity import Entity
from muster.catalog.product import Outline
from muster.errors import InvalidInput
from muster.indexing import Indexer
from muster.membership import Decision, Standing
from muster.query.aggregations.nodes import ByQueries
from muster.query.aggregations.results import Buckets
from muster.query.nodes import Ids, Leaf
from muster.service import cursor as cursors
from muster.service.holding import Answer, Meaning, apart, held
from muster.service.project import project
from muster.service.tags import tag_names
from muster.service.workspace import Workspace

MOST = 1_000
"""Products on a page: whether their stored membership has the asset is read for each of them."""

AT_ONCE = 100
"""Stored memberships that are in memory at a time."""

OPEN_AT_ONCE = 1_000
"""Clauses that the index is asked in one question."""


class Ground(StrEnum):
    """Why a product holds an asset, or, by an exclusion, does not."""

    SELECTION = "selection"
    PIN = "pin"
    EXCLUSION = "exclusion"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part is wanted: a page of `size` products, those that exclude the asset too when `all`."""

    size: int = 100
    cursor: str | None = None
    all: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.size <= MOST:
            raise InvalidInput(f"a page holds 1 to {MOST:,} products, not {self.size:,}", hint="go on with the cursor")


@dataclass(frozen=True, slots=True)
class Holder:
    """One product and what it makes of the asset.

    `standing` is the pin or exclusion that counts now, if any. `stored` says whether the last generation has the asset,
    None before the first sync.
    """

    product: Entity
    revision: int
    because: Ground
    standing: Standing | None
    stored: bool | None


@dataclass(frozen=True, slots=True)
class Failing:
    """A product whose selection cannot be evaluated, and why; pins and exclusions count whatever it says."""

    product: Entity
    reason: InvalidInput


@dataclass(frozen=True, slots=True)
class Holders:
    """One page of the products that hold an asset, in order of name, and of those of which nobody can say.

    `failing` are the first `Wanted.size` of the latter, `failed` is how many there are. `next` is None on the last page.
    """

    asset: Entity
    total: int
    holders: tuple[Holder, ...]
    failed: int
    failing: tuple[Failing, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Verdict:
    """A product that is on the list."""

    outline: Outline
    because: Ground
    standing: Standing | None


def holders(work: Workspace, ref: str, wanted: Wanted) -> Holders:
    """Return one page of the products that hold an asset now, from the record's own truth about all of them.

    Raises:
        NotFound: the asset is not there.
        EngineUnavailable: the index cannot be asked which fields there are.
    """
    asset, outlines = work.record.entity(ref), list(work.record.outlines())
    standings = _standings(work, asset)
    answers = _answers(work, asset, outlines)
    found = [one for one in _verdicts(outlines, answers, standings) if wanted.all or one.because in _IN]
    failed = [(one, answer) for one, answer in zip(outlines, answers, strict=True) if isinstance(answer, InvalidInput)]
    start, following = _place(asset, wanted, found)
    page, failing = found[start : start + wanted.size], failed[: wanted.size]
    shown = _entities(work, [one.outline.ordinal for one in page] + [one.ordinal for one, _ in failing])
    return Holders(
        asset,
        len(found),
        tuple(_holders(work, asset, page, shown)),
        len(failed),
        tuple(Failing(shown[one.ordinal], reason) for one, reason in failing if one.ordinal in shown),
        following,
    )


_IN = frozenset({Ground.SELECTION, Ground.PIN})


def _answers(work: Workspace, asset: Entity, outlines: Sequence[Outline]) -> list[Answer]:
    """Ask every selection of the asset; the index says what only it knows."""
    project(work)
    fields, now = work.fields, work.clock()
    indexed = Indexer(fields).index(asset.guid, document(asset))
    meaning = Meaning(fields, tag_names(work.record), now)
    asked = [apart(one.wire) for one in outlines]
    return held(asked, {asset.ordinal: indexed}, meaning, lambda open_: _found(work, asset, open_, now))


def _found(work: Workspace, asset: Entity, leaves: Sequence[Leaf], now: int) -> list[Answer]:
    """Ask the index for one asset, many clauses in a question; each by itself where one of them spoils it."""
    answers: list[Answer] = []
    for some in batches(leaves, OPEN_AT_ONCE):
        try:
            answers += _counted(work, asset, some, now)
        except InvalidInput:
            answers += [_alone(work, asset, leaf, now) for leaf in some]
    return answers


def _counted(work: Workspace, asset: Entity, leaves: Sequence[Leaf], now: int) -> list[BitMap]:
    asked = ByQueries(tuple(leaves), None)
    found = work.engine.aggregate(Ids((asset.guid,)), {"open": asked}, now=now)["open"]
    buckets = found.buckets if isinstance(found, Buckets) else ()
    return [BitMap([asset.ordinal] if bucket.count else []) for bucket in buckets]


def _alone(work: Workspace, asset: Entity, leaf: Leaf, now: int) -> Answer:
    try:
        return _counted(work, asset, [leaf], now)[0]
    except InvalidInput as error:
        return error


def _standings(work: Workspace, asset: Entity) -> dict[str, Standing]:
    """Return the pin or exclusion of the asset that counts now, by product."""
    now, about = work.clock(), work.record.standings_about([asset.ordinal])
    return {guid: one for guid, several in about.items() for one in several if one.holds(now)}


def _verdicts(
    outlines: Sequence[Outline], answers: Sequence[Answer], standings: Mapping[str, Standing]
) -> Iterator[_Verdict]:
    for outline, answer in zip(outlines, answers, strict=True):
        standing = standings.get(outline.guid)
        because = _because(answer, standing)
        if because is not None:
            yield _Verdict(outline, because, standing)


def _because(answer: Answer, standing: Standing | None) -> Ground | None:
    if standing is not None and standing.decision is Decision.EXCLUSION:
        return Ground.EXCLUSION
    if isinstance(answer, BitMap) and answer:
        return Ground.SELECTION
    return None if standing is None else Ground.PIN


def _place(asset: Entity, wanted: Wanted, found: Sequence[_Verdict]) -> tuple[int, str | None]:
    """Return where the page begins, and the cursor of the one that follows."""
    question = cursors.fingerprint(asset.guid, wanted.all)
    start = 0 if wanted.cursor is None else _after(cursors.decode(question, wanted.cursor, 1), found)
    end = start + wanted.size
    return start, cursors.encode(question, _key(found[end - 1])) if end < len(found) else None


def _after(last: tuple[Any, ...], found: Sequence[_Verdict]) -> int:
    """Return the place of the first product after the one that a page ended with."""
    name, ordinal = last
    if not isinstance(name, str):
        raise InvalidInput("that is not a cursor", hint=cursors.UNCHANGED)
    return bisect_right(found, (name, ordinal), key=_key)


def _key(one: _Verdict) -> tuple[str, int]:
    return one.outline.name, one.outline.ordinal


def _entities(work: Workspace, ordinals: Sequence[int]) -> dict[int, Entity]:
    return {one.ordinal: one for one in work.record.entities(list(dict.fromkeys(ordinals)))}


def _holders(work: Workspace, asset: Entity, page: Sequence[_Verdict], shown: Mapping[int, Entity]) -> Iterator[Holder]:
    """Yield what is told of a page; a product that is gone since it was asked is left out."""
    for some in batches(page, AT_ONCE):
        generations = work.record.generations([one.outline.guid for one in some])
        for one in some:
            last = generations.get(one.outline.guid)
            stored = None if last is None else asset.ordinal in last.members
            if one.outline.ordinal in shown:
                product = shown[one.outline.ordinal]
                yield Holder(product, one.outline.revision, one.because, one.standing, stored)
