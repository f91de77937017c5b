"""What is measured: the engine alone, and the whole path through record, projection, engine and commit."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Protocol

import catalog
from muster.bootstrap import open_workspace
from muster.catalog.document import document
from muster.catalog.entity import EntityDraft, Key
from muster.catalog.product import Face, Selection
from muster.engines.embedded import EmbeddedEngine
from muster.fields import asset_fields
from muster.protocols import Engine, Update
from muster.query.algebra import atoms, combine
from muster.query.formula import formula
from muster.query.nodes import Node
from muster.query.wire import canonical, digest
from muster.service.ingest import ingest
from muster.service.project import project
from muster.service.sync import sync
from muster.service.workspace import Workspace
from muster.settings import Settings

BATCH = 5000


class Subject(Protocol):
    """Something that assets can be loaded into and products be synced in."""

    engine: Engine

    def load(self, assets: int) -> None:
        """Take that many synthetic assets in, until they can be searched."""
        ...

    def define(self, selections: Sequence[Node]) -> None:
        """Take the products to sync; what is there already are the first of them."""
        ...

    def sync(self) -> list[int]:
        """Evaluate all products and return the number of members of each."""
        ...


class EngineAlone:
    """An engine: documents in, bitmaps out."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._selections: Sequence[Node] = ()

    def load(self, assets: int) -> None:
        """Apply the catalog's documents in batches."""
        entities = catalog.entities(assets)
        position = 0
        while batch := [Update(one.ordinal, document(one)) for one in islice(entities, BATCH)]:
            position += len(batch)
            self.engine.apply(batch, position=position)

    def define(self, selections: Sequence[Node]) -> None:
        """Keep the selections."""
        self._selections = selections

    def sync(self) -> list[int]:
        """Ask for the distinct leaves once and combine."""
        formulas = [formula(selection) for selection in self._selections]
        leaves = list(dict.fromkeys(leaf for one in formulas for leaf in atoms(one)))
        found = self.engine.postings(leaves, now=catalog.NEWEST)
        postings = dict(zip(leaves, found.sets, strict=True))
        return [len(combine(one, postings.__getitem__, found.universe)) for one in formulas]


class WholePath:
    """A workspace: drafts into the record, projected; runs committed to it."""

    def __init__(self, work: Workspace) -> None:
        self.engine = work.engine
        self.work = work
        self._defined = 0

    def load(self, assets: int) -> None:
        """Ingest the catalog's drafts and project them; the clock is the real one, so that all are of one time."""
        self.ingest(assets)
        self.project()

    def ingest(self, assets: int) -> None:
        """Take the catalog's drafts into the record."""
        ingest(self.work, islice(catalog.drafts(), assets))

    def project(self) -> None:
        """Carry what the record has to the index."""
        project(self.work)

    def define(self, selections: Sequence[Node]) -> None:
        """Store the selections as products, the first of them being there already."""
        for number in range(self._defined, len(selections)):
            draft = EntityDraft(Key("DataProduct", f"default/bench/{number}"), {"name": product_name(number)})
            selection = _stored(selections[number])
            self.work.record.create_product(draft, selection, by=self.work.by, at=self.work.clock())
        self._defined = len(selections)

    def sync(self) -> list[int]:
        """Sync all products, runs committed."""
        return [one.run.total for one in sync(self.work)]


@contextmanager
def engine_alone(folder: Path, threads: int | None) -> Iterator[EngineAlone]:
    """Open an embedded engine in a folder."""
    with closing(EmbeddedEngine(folder / "index.duckdb", asset_fields(), threads=threads)) as engine:
        yield EngineAlone(engine)


@contextmanager
def whole_path(folder: Path, threads: int | None, url: str | None = None) -> Iterator[WholePath]:
    """Open a workspace in a folder, with its index there too, or on the server at a URL."""
    with open_workspace(Settings(data=folder, engine_threads=threads, engine_url=url, user="bench")) as work:
        yield WholePath(work)


def product_name(number: int) -> str:
    """Return the name of the product that is defined by the selection of a number; names sort as numbers do."""
    return f"Product {number:06}"


def _stored(selection: Node) -> Selection:
    text = canonical(selection)
    return Selection(text, Face.WIRE, text, digest(selection), 1)
