"""Entities: saved and deleted in bulk, read by guid or by unique attribute, changed in part."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, Field

from muster.api.atlan.headers import headers
from muster.api.atlan.mutations import told_mutation
from muster.api.atlan.projection import FULL, WHOLE
from muster.api.atlan.reading import Intent, read_entities, read_entity
from muster.api.atlan.shapes import Entities, Found, Mutations, OneEntity
from muster.api.atlan.web import answers, entity_named
from muster.api.pointing import an_object, decode
from muster.api.web import Body, Editor, RequestName, Viewer, body_of, told
from muster.catalog.entity import Entity
from muster.errors import InvalidInput
from muster.service.entities import entity
from muster.service.save.commands import Removal
from muster.service.save.deleting import delete
from muster.service.save.saving import save
from muster.service.workspace import Workspace

router = APIRouter(prefix="/api/meta/entity", tags=["entities"])

QualifiedName = Annotated[str, Query(alias="attr:qualifiedName", min_length=1, description="The qualified name.")]


class Saving(BaseModel):
    """What becomes of tags and custom metadata that entities have already."""

    replace_tags: bool = Field(default=False, alias="replaceTags", description="`classifications` are all tags.")
    replace_classifications: bool = Field(
        default=False, alias="replaceClassifications", description="The same, as older clients say it."
    )
    append_tags: bool = Field(
        default=False,
        alias="appendTags",
        description="`addOrUpdateClassifications` are added, `removeClassifications` removed.",
    )
    merge: bool = Field(
        default=False,
        alias="replaceBusinessAttributes",
        description="Custom metadata of `businessAttributes` is set, other custom metadata stays.",
    )
    overwrite: bool = Field(
        default=False, alias="overwriteBusinessAttributes", description="`businessAttributes` are all custom metadata."
    )

    def intent(self) -> Intent:
        """Return what is meant."""
        return Intent(self.replace_tags or self.replace_classifications, self.append_tags, self.merge, self.overwrite)


class Telling(BaseModel):
    """What is told of an entity."""

    ignore_relationships: bool = Field(
        default=False, alias="ignoreRelationships", description="Leave `relationshipAttributes` out."
    )
    min_ext_info: bool = Field(default=False, alias="minExtInfo", description="Without effect.")


@router.post(
    "/bulk",
    responses=answers(Mutations, "What was created and updated."),
    openapi_extra=body_of(Entities),
)
def save_entities(caller: Editor, body: Body, saving: Annotated[Saving, Query()], request: RequestName) -> Response:
    """Create and update entities, all or none; `status: ACTIVE` restores an archived one."""
    commands = read_entities(decode(body), saving.intent())
    return told(told_mutation(caller.work, save(caller.work, commands, request=request, within=caller.within)))


@router.delete("/bulk", responses=answers(Mutations, "What was deleted; entities that are not there are passed over."))
def delete_entities(
    caller: Editor,
    request: RequestName,
    guid: Annotated[list[str], Query(description="The guids of the entities.", max_length=10_000)],
    how: Annotated[Removal, Query(alias="deleteType", description="Archive, or delete for good.")] = Removal.SOFT,
    scope: Annotated[
        str | None,
        Header(alias="x-atlan-contract-delete-scope", description="`single`: of a contract, the latest version only."),
    ] = None,
) -> Response:
    """Archive entities, or delete them for good."""
    mutation = delete(caller.work, guid, how, latest_only=scope == "single", request=request, within=caller.within)
    return told(told_mutation(caller.work, mutation, handler=how))


@router.get("/guid/{guid}", responses=answers(Found, "The entity."))
def entity_by_guid(caller: Viewer, guid: str, telling: Annotated[Telling, Query()]) -> Response:
    """Read an entity by its guid, archived or not."""
    return _told(caller.work, entity(caller.work, guid), telling)


@router.get("/uniqueAttribute/type/{type_name}", responses=answers(Found, "The entity."))
def entity_by_name(
    caller: Viewer, type_name: str, name: QualifiedName, telling: Annotated[Telling, Query()]
) -> Response:
    """Read an entity by its type and qualified name, an archived one where none is active."""
    return _told(caller.work, entity_named(caller.work, type_name, name), telling)


@router.put(
    "/uniqueAttribute/type/{type_name}",
    responses=answers(Mutations, "The entity under `UPDATE`, whether or not it changed."),
    openapi_extra=body_of(OneEntity),
)
def update_entity(caller: Editor, type_name: str, name: QualifiedName, body: Body, request: RequestName) -> Response:
    """Update attributes of an entity that is there."""
    found = entity_named(caller.work, type_name, name)
    said = an_object(decode(body), "")
    command = read_entity(_addressed(said.get("entity"), found), Intent(), "/entity")
    mutation = save(caller.work, (command,), request=request, within=caller.within)
    return told(told_mutation(caller.work, mutation, at_least=found.guid))


def _addressed(said: Any, found: Entity) -> dict[str, Any]:
    """Return what a body says of the entity that the path and query name, whatever else it says of names."""
    spoken = an_object(said, "/entity")
    if spoken.get("typeName", found.key.type_name) != found.key.type_name:
        raise InvalidInput("the body is about another type than the path", path="/entity/typeName")
    attributes = {
        **an_object(spoken.get("attributes"), "/entity/attributes"),
        "qualifiedName": found.key.qualified_name,
    }
    return {**spoken, "typeName": found.key.type_name, "guid": found.guid, "attributes": attributes}


def _told(work: Workspace, found: Entity, telling: Telling) -> Response:
    (shown,) = headers(work, (found,), FULL if telling.ignore_relationships else WHOLE)
    return told({"entity": shown, "referredEntities": {}})
