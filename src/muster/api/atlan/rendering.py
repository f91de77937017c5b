"""From entities to the JSON that Atlan's clients parse, which is stricter than it looks: see the tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from muster.api.atlan.projection import Projection
from muster.api.atlan.reading import USUAL
from muster.api.atlan.sound import sound, state
from muster.catalog.entity import Entity, Status
from muster.catalog.schema import relations

MEANINGS = "meanings"
HANDLERS = {Status.DELETED: "SOFT", Status.PURGED: "PURGE"}
"""How an entity went, as clients name it, where the request did not say."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is around a page of entities: the related ones, by ordinal and relationship, terms as `meanings`.

    `sets` is the set of each custom metadata attribute, both by internal name.
    """

    related: Mapping[int, Mapping[str, Sequence[Entity]]] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)


def render(entity: Entity, around: Around, projection: Projection) -> dict[str, Any]:
    """Return the JSON of one entity. Nothing in it is null, and what was never said is left out."""
    shown = {
        "typeName": entity.key.type_name,
        "guid": entity.guid,
        "status": state(entity),
        "displayText": entity.name,
        "createdBy": entity.created_by,
        "updatedBy": entity.updated_by,
        "createTime": entity.created_at,
        "updateTime": entity.updated_at,
        "isIncomplete": False,
        "attributes": _attributes(entity, around, projection),
        "labels": entity.attributes.get("__labels") or [],
    }
    if projection.classification_names:
        shown["classificationNames"] = list(entity.tags)
    if projection.classifications:
        shown["classifications"] = [_classification(entity, tag) for tag in entity.tags]
    if projection.meanings:
        shown |= _meanings(entity, around)
    if entity.status is not Status.ACTIVE:
        shown["deleteHandler"] = HANDLERS[entity.status]
    if told := _by_set(entity, around, projection.attributes):
        shown["businessAttributes"] = told
    return shown if projection.attributes is not None else shown | _whole(entity, around, projection)


def reference(entity: Entity, attributes: Sequence[str] = ()) -> dict[str, Any]:
    """Return the JSON that names an entity among the relationships of another, with attributes of it."""
    shown: dict[str, Any] = {
        "typeName": entity.key.type_name,
        "guid": entity.guid,
        "entityStatus": state(entity),
        "displayText": entity.name,
        "relationshipStatus": state(entity),
        "uniqueAttributes": {"qualifiedName": entity.key.qualified_name},
    }
    if attributes:
        known = {**sound(entity), "qualifiedName": entity.key.qualified_name}
        shown["attributes"] = {name: known[name] for name in attributes if name in known}
    return shown


def _attributes(entity: Entity, around: Around, projection: Projection) -> dict[str, Any]:
    """Return what stands under `attributes`."""
    wanted = projection.attributes
    shown = sound(entity, wanted)
    shown["qualifiedName"] = entity.key.qualified_name
    if wanted is None:
        return shown
    shown |= {name: tell(entity) for name, tell in projection.internal.items()}
    for name, value in _custom(entity, around):
        if value is not None and name in wanted:
            shown[name] = value
    if names := projection.relations_of(entity.key.type_name):
        named = _related(entity, around.related.get(entity.ordinal, {}), names, projection)
        shown |= {name: refs for name, refs in named.items() if refs is not None}
    return shown


def _custom(entity: Entity, around: Around) -> list[tuple[str, Any]]:
    """Return custom metadata under the two names by which it can be asked for."""
    alone = list(entity.custom.items())
    return alone + [(f"{around.sets[name]}.{name}", value) for name, value in alone if name in around.sets]


def _related(
    entity: Entity, there: Mapping[str, Sequence[Entity]], names: Sequence[str], projection: Projection
) -> dict[str, Any]:
    """Return relationships by name: a list where there may be many, else one or null."""
    known = relations(entity.key.type_name)
    shown: dict[str, Any] = {}
    for name in names:
        some = [one for one in there.get(name, ()) if projection.archived or one.status is Status.ACTIVE]
        refs = [reference(one, projection.related) for one in some]
        shown[name] = refs if known[name].many else refs[0] if refs else None
    return shown


def _whole(entity: Entity, around: Around, projection: Projection) -> dict[str, Any]:
    """Return what only those see who want everything: free properties, relationships."""
    shown: dict[str, Any] = {}
    if free := _free(entity.attributes.get("__customAttributes")):
        shown["customAttributes"] = free
    if projection.relationships:
        there, names = around.related.get(entity.ordinal, {}), projection.relations_of(entity.key.type_name)
        shown["relationshipAttributes"] = _related(entity, there, names, projection)
    return shown


def _by_set(entity: Entity, around: Around, names: frozenset[str] | None) -> dict[str, dict[str, Any]]:
    """Return custom metadata by set, all or what is asked for alone; what no set has any more is of no use to clients.

    pyatlan reads an attribute that it asks for alone, without its set, from nowhere else.
    """
    shown: dict[str, dict[str, Any]] = {}
    for name, value in entity.custom.items():
        if value is not None and name in around.sets and (names is None or name in names):
            shown.setdefault(around.sets[name], {})[name] = value
    return shown


def _free(text: Any) -> dict[str, Any]:
    """Return free properties from the text that they are kept as."""
    try:
        read = orjson.loads(text) if isinstance(text, str) else None
    except orjson.JSONDecodeError:
        return {}
    return read if isinstance(read, dict) else {}


def _classification(entity: Entity, tag: str) -> dict[str, Any]:
    """Return one tag; clients refuse any key beside these, and null for most of them."""
    usual = {"typeName": tag, "entityGuid": entity.guid, "entityStatus": state(entity), **USUAL}
    return {**usual, **entity.attachments.get(tag, {})}


def _meanings(entity: Entity, around: Around) -> dict[str, Any]:
    """Return the terms of an entity, as names and as what can be followed."""
    there = around.related.get(entity.ordinal, {}).get(MEANINGS, ())
    terms = [term for term in there if term.status is Status.ACTIVE]
    return {
        "meaningNames": [term.name for term in terms],
        "meanings": [{"termGuid": term.guid, "displayText": term.name} for term in terms],
    }
