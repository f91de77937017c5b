"""A catalog whose index is on a server, and what must hold of both after whatever happened."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pyroaring import BitMap

from muster.bootstrap import open_workspace
from muster.catalog.entity import Entity, EntityDraft, Key
from muster.engines.opensearch import Index, OpenSearchEngine
from muster.engines.opensearch.server import Server
from muster.query import faces
from muster.query.faces import Face
from muster.query.nodes import MatchAll, Node
from muster.service.define import Details, create
from muster.service.doctor import examine
from muster.service.ingest import ingest
from muster.service.project import project
from muster.service.resolve import Stored, members
from muster.service.selecting import Written
from muster.service.sync import sync
from muster.service.tags import TagNaming
from muster.service.workspace import Workspace
from muster.settings import Settings

ROOT = "default/faults/1/db/schema"
PRODUCT = "Gold tables"
GOLD = "type:Table tag:Gold"
TABLES = 40


@dataclass(frozen=True, slots=True)
class Scene:
    """A data folder, and the URL of the index."""

    data: Path
    url: str

    @property
    def alias(self) -> str:
        """The name that the index is read by."""
        return urlsplit(self.url).path.strip("/")

    def at(self, port: int) -> Scene:
        """Return the same over a port of this machine."""
        return replace(self, url=urlsplit(self.url)._replace(netloc=f"127.0.0.1:{port}").geturl())

    def beside(self, folder: Path) -> Scene:
        """Return another record at the same index."""
        return replace(self, data=folder)

    def opened(self, **settings: Any) -> AbstractContextManager[Workspace]:
        """Open record and index, as a process does."""
        return open_workspace(Settings(data=self.data, engine_url=self.url, user="ada", **settings))


def server_of(work: Workspace) -> Server:
    """Return the server behind a workspace."""
    return engine_of(work)._server


def index_of(work: Workspace) -> Index:
    """Return the index behind a workspace."""
    return engine_of(work)._index


def engine_of(work: Workspace) -> OpenSearchEngine:
    """Return the engine of a workspace as it is below the names of tags."""
    assert isinstance(work.engine, TagNaming)
    assert isinstance(work.engine._engine, OpenSearchEngine)
    return work.engine._engine


def drafts(numbers: Iterable[int], *tags: str, **attributes: object) -> list[EntityDraft]:
    """Return tables of these numbers."""
    return [
        EntityDraft(Key("Table", f"{ROOT}/table_{one:05}"), {"name": f"table {one}", **attributes}, tags=tags)
        for one in numbers
    ]


def prepare(work: Workspace, count: int = TABLES) -> BitMap:
    """Import tables, every second one Gold, and a product of those; return its members as synced."""
    write(work, range(0, count, 2), "Gold")
    write(work, range(1, count, 2), "Plain")
    define(work)
    return stored(work)


def define(work: Workspace) -> None:
    """Create the product of Gold tables, and sync it."""
    create(work, PRODUCT, Written(GOLD), Details(), domain_name="Default")
    list(sync(work, force=True))


def write(work: Workspace, numbers: Iterable[int], *tags: str, **attributes: object) -> None:
    """Write tables into the record, and nowhere else."""
    ingest(work, drafts(numbers, *tags, **attributes))


def gold(work: Workspace) -> BitMap:
    """Return what the product's members are by the record."""
    return BitMap(one.ordinal for one in recorded(work) if one.key.type_name == "Table" and "Gold" in one.tags)


def recorded(work: Workspace) -> list[Entity]:
    """Return all entities of the record."""
    return [one for batch in work.record.scan() for one in batch]


def stored(work: Workspace) -> BitMap:
    """Return the product's members as last synced."""
    return members(work, PRODUCT, Stored())[2]


def asked(work: Workspace) -> BitMap:
    """Return the product's members as the index has them now."""
    return work.engine.members(selection(), now=work.clock())


def selection() -> Node:
    """Return the product's selection."""
    return faces.read(Face.SHORTHAND, GOLD)


def complaints(work: Workspace) -> list[str]:
    """Return what the doctor finds wrong."""
    return [one.message for one in examine(work) if not one.ok]


def hold_whole(scene: Scene) -> None:
    """Hold index and record against each other, as a new process sees them after one `muster project`.

    Every document is compared by its checksum, and the members are those that a full evaluation gives.
    """
    with scene.opened() as work:
        project(work)
        everything = BitMap(one.ordinal for one in recorded(work))

        assert complaints(work) == []
        assert work.engine.position() == work.record.position()
        assert work.engine.members(MatchAll(), now=0) == everything
        assert asked(work) == gold(work)
        list(sync(work, force=True))
        assert stored(work) == gold(work)


def ordinals(work: Workspace, numbers: Collection[int]) -> BitMap:
    """Return the ordinals of tables."""
    names = {f"{ROOT}/table_{one:05}" for one in numbers}
    return BitMap(one.ordinal for one in recorded(work) if one.key.qualified_name in names)
