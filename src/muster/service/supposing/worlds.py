"""Worlds that are supposed: one in which a tag, an owner or a schema goes by another name, or is there no more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, assert_never

from pyroaring import BitMap

from muster.catalog.entity import Entity, Status
from muster.catalog.naming import TagNames
from muster.errors import Conflict, InvalidInput, NotFound
from muster.query.nodes import Bool, Term
from muster.service.tags import tag_names
from muster.service.workspace import Workspace

MODIFIED: Final = frozenset(("__modificationTimestamp", "__modifiedBy"))
OWNERS: Final = ("ownerUsers", "ownerGroups")
TAGS: Final = ("__traitNames", "__classificationsText")
STATE: Final = "__state"

Document: TypeAlias = dict[str, Any]
Rewrite: TypeAlias = Callable[[Document], Document]


@dataclass(frozen=True, slots=True)
class Dropped:
    """It is there no more."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """It goes by another name."""

    to: str

    def __post_init__(self) -> None:
        if not self.to.strip() or "/" in self.to:
            raise InvalidInput("that is no name", hint="name it without a slash")


Fate: TypeAlias = Dropped | Renamed


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, by the name that people give it or its internal one."""

    name: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner, a user or a group."""

    name: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema, by guid or qualified name, with all that is in it."""

    ref: str
    fate: Fate


Supposed: TypeAlias = Tag | Owner | Schema


@dataclass(frozen=True, slots=True)
class World:
    """Which assets are otherwise, in which fields (None: in any), how, and what tags are called.

    A document is rewritten by what it says in `fields`, its qualified name, its name and its schema's.
    """

    affected: BitMap
    fields: frozenset[str] | None
    rewrite: Rewrite
    names: TagNames


def world_of(work: Workspace, supposed: Supposed) -> World:
    """Return the world that is supposed.

    Raises:
        NotFound: there is no such tag or schema, or nothing has that owner.
        Conflict: another tag has the name.
        InvalidInput: what is named as a schema is none.
    """
    match supposed:
        case Tag(name, fate):
            return _of_tag(work, name, fate)
        case Owner(name, fate):
            return _of_owner(work, name, fate)
        case Schema(ref, fate):
            return _of_schema(work, ref, fate)
        case _:
            assert_never(supposed)


def _of_tag(work: Workspace, name: str, fate: Fate) -> World:
    names = tag_names(work.record)
    internal = str(names.internal_of(name))
    if internal not in names.shown:
        raise NotFound(f"there is no tag `{name}`", hint="tags are listed as typedefs")
    affected = work.engine.members(Term("__traitNames", internal), now=work.clock())
    others = {shown: one for shown, one in names.internal.items() if one != internal}
    shown = {one: display for one, display in names.shown.items() if one != internal}
    match fate:
        case Dropped():
            return World(affected, MODIFIED | {*TAGS}, lambda one: _untagged(one, internal), TagNames(others, shown))
        case Renamed(to):
            if to in others:
                raise Conflict(f"another tag is called `{to}`", hint="choose another name")
            known = TagNames({**others, to: internal}, {**shown, internal: to})
            return World(affected, frozenset({"__traitNames"}), lambda one: one, known)
        case _:
            assert_never(fate)


def _untagged(one: Document, tag: str) -> Document:
    tags = [each for each in one.get("__traitNames") or () if each != tag]
    return {**one, "__traitNames": tags, "__classificationsText": " ".join(tags)}


def _of_owner(work: Workspace, name: str, fate: Fate) -> World:
    owned = Bool(should=tuple(Term(field, name) for field in OWNERS), minimum_should_match=1)
    affected = work.engine.members(owned, now=work.clock())
    if not affected:
        raise NotFound(
            f"nothing has the owner `{name}`", hint="name a user or a group as assets have them, case counts"
        )
    others = [] if isinstance(fate, Dropped) else [fate.to]

    def rewrite(one: Document) -> Document:
        said = {field: one[field] for field in OWNERS if one.get(field)}
        return one | {field: _exchanged(value, name, others) for field, value in said.items()}

    return World(affected, MODIFIED | {*OWNERS}, rewrite, tag_names(work.record))


def _exchanged(value: Any, name: str, others: Sequence[str]) -> list[Any]:
    values = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(new for one in values for new in (others if one == name else [one])))


def _of_schema(work: Workspace, ref: str, fate: Fate) -> World:
    schema = work.record.entity(ref)
    if schema.key.type_name != "Schema":
        raise InvalidInput(f"`{schema.name}` is a {schema.key.type_name}, not a schema")
    affected, names = work.record.under(schema.key.qualified_name), tag_names(work.record)
    match fate:
        case Dropped():
            return World(affected, MODIFIED | {STATE}, lambda one: {**one, STATE: Status.DELETED.value}, names)
        case Renamed(to):
            return World(affected, None, _moved(schema, to), names)
        case _:
            assert_never(fate)


def _moved(schema: Entity, to: str) -> Rewrite:
    """Return what gives the schema, and all that is in it, their names when it is called otherwise."""
    before = schema.key.qualified_name
    after = f"{before.rpartition('/')[0]}/{to}"

    def rewritten(value: Any) -> Any:
        match value:
            case str() if value == before or value.startswith(f"{before}/"):
                return after + value[len(before) :]
            case list():
                return [rewritten(one) for one in value]
            case _:
                return value

    def rewrite(one: Document) -> Document:
        found = {name: rewritten(value) for name, value in one.items()}
        named = {"schemaName": to} if one.get("schemaName") == schema.name else {}
        own = {"name": to} if one["qualifiedName"] == before else {}
        return found | named | own

    return rewrite
