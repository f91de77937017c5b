"""A page of entities with what is around them: a few reads for all of them, however many they are."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from muster.api.atlan.projection import Projection
from muster.api.atlan.rendering import MEANINGS, Around, render
from muster.catalog.entity import Entity
from muster.catalog.typedef import Category
from muster.service.entities import related
from muster.service.workspace import Workspace

MOST_WAYS = 2
"""In how many ways the JSON of an entity is kept: as many as its room in memory is counted with."""


def headers(work: Workspace, entities: Sequence[Entity], projection: Projection) -> list[dict[str, Any]]:
    """Return the JSON of entities, in their order."""
    around = _around(work, entities, projection)
    return [render(entity, around, projection) for entity in entities]


def written(work: Workspace, entities: Sequence[Entity], projection: Projection) -> list[orjson.Fragment]:
    """Return the JSON of entities as `headers` does, as text: what follows from an entity alone is written once."""
    around = _around(work, entities, projection)
    return [_written(entity, around, projection) for entity in entities]


def _written(entity: Entity, around: Around, projection: Projection) -> orjson.Fragment:
    if not projection.name or entity.custom or entity.ordinal in around.related:
        return orjson.Fragment(orjson.dumps(render(entity, around, projection)))
    text = entity.told.get(projection.name)
    if text is None:
        text = orjson.Fragment(orjson.dumps(render(entity, around, projection)))
        if len(entity.told) >= MOST_WAYS:
            entity.told.clear()
        entity.told[projection.name] = text
    return text


def _around(work: Workspace, entities: Sequence[Entity], projection: Projection) -> Around:
    """Read what the projection tells of the surroundings, and no more."""
    terms = {MEANINGS} if projection.meanings and any(entity.terms for entity in entities) else set()
    types = {entity.key.type_name for entity in entities}
    wanted = {name: terms.union(projection.relations_of(name)) for name in types}
    there = related(work, entities, wanted) if any(wanted.values()) else {}
    return Around(there, _sets(work, entities))


def _sets(work: Workspace, entities: Iterable[Entity]) -> dict[str, str]:
    """Return the set of each custom metadata attribute, by internal names; nothing where no entity has any."""
    if not any(entity.custom for entity in entities):
        return {}
    sets = [one for one in work.record.typedefs().by_name.values() if one.category is Category.BUSINESS_METADATA]
    return {attribute["name"]: one.name for one in sets for attribute in one.body.get("attributeDefs") or ()}
