"""From the JSON of entities, as Atlan's clients send it, to commands; nothing is asked but the type system."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from muster.api.atlan.references import related, relationships
from muster.api.pointing import a_list, a_text, an_object, needed, step
from muster.catalog.entity import Status
from muster.catalog.schema import relation
from muster.errors import InvalidInput, LimitExceeded
from muster.service.save.commands import Attachment, Command, CustomChange, Relating, TagChange

USUAL: Mapping[str, Any] = {
    "propagate": False,
    "removePropagationsOnEntityDelete": True,
    "restrictPropagationThroughLineage": False,
    "restrictPropagationThroughHierarchy": False,
}
"""How a tag is attached unless someone says otherwise."""

SETTINGS = frozenset({*USUAL, "validityPeriods", "attributes"})
"""What is kept of a classification beside its `typeName`; the rest is told by the entity itself."""

STATUSES = {"ACTIVE": Status.ACTIVE, "DELETED": None, None: None}
"""What a status asks for: entities are archived by deleting them only, so an archived one that comes back as it was read asks for nothing."""


MOST = 10_000
"""Entities of one request."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What a request says of tags and custom metadata in its query, in the words of all releases of all clients.

    Tags: `replaces_tags` makes those of the body all there are, `appends_tags` adds and removes those said so; neither
    leaves them alone. Custom metadata: `overwrites` makes what the body says all there is, `merges` alone keeps what it
    leaves out.
    """

    replaces_tags: bool = False
    appends_tags: bool = False
    merges: bool = False
    overwrites: bool = False


def read_entities(body: Any, intent: Intent) -> tuple[Command, ...]:
    """Return what `{"entities": [...]}` wants.

    Raises:
        InvalidInput: it cannot be read; `path` points into the body.
        LimitExceeded: it has too many.
    """
    said = an_object(body, "")
    if said.get("entities") is None:
        raise InvalidInput("the body has no `entities`", path="", hint='send `{"entities": [...]}`')
    entities = list(a_list(said["entities"], "/entities"))
    if len(entities) > MOST:
        message = f"{len(entities):,} entities; a request has at most {MOST:,}"
        raise LimitExceeded(message, path="/entities", hint="send them in parts")
    return tuple(read_entity(one, intent, path) for path, one in entities)


def read_entity(entity: Any, intent: Intent, path: str) -> Command:
    """Return what the JSON of one entity wants.

    Of the header only what a client may decide is read; whatever else a client read before and sends along (times,
    authors, `displayText`) is the record's to say.

    Raises:
        InvalidInput: it cannot be read.
    """
    said = an_object(entity, path)
    type_name = needed(a_text(said.get("typeName"), step(path, "typeName")), step(path, "typeName"))
    attributes = {**_under(said, "attributes", path), **_under(said, "relationshipAttributes", path)}
    relating = {name for name in attributes if relation(type_name, name)}
    return Command(
        type_name=type_name,
        guid=a_text(said.get("guid"), step(path, "guid")),
        qualified_name=_qualified_name(said, path),
        attributes={name: value for name, value in attributes.items() if name not in relating | {"qualifiedName"}}
        | dict(_free(said, path)),
        relating=_relating(said, type_name, {name: attributes[name] for name in relating}, path),
        tags=_tag_change(said, intent, path),
        tags_when_new=attachments(said.get("classifications"), step(path, "classifications")),
        custom=_custom_change(said, intent, path),
        custom_when_new=custom_values(said.get("businessAttributes"), step(path, "businessAttributes")),
        status=_status(said.get("status"), step(path, "status")),
        path=path,
    )


def attachments(value: Any, path: str) -> tuple[Attachment, ...]:
    """Return the tags of a list of classifications.

    Raises:
        InvalidInput: it is none.
    """
    return tuple(_attachment(an_object(one, at), at) for at, one in a_list(value, path))


def custom_values(value: Any, path: str) -> Mapping[str, Mapping[str, Any]]:
    """Return custom metadata by set and attribute.

    Raises:
        InvalidInput: it is no object of objects.
    """
    sets = an_object(value, path)
    return {name: dict(an_object(one, step(path, name))) for name, one in sets.items()}


def _under(said: Mapping[str, Any], name: str, path: str) -> Mapping[str, Any]:
    return an_object(said.get(name), step(path, name))


def _qualified_name(said: Mapping[str, Any], path: str) -> str | None:
    """Return the qualified name, which stands among the attributes, or with the unique ones."""
    for place in ("attributes", "uniqueAttributes"):
        if name := a_text(_under(said, place, path).get("qualifiedName"), f"{path}/{place}/qualifiedName"):
            return name
    return None


def _free(said: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """Yield labels and free properties, which are kept as attributes under the names that searches know."""
    if said.get("labels") is not None:
        at = step(path, "labels")
        yield "__labels", [needed(a_text(one, where), where) for where, one in a_list(said["labels"], at)]
    if said.get("customAttributes") is not None:
        free = an_object(said["customAttributes"], step(path, "customAttributes"))
        yield "__customAttributes", json.dumps(free, ensure_ascii=False) if free else None


def _relating(said: Mapping[str, Any], type_name: str, stated: Mapping[str, Any], path: str) -> Relating:
    """Return what becomes of the relationships; where in the body they stand is for errors."""
    beside = _under(said, "relationshipAttributes", path)
    places = {name: "relationshipAttributes" if name in beside else "attributes" for name in stated}
    return Relating(
        set_={
            name: related(type_name, name, value, f"{step(path, places[name])}/{name}")
            for name, value in stated.items()
        },
        added=relationships(said, "appendRelationshipAttributes", type_name, path),
        removed=relationships(said, "removeRelationshipAttributes", type_name, path),
    )


def _tag_change(said: Mapping[str, Any], intent: Intent, path: str) -> TagChange:
    """Return what becomes of the tags of an entity that is there."""
    all_, put, removed = (
        attachments(said.get(name), step(path, name))
        for name in ("classifications", "addOrUpdateClassifications", "removeClassifications")
    )
    return TagChange(
        all_=all_ if intent.replaces_tags else None,
        put=put if intent.appends_tags else (),
        removed=tuple(one.tag for one in removed) if intent.appends_tags else (),
    )


def _attachment(said: Mapping[str, Any], path: str) -> Attachment:
    """Return one tag; settings that are as usual are not worth keeping."""
    tag = needed(a_text(said.get("typeName"), step(path, "typeName")), step(path, "typeName"))
    settings = {name: said[name] for name in said if name in SETTINGS and said[name] not in (None, [], {})}
    return Attachment(tag, {name: value for name, value in settings.items() if USUAL.get(name) != value})


def _custom_change(said: Mapping[str, Any], intent: Intent, path: str) -> CustomChange:
    """Return what becomes of custom metadata: null says nothing, whatever the query says; an empty object does."""
    if said.get("businessAttributes") is None or not (intent.merges or intent.overwrites):
        return CustomChange()
    values = custom_values(said["businessAttributes"], step(path, "businessAttributes"))
    return CustomChange(values, replaces=intent.overwrites)


def _status(value: Any, path: str) -> Status | None:
    if (value is not None and not isinstance(value, str)) or value not in STATUSES:
        raise InvalidInput("`status` is neither ACTIVE nor DELETED", path=path)
    return STATUSES[value]
