"""Pages of entities for Atlan's clients cost a few reads of the record, however many entities are on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from muster.api.atlan.headers import headers
from muster.api.atlan.projection import FULL, WHOLE, Projection, wanted
from muster.bootstrap import open_workspace
from muster.catalog.entity import Entity
from muster.catalog.typedef import Category
from muster.service.save.commands import Command, Ref, Relating
from muster.service.save.saving import save
from muster.service.typedefs import Definition, create
from muster.service.workspace import Workspace
from muster.settings import Settings

TABLES = 40
PAGES: list[tuple[str, Projection, int]] = [
    ("attributes alone", wanted(["description"], [], {"excludeMeanings": True}), 1),
    ("with terms", wanted(["description"], [], {}), 3),
    ("with the schemas", wanted(["atlanSchema"], ["name"], {}), 3),
    ("full", FULL, 3),
    ("whole", WHOLE, 4),
]
"""What is told, and how many reads it may cost."""


class Counting:
    """A record whose reads are counted."""

    def __init__(self, record: Any) -> None:
        self._record = record
        self.reads: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        """Count a read, and do it."""
        self.reads[name] += 1
        return getattr(self._record, name)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace."""
    folder: Path = tmp_path_factory.mktemp("headers")
    with open_workspace(Settings(data=folder, user="ada", engine_url=None, record_url=None)) as opened:
        yield opened


@pytest.fixture(scope="module")
def tables(work: Workspace) -> tuple[Entity, ...]:
    """Tables of one schema, each with a term and custom metadata."""
    said = {"name": "CM", "displayName": "CM", "attributeDefs": [{"displayName": "A", "typeName": "string"}]}
    (made,) = create(work, [Definition(Category.BUSINESS_METADATA, said)])
    values = {made.name: {made.body["attributeDefs"][0]["name"]: "x"}}
    related = Relating({"atlanSchema": (Ref("Schema", "-1"),), "meanings": (Ref("AtlasGlossaryTerm", "-3"),)})
    around = [
        Command("Schema", "-1", "wh/s", {"name": "s"}),
        Command("AtlasGlossary", "-2", "g", {"name": "g"}),
        Command("AtlasGlossaryTerm", "-3", "t", {"name": "t"}, Relating({"anchor": (Ref("AtlasGlossary", "-2"),)})),
    ]
    some = [
        Command("Table", None, f"wh/s/t{n}", {"name": f"t{n}"}, related, custom_when_new=values) for n in range(TABLES)
    ]
    return tuple(one for one in save(work, [*around, *some]).created if one.key.type_name == "Table")


@pytest.mark.parametrize(("what", "projection", "reads"), PAGES, ids=[what for what, *_ in PAGES])
def test_reads_do_not_grow_with_the_page(
    work: Workspace, tables: tuple[Entity, ...], what: str, projection: Projection, reads: int
) -> None:
    """One entity costs as many as forty."""
    counted = []
    for page in (tables[:1], tables):
        record = Counting(work.record)
        shown = headers(replace(work, record=record), page, projection)
        assert len(shown) == len(page)
        counted.append(record.reads)

    assert counted[0] == counted[1]
    assert counted[0].total() <= reads, what


def test_surroundings_are_told(work: Workspace, tables: tuple[Entity, ...]) -> None:
    """The term, the set of the custom metadata, and the other side of the relationship."""
    (shown,) = headers(work, tables[:1], WHOLE)
    (schema,) = headers(work, work.record.find([shown["relationshipAttributes"]["atlanSchema"]["guid"]], []), WHOLE)

    assert shown["meaningNames"] == ["t"]
    assert [list(values.values()) for values in shown["businessAttributes"].values()] == [["x"]]
    assert len(schema["relationshipAttributes"]["tables"]) == TABLES
