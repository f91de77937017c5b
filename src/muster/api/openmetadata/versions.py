"""What changed from version to version (contract, section 6.4): said of two versions, and of decisions about assets."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from muster.api.openmetadata.around import NOTHING, Around, around
from muster.api.openmetadata.references import reference
from muster.api.openmetadata.rendering import FIELDS, version_of, whole
from muster.api.openmetadata.voice import Voice
from muster.catalog.entity import Entity
from muster.catalog.product import Selection
from muster.membership import Decision, Standing
from muster.service.domains import PRODUCT
from muster.service.save.rules.products import PORTS
from muster.service.workspace import Workspace

KNOWN: Final = frozenset(
    {
        *("id", "fullyQualifiedName", "version", "updatedAt", "updatedBy", "href", "followers", "votes", "domain"),
        *("children", "childrenCount", "extension"),
    }
)
"""What is not told as a change: it follows from others, or makes no version."""

Docs = list[dict[str, Any]]


def history(work: Workspace, entities: Sequence[Entity], voice: Voice) -> Docs:
    """Return the versions of one entity, given newest first, each with what it changed from the next one given.

    What the oldest one given changed is told only where it is the first of all.
    """
    near = around(work, entities, FIELDS[entities[0].key.type_name])
    docs = [whole(one, _then(near, one, _revisions(work, one)), voice) for one in entities]
    moved = [_moved(work, one, voice) for one in entities]
    for at in range(len(docs) - 1):
        docs[at]["changeDescription"] = _description(docs[at + 1], docs[at], moved[at + 1], moved[at], entities[at])
    return docs


def _revisions(work: Workspace, one: Entity) -> list[tuple[Selection, str, int]]:
    return work.record.revisions(one.guid) if one.key.type_name == PRODUCT else []


def _then(near: Around, one: Entity, revisions: Sequence[tuple[Selection, str, int]]) -> Around:
    """Return what was around an entity at a version: the selection that it had then."""
    selection = next((selection for selection, _, at in revisions if at <= one.updated_at), None)
    known = {} if selection is None or selection.wire == NOTHING else {one.guid: selection}
    return replace(near, selections=known)


def _moved(work: Workspace, one: Entity, voice: Voice) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the ports of a version, and the assets whose decisions it made or ended, as references by guid."""
    if one.key.type_name != PRODUCT:
        return {}
    standings = work.record.standings([one.guid]).get(one.guid, ())
    given = {entity.guid: entity for entity in work.record.entities(_about(standings, one.version), purged=True)}
    ports = {name: list(one.attributes.get(listed) or ()) for name, listed in PORTS.items()}
    found = {entity.guid: entity for entity in work.record.find([guid for some in ports.values() for guid in some], [])}
    near = around(work, [*given.values(), *found.values()], ())
    told = {guid: reference(entity, near.homes, voice) for guid, entity in {**found, **given}.items()}
    pinned = {s.ordinal for s in standings if s.version == one.version and s.decision is Decision.PIN}
    return {
        **{name: {guid: told.get(guid, {"id": guid}) for guid in guids} for name, guids in ports.items()},
        "in": {guid: told[guid] for guid, entity in given.items() if entity.ordinal in pinned},
        "out": {guid: told[guid] for guid, entity in given.items() if entity.ordinal not in pinned},
    }


def _about(standings: Sequence[Standing], version: int) -> list[int]:
    return sorted({s.ordinal for s in standings if version in {s.version, s.withdrawn_version}})


def _description(
    before: Mapping[str, Any], after: Mapping[str, Any], had: Mapping[str, Any], has: Mapping[str, Any], one: Entity
) -> dict[str, Any]:
    told: dict[str, list[dict[str, Any]]] = {"fieldsAdded": [], "fieldsUpdated": [], "fieldsDeleted": []}
    for kind, change in (*_changes(before, after), *_moves(had, has)):
        told[kind].append(change)
    return {**told, "previousVersion": version_of(one.version - 1)}


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    pairs = [
        (name, before.get(name), after.get(name)) for name in dict.fromkeys((*before, *after)) if name not in KNOWN
    ]
    free = [one.get("extension", {}) for one in (before, after)]
    pairs += [
        (f"extension.{name}", free[0].get(name), free[1].get(name)) for name in dict.fromkeys((*free[0], *free[1]))
    ]
    for name, old, new in pairs:
        if old != new:
            lists = isinstance(old, list) or isinstance(new, list)
            yield from _of_lists(name, old or [], new or []) if lists else _of_values(name, old, new)


def _of_values(name: str, old: Any, new: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if old in (None, ""):
        yield "fieldsAdded", {"name": name, "newValue": new}
    elif new in (None, ""):
        yield "fieldsDeleted", {"name": name, "oldValue": old}
    else:
        yield "fieldsUpdated", {"name": name, "oldValue": old, "newValue": new}


def _of_lists(name: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what came and what went, as JSON in a text."""
    if came := [one for one in new if one not in old]:
        yield "fieldsAdded", {"name": name, "newValue": json.dumps(came, ensure_ascii=False)}
    if went := [one for one in old if one not in new]:
        yield "fieldsDeleted", {"name": name, "oldValue": json.dumps(went, ensure_ascii=False)}


def _moves(had: Mapping[str, Any], has: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what became of ports and assets."""
    for name in PORTS:
        yield from _of_lists(name, list(had.get(name, {}).values()), list(has.get(name, {}).values()))
    yield from _of_lists("assets", list(has.get("out", {}).values()), list(has.get("in", {}).values()))
