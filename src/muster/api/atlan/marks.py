"""Tags and custom metadata of one entity, by the paths that are about nothing else; all answer nothing."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from muster.api.access import Caller
from muster.api.atlan.entities import QualifiedName
from muster.api.atlan.reading import attachments, custom_values
from muster.api.atlan.shapes import Json, Tag
from muster.api.atlan.web import answers, entity_named
from muster.api.pointing import decode
from muster.api.web import Body, Editor, RequestName, body_of, done
from muster.catalog.entity import Entity
from muster.service.entities import entity
from muster.service.save.commands import Command, CustomChange, TagChange
from muster.service.save.saving import save

router = APIRouter(prefix="/api/meta/entity", tags=["entities"])

DONE = answers()
BY_GUID, BY_NAME = "/guid/{guid}", "/uniqueAttribute/type/{type_name}"

Overwrites = Annotated[bool, Query(alias="isOverwrite", description="What the body leaves out is taken away.")]

TAGS = body_of(list[Tag])
SETS = body_of(dict[str, Json])
VALUES = body_of(Json)


@router.post(BY_GUID + "/businessmetadata", status_code=204, responses=DONE, openapi_extra=SETS)
def set_custom_metadata(
    caller: Editor, guid: str, body: Body, request: RequestName, *, overwrites: Overwrites = False
) -> Response:
    """Set custom metadata by set and attribute; null clears."""
    change = CustomChange(custom_values(decode(body), ""), replaces=overwrites)
    return _change(caller, entity(caller.work, guid), request, custom=change)


@router.post(BY_GUID + "/businessmetadata/{name}", status_code=204, responses=DONE, openapi_extra=VALUES)
def set_custom_metadata_of_set(caller: Editor, guid: str, name: str, body: Body, request: RequestName) -> Response:
    """Set custom metadata of one set by attribute; null clears."""
    change = CustomChange(custom_values({name: decode(body)}, ""))
    return _change(caller, entity(caller.work, guid), request, custom=change)


@router.post(BY_GUID + "/classifications", status_code=204, responses=DONE, openapi_extra=TAGS)
@router.put(BY_GUID + "/classifications", status_code=204, responses=DONE, openapi_extra=TAGS)
def put_tags(caller: Editor, guid: str, body: Body, request: RequestName) -> Response:
    """Attach tags; those attached already are attached as is said now."""
    return _change(caller, entity(caller.work, guid), request, tags=TagChange(put=attachments(decode(body), "")))


@router.delete(BY_GUID + "/classification/{tag}", status_code=204, responses=DONE)
def remove_tag(caller: Editor, guid: str, tag: str, request: RequestName) -> Response:
    """Take a tag away, by its internal name."""
    return _change(caller, entity(caller.work, guid), request, tags=TagChange(removed=(tag,)))


@router.post(BY_NAME + "/classifications", status_code=204, responses=DONE, openapi_extra=TAGS)
@router.put(BY_NAME + "/classifications", status_code=204, responses=DONE, openapi_extra=TAGS)
def put_tags_by_name(caller: Editor, type_name: str, name: QualifiedName, body: Body, request: RequestName) -> Response:
    """Attach tags; those attached already are attached as is said now."""
    change = TagChange(put=attachments(decode(body), ""))
    return _change(caller, entity_named(caller.work, type_name, name), request, tags=change)


@router.delete(BY_NAME + "/classification/{tag}", status_code=204, responses=DONE)
def remove_tag_by_name(caller: Editor, type_name: str, tag: str, name: QualifiedName, request: RequestName) -> Response:
    """Take a tag away, by its internal name."""
    return _change(caller, entity_named(caller.work, type_name, name), request, tags=TagChange(removed=(tag,)))


def _change(caller: Caller, found: Entity, request: str | None, **changes: Any) -> Response:
    command = Command(found.key.type_name, guid=found.guid, **changes)
    save(caller.work, (command,), request=request, within=caller.within)
    return done()
