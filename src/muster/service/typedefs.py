"""Define tags, custom metadata and enums, change them, and take them away while nothing uses them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muster.catalog.entity import Status
from muster.catalog.typedef import Category, Typedef, TypedefDraft
from muster.errors import Conflict, InvalidInput, LimitExceeded, NotFound
from muster.query.nodes import Bool, Exists, Node, Term
from muster.service.definable import refuse_unreadable
from muster.service.domains import new_id
from muster.service.project import project
from muster.service.workspace import Workspace

MOST_PARTS = 1000
"""Attributes or values of one typedef."""

NAMED_AT_RANDOM = frozenset({Category.CLASSIFICATION, Category.BUSINESS_METADATA})
"""The categories whose internal names say nothing; the others go by one name."""

HEADER = frozenset(
    {
        *("category", "name", "displayName", "guid", "version"),
        *("createTime", "updateTime", "createdBy", "updatedBy"),
    }
)
"""What a definition says that the record keeps beside it."""


def _built_in(category: Category, name: str, guid: str, body: Mapping[str, Any]) -> Typedef:
    return Typedef(category, name, name, guid, {"serviceType": "atlan", **body}, 1, 0, 0, "muster", "muster")


SOURCE_TAG = _built_in(
    Category.STRUCT,
    "SourceTagAttachment",
    "5f0c6a0e-8a3d-4a52-9d0e-3c1f0f6d7b21",
    {"description": "How a tag of a source is attached to an asset.", "typeVersion": "1.0", "attributeDefs": []},
)
CERTIFICATES = _built_in(
    Category.ENUM,
    "certificate_status",
    "0b6f1f0a-0a0e-4c2b-8f63-6c1f8f4f6a52",
    {
        "description": "What a certificate says of an asset.",
        "elementDefs": [
            {"value": value, "ordinal": place} for place, value in enumerate(("DEPRECATED", "DRAFT", "VERIFIED"))
        ],
    },
)
BUILT_IN: Mapping[str, Typedef] = {one.name: one for one in (SOURCE_TAG, CERTIFICATES)}
"""The typedefs that are always there: Atlan's clients take a list without structs, or without enums, for an expired token."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What a request says of one typedef, in Atlan's form; `path` says where in the request it stands, for errors."""

    category: Category
    said: Mapping[str, Any]
    path: str = ""


def listed(work: Workspace, categories: Collection[Category] = tuple(Category)) -> list[Typedef]:
    """Return the typedefs of some categories, or all of them, in order of name."""
    known = {**BUILT_IN, **work.record.typedefs().by_name}
    return [one for _, one in sorted(known.items()) if one.category in categories]


def get(work: Workspace, name: str) -> Typedef:
    """Return a typedef by its internal name or guid.

    Raises:
        NotFound: there is none.
    """
    known = {**BUILT_IN, **work.record.typedefs().by_name}
    found = known.get(name) or next((one for one in known.values() if one.guid == name), None)
    if found is None:
        raise NotFound(f"there is no typedef `{name}`", hint="name it by its internal name")
    return found


def custom_attributes(work: Workspace) -> frozenset[str]:
    """Return the internal names of all attributes of custom metadata, which are the names of their fields as well."""
    sets = listed(work, {Category.BUSINESS_METADATA})
    return frozenset(part["name"] for one in sets for part in _attributes(one))


def create(work: Workspace, definitions: Sequence[Definition]) -> list[Typedef]:
    """Make new typedefs, all or none; tags, custom metadata and their attributes get internal names.

    Raises:
        InvalidInput: a definition that lacks a name or has a part that cannot be read.
        LimitExceeded: more parts than one may have.
        Conflict: a name is taken in its category.
    """
    known = {**BUILT_IN, **work.record.typedefs().by_name}
    drafts = [_draft(one, None) for one in definitions]
    for definition, draft in zip(definitions, drafts, strict=True):
        if draft.name in known:
            raise Conflict(f"`{draft.name}` is defined already", path=definition.path, hint="update it instead")
    return work.record.put_typedefs(drafts, by=work.by, at=work.clock())


def update(work: Workspace, definitions: Sequence[Definition]) -> list[Typedef]:
    """Replace typedefs, all or none, each named by internal name, guid or display name; attributes keep their names.

    Raises:
        NotFound: there is none of that name in the category.
        InvalidInput: a definition that cannot be read.
        LimitExceeded: more parts than one may have.
        Conflict: a display name is taken, or an attribute is left out that assets have values of.
    """
    stored = [_stored(work, one) for one in definitions]
    drafts = [_draft(one, before) for one, before in zip(definitions, stored, strict=True)]
    for definition, before, draft in zip(definitions, stored, drafts, strict=True):
        left_out = _names(before.body) - _names(draft.body)
        if left_out and before.category is Category.BUSINESS_METADATA:
            _refuse_used(work, before, [Exists(name) for name in sorted(left_out)], definition.path)
    return work.record.put_typedefs(drafts, by=work.by, at=work.clock())


def delete(work: Workspace, name: str) -> Typedef:
    """Take a typedef away for good and return it.

    Raises:
        NotFound: there is none of that internal name.
        Conflict: something uses it, or it is always there.
        EngineUnavailable: the index cannot be asked whether something does.
    """
    found = get(work, name)
    if found.name in BUILT_IN:
        raise Conflict(f"`{name}` is always there")
    match found.category:
        case Category.CLASSIFICATION:
            _refuse_used(work, found, [Term("__traitNames", found.name)])
        case Category.BUSINESS_METADATA:
            _refuse_used(work, found, [Exists(part) for part in sorted(_names(found.body))])
        case Category.ENUM | Category.STRUCT:
            _refuse_referred(work, found)
    return work.record.delete_typedef(found.name)


def _refuse_used(work: Workspace, found: Typedef, uses: Sequence[Node], path: str | None = None) -> None:
    project(work)
    query = Bool(filter=(Term("__state", Status.ACTIVE.value),), should=tuple(uses), minimum_should_match=1)
    count = work.engine.count(query, now=work.clock()) if uses else 0
    if count:
        assets = "asset has" if count == 1 else "assets have"
        raise Conflict(f"{count:,} {assets} `{found.display_name}`", path=path, hint="take it away from them first")


def _refuse_referred(work: Workspace, found: Typedef) -> None:
    for one in work.record.typedefs().by_name.values():
        for part in _attributes(one):
            options = part.get("options") or {}
            if found.name in {_one_type(part), options.get("enumType")}:
                shown = part.get("displayName", part["name"])
                raise Conflict(f"`{shown}` of `{one.display_name}` is of `{found.name}`", hint="change that one first")


def _one_type(part: Mapping[str, Any]) -> str:
    return str(part.get("typeName", "")).removeprefix("array<").removesuffix(">")


def _stored(work: Workspace, definition: Definition) -> Typedef:
    known = [one for one in work.record.typedefs().by_name.values() if one.category is definition.category]
    for column, key in (("name", "name"), ("guid", "guid"), ("display_name", "displayName"), ("display_name", "name")):
        said = definition.said.get(key)
        for one in known:
            if said and getattr(one, column) == said:
                return one
    called = definition.said.get("displayName") or definition.said.get("name")
    raise NotFound(f"there is no {definition.category.value} `{called}`", path=definition.path, hint="create it first")


def _draft(definition: Definition, stored: Typedef | None) -> TypedefDraft:
    """Return what a definition makes of a typedef, of a new one where none is stored."""
    said, category = definition.said, definition.category
    refuse_unreadable(said, definition.path)
    display_name = _name(said, "displayName" if said.get("displayName") else "name", definition.path)
    body = {key: value for key, value in said.items() if key not in HEADER and value is not None}
    if "attributeDefs" in body or category is Category.BUSINESS_METADATA:
        body["attributeDefs"] = list(_attribute_defs(definition, stored))
    if category is Category.ENUM:
        body["elementDefs"] = list(_element_defs(definition))
    if stored is not None:
        return TypedefDraft(category, stored.name, display_name, body)
    name = new_id() if category in NAMED_AT_RANDOM else _name(said, "name", definition.path)
    return TypedefDraft(category, name, display_name, body)


def _attribute_defs(definition: Definition, stored: Typedef | None) -> Iterator[dict[str, Any]]:
    """Yield the attributes: those that are stored keep their names, in custom metadata and tags others get one."""
    known = _names(stored.body) if stored else set()
    shown: set[str] = set()
    for path, part in _parts(definition, "attributeDefs"):
        called = _name(part, "displayName" if part.get("displayName") else "name", path)
        if called in shown:
            raise InvalidInput(f"two attributes are called `{called}`", path=path, hint="choose another name")
        shown.add(called)
        yield {key: value for key, value in part.items() if value is not None} | {
            "name": _internal(definition.category, part, known, path)
        }


def _internal(category: Category, part: Mapping[str, Any], known: Collection[str], path: str) -> str:
    """Return the internal name of an attribute: its own where it keeps one, else a new one."""
    if part.get("name") in (None, ""):
        return new_id()
    name = _name(part, "name", path)
    return name if category not in NAMED_AT_RANDOM or name in known else new_id()


def _element_defs(definition: Definition) -> Iterator[Mapping[str, Any]]:
    values: set[str] = set()
    for path, part in _parts(definition, "elementDefs"):
        value = _name(part, "value", path)
        if value in values:
            raise InvalidInput(f"the value `{value}` stands there twice", path=path, hint="leave one of them out")
        values.add(value)
        yield {key: kept for key, kept in part.items() if kept is not None}


def _parts(definition: Definition, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    path, parts = f"{definition.path}/{name}", definition.said.get(name) or []
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        raise InvalidInput(f"`{name}` is a list of objects", path=path)
    if len(parts) > MOST_PARTS:
        raise LimitExceeded(f"{len(parts):,} parts; a typedef has at most {MOST_PARTS:,}", path=path)
    for place, part in enumerate(parts):
        refuse_unreadable(part, f"{path}/{place}")
    return ((f"{path}/{place}", part) for place, part in enumerate(parts))


def _name(said: Mapping[str, Any], key: str, path: str) -> str:
    value = said.get(key)
    if not isinstance(value, str) or not value.strip() or not value.encode(errors="ignore").decode() == value:
        raise InvalidInput(f"`{key}` is a text that is not empty", path=f"{path}/{key}")
    return value


def _attributes(one: Typedef) -> list[Mapping[str, Any]]:
    return list(one.body.get("attributeDefs", ()))


def _names(body: Mapping[str, Any]) -> set[str]:
    return {part["name"] for part in body.get("attributeDefs", ())}
