"""An index that was made from another record is never read as this one's."""

import shutil
from pathlib import Path

import pytest

from muster.bootstrap import open_workspace
from muster.catalog.entity import EntityDraft, Key
from muster.errors import EngineUnavailable
from muster.query.nodes import MatchAll
from muster.service.doctor import examine
from muster.service.ingest import ingest
from muster.service.project import project, reindex
from muster.settings import Settings


def fill(folder: Path, names: str, *, times: int = 1) -> Settings:
    """Import tables of one-letter names, each written so many times, and index them."""
    settings = Settings(data=folder)
    with open_workspace(settings) as work:
        for round_ in range(times):
            ingest(work, [EntityDraft(Key("Table", f"t/{name}"), {"name": f"{name}{round_}"}) for name in names])
        project(work)
    return settings


@pytest.mark.parametrize(("names", "times"), [("abc", 1), ("xyz", 1), ("abcdef", 1), ("abcdef", 3), ("a", 1), ("a", 9)])
def test_an_index_of_another_record_is_refused(tmp_path: Path, names: str, times: int) -> None:
    """Ahead or behind, with the same ordinals and names or others: refused until it is rebuilt, and the doctor says so."""
    fill(tmp_path / "other", "abc", times=2)
    settings = fill(tmp_path / "here", names, times=times)
    shutil.copy(tmp_path / "other" / "index.duckdb", tmp_path / "here" / "index.duckdb")

    with open_workspace(settings) as work:
        with pytest.raises(EngineUnavailable, match="the index belongs to another record"):
            project(work)
        assert "the index belongs to another record" in [one.message for one in examine(work) if not one.ok]

        reindex(work)

        assert all(one.ok for one in examine(work))
        assert work.engine.count(MatchAll(), now=0) == len(names)


def test_an_index_of_this_record_is_read(tmp_path: Path) -> None:
    """Behind, or with archived entities at its ends, an index is still the record's own."""
    settings = fill(tmp_path / "here", "abc")
    with open_workspace(settings) as work:
        work.record.archive([work.record.entity("t/a").ordinal, work.record.entity("t/c").ordinal], by="ann", at=1)
        assert project(work).entities == 2
        ingest(work, [EntityDraft(Key("Table", "t/d"), {"name": "d"})])
        assert project(work).entities == 1
