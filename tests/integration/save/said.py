"""Commands in few words, and what is to be seen afterwards."""

import json
from collections.abc import Sequence
from typing import Any

from muster.catalog.entity import Entity, Key
from muster.protocols import Page
from muster.query.nodes import Term
from muster.service.save.commands import Command, Mutation, Ref, Relating
from muster.service.save.saving import save
from muster.service.workspace import Workspace


def dsl(type_name: str = "Table") -> str:
    """Return the text of a query as clients store it."""
    query = {"bool": {"filter": {"bool": {"filter": [{"term": {"__typeName.keyword": {"value": type_name}}}]}}}}
    return json.dumps({"query": {"attributes": [], "dsl": {"from": 0, "query": query}}, "filterScrubbed": True})


def ref(of: Entity | str, type_name: str = "") -> Ref:
    """Return a reference to an entity, or by a placeholder."""
    return Ref(type_name, guid=of) if isinstance(of, str) else Ref(of.key.type_name, guid=of.guid)


def named(type_name: str, qualified_name: str) -> Ref:
    """Return a reference by qualified name."""
    return Ref(type_name, qualified_name=qualified_name)


def domain(name: str, parent: Ref | None = None, placeholder: str = "-1") -> Command:
    """Return what creators of domains send."""
    above = {"parentDomain": (parent,)} if parent else {}
    return Command("DataDomain", placeholder, name, {"name": name}, Relating(above), path="/entities/0")


def product(name: str, home: Ref, placeholder: str = "-2", **attributes: Any) -> Command:
    """Return what creators of products send."""
    said = {"name": name, "dataProductAssetsDSL": dsl(), **attributes}
    return Command(
        "DataProduct",
        placeholder,
        f"anything/product/{name}",
        said,
        Relating({"dataDomain": (home,)}),
        path="/entities/0",
    )


def asset(type_name: str, name: str, placeholder: str | None = None, **relationships: Sequence[Ref]) -> Command:
    """Return an asset under its qualified name."""
    relating = Relating({relation: tuple(refs) for relation, refs in relationships.items()})
    return Command(type_name, placeholder, f"wh/{name}", {"name": name}, relating, path="/entities/0")


def table(name: str, placeholder: str | None = None, **relationships: Sequence[Ref]) -> Command:
    """Return a table."""
    return asset("Table", name, placeholder, **relationships)


def change(of: Entity, **attributes: Any) -> Command:
    """Return what updaters send of an entity."""
    said = {"name": of.name, **attributes}
    return Command(of.key.type_name, "-9", of.key.qualified_name, said, path="/entities/0")


def relate(of: Entity, **relationships: Sequence[Ref]) -> Command:
    """Return a command that replaces relationships."""
    relating = Relating({relation: tuple(refs) for relation, refs in relationships.items()})
    return Command(of.key.type_name, of.guid, relating=relating, path="/entities/0")


def made(work: Workspace, *commands: Command) -> tuple[Entity, ...]:
    """Save commands that create, and return what they created."""
    return save(work, commands).created


def read(work: Workspace, of: Entity) -> Entity:
    """Return an entity as it is now."""
    return work.record.find([of.guid], [])[0]


def names(entities: Sequence[Entity]) -> list[str]:
    """Return the names of entities, in order."""
    return [one.name for one in entities]


def keys(*entities: Entity) -> tuple[Key, ...]:
    """Return the keys of entities."""
    return tuple(one.key for one in entities)


def listed(mutation: Mutation) -> dict[str, list[str]]:
    """Return the names in each list of a mutation, lists without any left out."""
    lists = {"created": mutation.created, "updated": mutation.updated, "deleted": mutation.deleted}
    return {name: names(some) for name, some in lists.items() if some}


def found(work: Workspace, field: str, value: str) -> int:
    """Return how many entities a search finds, without anything being projected first."""
    return work.engine.search(Term(field, value), Page(10), now=work.clock()).total
