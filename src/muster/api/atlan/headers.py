"""A page of entities with what is around them: a few reads for all of them, however many they are."""

from collections.abc import Iterable, Sequence
from typing import Any

from muster.api.atlan.projection import Projection
from muster.api.atlan.rendering import MEANINGS, Around, render
from muster.catalog.entity import Entity
from muster.catalog.typedef import Category
from muster.service.entities import related
from muster.service.workspace import Workspace


def headers(work: Workspace, entities: Sequence[Entity], projection: Projection) -> list[dict[str, Any]]:
    """Return the JSON of entities, in their order."""
    around = _around(work, entities, projection)
    return [render(entity, around, projection) for entity in entities]


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
