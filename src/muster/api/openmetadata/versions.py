"""What changed from version to version (contract, section 6.4): said of two versions, and of decisions about assets."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from muster.api.openmetadata.around import NOTHING, Around, around
from muster.api.openmetadata.patching import same, written
from muster.api.openmetadata.references import reference
from muster.api.openmetadata.rendering import FIELDS, version_of, whole
from muster.api.openmetadata.voice import Voice
from muster.catalog.entity import Entity, Key
from muster.catalog.product import Selection
from muster.membership import Decision, Standing
from muster.service.domains import DOMAIN, PRODUCT
from muster.service.dotted import BEGIN, homes_of
from muster.service.mesh import PARENT
from muster.service.save.rules.products import PORTS
from muster.service.workspace import Workspace

KNOWN: Final = frozenset(
    {
        *("id", "fullyQualifiedName", "version", "updatedAt", "updatedBy", "href", "followers", "votes", "domain"),
        *("children", "childrenCount", "extension"),
    }
)
"""What is not told as a change: it follows from others, or makes no version."""

WAYS: Final = ("in", "out")
"""Where a decision puts an asset."""

Docs = list[dict[str, Any]]
Moved = Mapping[str, Mapping[str, dict[str, Any]]]
"""The ports of a version by the name of their list, and the assets that its decisions put `in` or `out`, by guid."""


def history(work: Workspace, entities: Sequence[Entity], voice: Voice) -> Docs:
    """Return the versions of one entity, given newest first, each with what it changed from the next one given.

    What the oldest one given changed is told only where it is the first of all.
    """
    placed = _placed(work, entities)
    is_product = entities[0].key.type_name == PRODUCT
    near = around(work, placed, FIELDS[entities[0].key.type_name] - {"extension"})
    revisions = work.record.revisions(entities[0].guid) if is_product else []
    moved: Sequence[Moved] = _moved(work, entities, voice) if is_product else [{}] * len(entities)
    docs = [whole(one, _then(near, one, revisions), voice) for one in placed]
    for at in range(len(docs) - 1):
        docs[at]["changeDescription"] = _description(docs[at + 1], docs[at], moved[at + 1], moved[at], entities[at])
    return docs


def _placed(work: Workspace, entities: Sequence[Entity]) -> list[Entity]:
    """Return versions under the names that they had, by which their domains are known, where those still have theirs."""
    then = [_named_then(one) for one in entities]
    known = homes_of(work, then).known
    return [
        one if (above := old.attributes.get(PARENT)) and Key(DOMAIN, str(above)) not in known else old
        for one, old in zip(entities, then, strict=True)
    ]


def _named_then(one: Entity) -> Entity:
    above, own = one.attributes.get(PARENT), one.key.qualified_name.removesuffix("/super").rsplit("/", 1)[-1]
    if one.key.type_name == PRODUCT:
        return replace(one, key=Key(PRODUCT, f"{above}/product/{own}")) if above else one
    name = f"{above}/domain/{own}" if above else f"{BEGIN}{own}/super"
    return replace(one, key=Key(DOMAIN, name))


def _then(near: Around, one: Entity, revisions: Sequence[tuple[Selection, str, int]]) -> Around:
    """Return what was around an entity at a version: the selection that it had then."""
    selection = next((selection for selection, _, at in revisions if at <= one.updated_at), None)
    known = {} if selection is None or selection.wire == NOTHING else {one.guid: selection}
    return replace(near, selections=known)


def _moved(work: Workspace, versions: Sequence[Entity], voice: Voice) -> list[Moved]:
    """Return what moved at each version of a product; the record is asked as often, however many there are."""
    decided = _decided(work.record.standings([versions[0].guid]).get(versions[0].guid, ()))
    effects = [decided.get(one.version, {}) for one in versions]
    assets = work.record.entities(sorted({ordinal for some in effects for ordinal in some}), purged=True)
    ports = [{name: list(one.attributes.get(listed) or ()) for name, listed in PORTS.items()} for one in versions]
    guids = list(dict.fromkeys(guid for lists in ports for some in lists.values() for guid in some))
    found = [*work.record.find(guids, []), *assets]
    near = around(work, found, ())
    told = {guid: {"id": guid} for guid in guids} | {one.guid: reference(one, near.homes, voice) for one in found}
    of = {one.ordinal: one.guid for one in assets}
    return [
        {name: {guid: told[guid] for guid in some} for name, some in lists.items()}
        | {
            name: {of[o]: told[of[o]] for o, is_in in some.items() if is_in is (name == "in") and o in of}
            for name in WAYS
        }
        for lists, some in zip(ports, effects, strict=True)
    ]


def _decided(standings: Sequence[Standing]) -> Mapping[int, Mapping[int, bool]]:
    """Return by version of a product which assets its decisions put in, or out: one that only ends undoes what it did."""
    effects: defaultdict[int, dict[int, bool]] = defaultdict(dict)
    for one in standings:
        if one.withdrawn_version is not None:
            effects[one.withdrawn_version].setdefault(one.ordinal, one.decision is Decision.EXCLUSION)
    for one in standings:
        effects[one.version][one.ordinal] = one.decision is Decision.PIN
    return effects


def _description(
    before: Mapping[str, Any], after: Mapping[str, Any], had: Moved, has: Moved, one: Entity
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
        if not same(old, new):
            lists = {type(one) for one in (old, new) if one is not None} == {list}
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
    before, after = ({written(one): one for one in some} for some in (old, new))
    if came := [one for text, one in after.items() if text not in before]:
        yield "fieldsAdded", {"name": name, "newValue": json.dumps(came, ensure_ascii=False)}
    if went := [one for text, one in before.items() if text not in after]:
        yield "fieldsDeleted", {"name": name, "oldValue": json.dumps(went, ensure_ascii=False)}


def _moves(had: Moved, has: Moved) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what became of ports and assets."""
    for name in PORTS:
        yield from _of_lists(name, list(had.get(name, {}).values()), list(has.get(name, {}).values()))
    yield from _of_lists("assets", list(has.get("out", {}).values()), list(has.get("in", {}).values()))
