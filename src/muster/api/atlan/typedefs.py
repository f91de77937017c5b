"""Typedefs: tags, custom metadata and enums, defined and listed by kind."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response

from muster.api.atlan.shapes import Definition as DefinitionShape
from muster.api.atlan.shapes import Definitions
from muster.api.atlan.web import answers
from muster.api.pointing import a_list, an_object, decode, step
from muster.api.web import Admin, Body, Viewer, body_of, done, told
from muster.catalog.typedef import Category, Typedef
from muster.errors import InvalidInput
from muster.service.typedefs import Definition, create, delete, get, listed, update

router = APIRouter(prefix="/api/meta/types", tags=["typedefs"])

LISTS: Final[Mapping[str, Category | None]] = {
    "enumDefs": Category.ENUM,
    "structDefs": Category.STRUCT,
    "classificationDefs": Category.CLASSIFICATION,
    "entityDefs": None,
    "relationshipDefs": None,
    "businessMetadataDefs": Category.BUSINESS_METADATA,
}
"""The lists of an envelope with what each holds; types of entities and relationships are Atlan's, and not listed."""

ASKED: Final = {category.value: category for category in Category} | {"ENTITY": None, "RELATIONSHIP": None}
"""What can be asked for."""

Types = Annotated[list[str], Query(alias="type", description="Kinds of typedefs, in either case; none: all.")]


@router.get("/typedefs", responses=answers(Definitions, "The typedefs."))
def typedefs(caller: Viewer, types: Types = []) -> Response:  # noqa: B006 - FastAPI copies it
    """List typedefs by kind."""
    return told(_by_list(listed(caller.work, _categories(types))))


@router.post("/typedefs", responses=answers(Definitions, "What was made."), openapi_extra=body_of(Definitions))
def create_typedefs(caller: Admin, body: Body) -> Response:
    """Define tags, custom metadata and enums; internal names are made for the first two."""
    return told(_by_list(create(caller.work, tuple(_definitions(decode(body))))))


@router.put("/typedefs", responses=answers(Definitions, "What was changed."), openapi_extra=body_of(Definitions))
def update_typedefs(caller: Admin, body: Body) -> Response:
    """Replace definitions, each named by internal name, guid or display name."""
    return told(_by_list(update(caller.work, tuple(_definitions(decode(body))))))


@router.get("/typedef/name/{name}", responses=answers(DefinitionShape, "The typedef."))
def typedef(caller: Viewer, name: str) -> Response:
    """Read one typedef by its internal name."""
    return told(shown(get(caller.work, name)))


@router.delete("/typedef/name/{name}", status_code=204, responses=answers())
def delete_typedef(caller: Admin, name: str) -> Response:
    """Take a typedef away for good, while nothing uses it."""
    delete(caller.work, name)
    return done()


def shown(one: Typedef) -> dict[str, Any]:
    """Return a typedef in Atlan's form."""
    return {
        **one.body,
        "category": one.category.value,
        "name": one.name,
        "displayName": one.display_name,
        "guid": one.guid,
        "version": one.version,
        "createTime": one.created_at,
        "updateTime": one.updated_at,
        "createdBy": one.created_by,
        "updatedBy": one.updated_by,
    }


def _by_list(some: Iterable[Typedef]) -> dict[str, list[dict[str, Any]]]:
    lists: dict[str, list[dict[str, Any]]] = {name: [] for name in LISTS}
    names = {category: name for name, category in LISTS.items() if category is not None}
    for one in some:
        lists[names[one.category]].append(shown(one))
    return lists


def _categories(types: Iterable[str]) -> tuple[Category, ...]:
    wanted = [name.upper() for name in types]
    unknown = next((name for name in wanted if name not in ASKED), None)
    if unknown is not None:
        raise InvalidInput(
            f"`{unknown}` is no kind of typedef", path="/query/type", hint=f"there are {', '.join(ASKED)}"
        )
    found = tuple(category for name in wanted if (category := ASKED[name]) is not None)
    return found if wanted else tuple(Category)


def _definitions(body: Any) -> Iterator[Definition]:
    """Yield what a body defines.

    Raises:
        InvalidInput: it cannot be read, or defines types that are Atlan's to define.
    """
    said = an_object(body, "")
    for name, category in LISTS.items():
        for path, one in a_list(said.get(name), step("", name)):
            if category is None:
                raise InvalidInput("types of entities and relationships cannot be defined here", path=path)
            yield Definition(category, an_object(one, path), path)
