"""Read entities with the relationships that both sides state, whole pages of them at a time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from muster.catalog.entity import Entity, Key, Status
from muster.catalog.schema import relation
from muster.errors import NotFound
from muster.service.domains import befriended
from muster.service.workspace import Workspace

TERM = "AtlasGlossaryTerm"
MEANINGS = "meanings"

MOST_RELATED = 1000
"""How many entities are read for one relationship of one entity, unless more are asked for."""

Related = Mapping[int, Mapping[str, Sequence[Entity]]]
"""By ordinal and name of the relationship, the entities at its other end."""


def entity(work: Workspace, guid: str) -> Entity:
    """Return the entity of a guid, ACTIVE or DELETED.

    Raises:
        NotFound: there is none.
    """
    found = work.record.find([guid], [])
    if not found:
        raise NotFound(f"there is no entity `{guid}`", hint="search for it by name, or take its guid from a search")
    return found[0]


def by_name(work: Workspace, type_name: str, qualified_name: str) -> Entity:
    """Return the entity of a type and qualified name, ACTIVE before DELETED; domains and products by friendly ones too.

    Raises:
        NotFound: there is none.
        Conflict: a friendly name means several.
    """
    key = Key(type_name, qualified_name)
    found = sorted(work.record.find([], [key]), key=lambda one: one.status is not Status.ACTIVE)
    friend = None if found else befriended(work, key)
    if not found and friend is None:
        raise NotFound(
            f"there is no {type_name} `{qualified_name}`",
            hint="search for it by name; a qualified name has every letter",
        )
    return friend or found[0]


@dataclass(frozen=True, slots=True)
class _End:
    """One relationship as found: whose it is, its name there, and what is at its other end."""

    ordinal: int
    name: str
    other: Entity


def related(
    work: Workspace,
    entities: Sequence[Entity],
    wanted: Mapping[str, Collection[str]] | None = None,
    *,
    limit: int = MOST_RELATED,
) -> Related:
    """Return the entities that are related to these, ACTIVE and DELETED ones, as either side states it.

    `wanted` names relationships by type; None: all. At most `limit` are returned of each, and one that holds a single
    entity gives one, an ACTIVE one before a DELETED one. What relates to nothing is left out. The record is asked three
    times, however many entities there are.
    """
    found: defaultdict[int, defaultdict[str, dict[int, Entity]]] = defaultdict(lambda: defaultdict(dict))
    for end in (*_stated(work, entities, wanted, limit), *_inverted(work, entities, wanted, limit)):
        found[end.ordinal][end.name].setdefault(end.other.ordinal, end.other)
    types = {one.ordinal: one.key.type_name for one in entities}
    return {
        ordinal: {name: _held(types[ordinal], name, list(others.values()), limit) for name, others in by_name.items()}
        for ordinal, by_name in found.items()
    }


def _held(type_name: str, name: str, others: list[Entity], limit: int) -> Sequence[Entity]:
    side = relation(type_name, name)
    if side is None or side.many:
        return others[:limit]
    return sorted(others, key=lambda one: one.status is not Status.ACTIVE)[:1]


def _wants(wanted: Mapping[str, Collection[str]] | None, type_name: str, name: str) -> bool:
    return wanted is None or name in wanted.get(type_name, ())


def _named(one: Entity) -> Iterator[tuple[str, Sequence[Key]]]:
    """Yield what an entity states itself; terms are kept apart from its relationships."""
    yield from one.relationships.items()
    if one.terms:
        yield MEANINGS, [Key(TERM, term) for term in one.terms]


def _stated(
    work: Workspace, entities: Iterable[Entity], wanted: Mapping[str, Collection[str]] | None, limit: int
) -> Iterator[_End]:
    stated = [
        (one.ordinal, name, key)
        for one in entities
        if one.relationships or one.terms
        for name, keys in _named(one)
        if _wants(wanted, one.key.type_name, name)
        for key in keys[:limit]
    ]
    keys = list({key for *_, key in stated})
    others = {other.key: other for other in work.record.find([], keys)} if keys else {}
    yield from (_End(ordinal, name, others[key]) for ordinal, name, key in stated if key in others)


def _inverted(
    work: Workspace, entities: Sequence[Entity], wanted: Mapping[str, Collection[str]] | None, limit: int
) -> Iterator[_End]:
    """Yield what others state of these entities, under the names that these have for it."""
    kinds = {one.key.type_name for one in entities}
    kinds = {kind for kind in kinds if wanted is None or _stated_names({kind}, wanted)}
    asked = {one.ordinal: one for one in entities if one.key.type_name in kinds}
    links = work.record.links(list(asked), limit=limit) if asked else []
    names = None if wanted is None else _stated_names(kinds, wanted)
    links = [link for link in links if names is None or link.name in names]
    others = {other.ordinal: other for other in work.record.entities(sorted({link.source for link in links}))}
    for link in links:
        other = others.get(link.source)
        side = None if other is None else relation(other.key.type_name, link.name)
        name = None if side is None else side.inverse
        if other and name and _wants(wanted, asked[link.target].key.type_name, name):
            yield _End(link.target, name, other)


def _stated_names(kinds: Iterable[str], wanted: Mapping[str, Collection[str]]) -> set[str]:
    """Return the names under which others state what is wanted."""
    sides = [relation(kind, name) for kind in kinds for name in wanted.get(kind, ())]
    return {side.inverse for side in sides if side and side.inverse and (not side.owner or side.inverse == side.name)}
