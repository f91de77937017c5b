"""What would move if a tag, an owner or a schema were renamed or dropped: nothing is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyroaring import BitMap

from muster.batches import batches
from muster.catalog.entity import Entity, Status
from muster.catalog.product import Outline
from muster.errors import LimitExceeded
from muster.membership import Decision, Standing
from muster.service.holding import Answer, Apart, Meaning, apart, fields_asked, held, indexed, sources
from muster.service.project import project
from muster.service.supposing.worlds import MODIFIED, Document, Supposed, World, world_of
from muster.service.tags import tag_names
from muster.service.workspace import Workspace

MOST: Final = 100_000
"""Assets that one question may be about."""

TOLD: Final = 1_000
"""Products that are told of, at most."""

AT_ONCE: Final = 2_000
"""Assets that are looked at together."""

NAMED: Final = frozenset(("name", "schemaName"))
"""Fields by which documents are rewritten, whatever is asked for."""


@dataclass(frozen=True, slots=True)
class MovingProduct:
    """A product and who would join and leave it."""

    product: Entity
    joins: BitMap
    leaves: BitMap


@dataclass(frozen=True, slots=True)
class Supposition:
    """How many assets it is about, which products would move, most first, and of how many nobody can say."""

    affected: int
    moving: tuple[MovingProduct, ...]
    failed: int

    @property
    def told(self) -> tuple[MovingProduct, ...]:
        """Those that are told of."""
        return self.moving[:TOLD]


def suppose(work: Workspace, supposed: Supposed) -> Supposition:
    """Return what would move, by the documents of the assets that are affected as they are and as they would be.

    Selections that ask for nothing that changes are passed over. Pins and exclusions count before and after. Clauses whose
    terms only the index knows (`fuzzy`, an open phrase) hold what they hold today.

    Raises:
        NotFound, Conflict, InvalidInput: as `world_of`.
        LimitExceeded: more than `MOST` assets would be otherwise.
    """
    project(work)
    world = world_of(work, supposed)
    if len(world.affected) > MOST:
        raise LimitExceeded(
            f"{len(world.affected):,} assets would be otherwise; the limit is {MOST:,}", hint="suppose less at a time"
        )
    now = work.clock()
    before = Meaning(work.fields, tag_names(work.record), now)
    after = Meaning(work.fields, world.names, now)
    chosen = list(_chosen(work, world, before))
    joins, leaves, failed = _moves(work, world, chosen, before, after)
    moved = sorted(joins.keys() | leaves.keys(), key=lambda at: -len(joins[at]) - len(leaves[at]))
    known = {one.ordinal: one for one in work.record.entities(moved)}
    moving = (MovingProduct(known[at], joins[at], leaves[at]) for at in moved if at in known)
    return Supposition(len(world.affected), tuple(one for one in moving if one.joins or one.leaves), failed)


def _chosen(work: Workspace, world: World, meaning: Meaning) -> Iterator[tuple[Outline, Apart]]:
    """Yield the products whose selections ask for a field that changes."""
    for outline in work.record.outlines():
        one = apart(outline.wire)
        if isinstance(one, Apart) and (world.fields is None or world.fields & _sources([one], meaning)):
            yield outline, one


def _moves(
    work: Workspace, world: World, chosen: Sequence[tuple[Outline, Apart]], before: Meaning, after: Meaning
) -> tuple[dict[int, BitMap], dict[int, BitMap], int]:
    """Return who would join and leave, by the ordinals of products, and how many selections cannot be evaluated."""
    standings = _standings(work, [outline.guid for outline, _ in chosen], before.now)
    joins = {outline.ordinal: BitMap() for outline, _ in chosen}
    leaves = {outline.ordinal: BitMap() for outline, _ in chosen}
    failed, selections = set[int](), [one for _, one in chosen]
    asked = _sources(selections, before) | _sources(selections, after) | (world.fields or NAMED)
    for docs in _documents(work, world, asked) if chosen else ():
        among = BitMap(docs)
        then = _held(work, selections, docs, before)
        now = _held(work, selections, _rewritten(work, world, docs, after.now), after)
        for (outline, _), was, is_ in zip(chosen, then, now, strict=True):
            if isinstance(was, BitMap) and isinstance(is_, BitMap):
                pins, exclusions = standings.get(outline.guid, (BitMap(), BitMap()))
                left, came = (((one | pins) & among) - exclusions for one in (was, is_))
                joins[outline.ordinal] |= came - left
                leaves[outline.ordinal] |= left - came
            else:
                failed.add(outline.ordinal)
    return joins, leaves, len(failed)


def _sources(selections: Sequence[Apart], meaning: Meaning) -> frozenset[str]:
    """Return the attributes that selections ask for."""
    return sources(fields_asked(selections, meaning), meaning.fields)


Docs: TypeAlias = Mapping[int, Document]


def _documents(work: Workspace, world: World, asked: frozenset[str]) -> Iterator[Docs]:
    """Yield the affected assets by ordinal, each with what selections ask for of its document, and its guid."""
    fields = ["__ordinal", *sorted(asked - {"__ordinal", "qualifiedName"})]
    for some in work.record.rows(world.affected, fields, batch=AT_ONCE):
        docs = {}
        for guid, _, qualified_name, _, status, *values in some:
            said = {name: value for name, value in zip(fields, values, strict=True) if value is not None}
            if status != Status.PURGED:
                docs[said["__ordinal"]] = {**said, "qualifiedName": qualified_name, "__guid": guid}
        yield docs


def _rewritten(work: Workspace, world: World, docs: Docs, now: int) -> Docs:
    """Return the documents as they would be, changed now by who asks where they are changed at all."""
    stamp = {"__modificationTimestamp": now, "__modifiedBy": work.by}
    touched = stamp if world.fields is None or world.fields & MODIFIED else {}
    return {at: world.rewrite({**one, **touched}) for at, one in docs.items()}


def _held(work: Workspace, selections: Sequence[Apart], docs: Docs, meaning: Meaning) -> list[Answer]:
    assets = indexed(docs, fields_asked(selections, meaning), meaning.fields)
    return held(selections, assets, meaning, lambda leaves: work.engine.postings(leaves, now=meaning.now).sets)


def _standings(work: Workspace, guids: Sequence[str], now: int) -> dict[str, tuple[BitMap, BitMap]]:
    """Return the assets that are pinned and excluded now, by product."""
    found = {}
    for some in batches(guids, AT_ONCE):
        for guid, of_one in work.record.standings(some).items():
            found[guid] = (_decided(of_one, Decision.PIN, now), _decided(of_one, Decision.EXCLUSION, now))
    return found


def _decided(standings: Sequence[Standing], decision: Decision, now: int) -> BitMap:
    return BitMap(one.ordinal for one in standings if one.decision is decision and one.holds(now))
