"""PURGED entities beyond the record: out of the index and out of every product, and still told in history."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from muster.bootstrap import open_workspace
from muster.catalog.document import indexed_document
from muster.catalog.entity import Status
from muster.catalog.writing import Transaction, Write
from muster.membership import Decision
from muster.protocols import Update
from muster.query.faces import Face
from muster.query.nodes import MatchAll
from muster.service import define
from muster.service.decide import Given, decide
from muster.service.doctor import differing, repair
from muster.service.history import moved
from muster.service.project import project, reindex
from muster.service.resolve import Live, PageRequest, Stored, members_page
from muster.service.sync import sync
from muster.service.workspace import Workspace
from muster.settings import Settings
from tests.integration.record.samples import table


def purge(work: Workspace, name: str) -> None:
    """Purge an entity."""
    entity = work.record.entity(name)
    write = Write(entity.draft(), entity.ordinal, entity.version, Status.PURGED)
    work.record.transact(Transaction((write,)), by="bob", at=work.clock())


def names(work: Workspace, mode: Live | Stored) -> list[str]:
    """Return the names of the product's members."""
    return sorted(one.name for one in members_page(work, "p", mode, PageRequest()).members)


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    """Three tables in the index, and a synced product of all tables."""
    with open_workspace(Settings(data=tmp_path / "data", user="ada")) as opened:
        opened.record.write([table("a"), table("b"), table("c")], by="ada", at=1)
        project(opened)
        define.create(opened, "p", define.Written("type:Table", Face.SHORTHAND), define.Details(), domain_name="D")
        list(sync(opened))
        yield opened


def test_purged_entity_leaves_index_and_products(work: Workspace) -> None:
    """With the next projection and the next run, even where it was pinned; the run's history still names it."""
    decide(work, "p", ["warehouse/b"], Decision.PIN, Given("audit"))
    purge(work, "warehouse/b")
    project(work)
    assert names(work, Live()) == ["a", "c"]
    list(sync(work))
    assert names(work, Stored()) == ["a", "c"]
    run = work.record.runs(work.record.product("p").entity.guid, limit=1)[0].number
    (told,) = moved(work, work.record.product("p"), run).shown
    assert (told.joined, told.asset.key, told.asset.status) == (False, table("b").key, Status.PURGED)


def test_index_and_record_agree_without_it(work: Workspace) -> None:
    """Neither a projection nor a rebuilt index has it, and the doctor finds nothing to mend."""
    purge(work, "warehouse/b")
    project(work)
    assert differing(work) == []
    count = work.engine.count(MatchAll(), now=0)
    reindex(work)
    assert differing(work) == []
    assert work.engine.count(MatchAll(), now=0) == count


def test_doctor_takes_out_what_was_purged(work: Workspace) -> None:
    """An index that kept its document is mended."""
    (entity,) = work.record.find([], [table("b").key])
    purge(work, "warehouse/b")
    project(work)
    kept = Update(entity.ordinal, indexed_document(entity), work.record.position())
    work.engine.apply([kept], position=None)
    assert differing(work) == [0]
    assert repair(work) == (1, ())
    assert differing(work) == []
