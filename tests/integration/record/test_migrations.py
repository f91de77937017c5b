"""Migrations: every way to the tables of this release ends at the same tables."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.writing import Link
from muster.errors import RecordUnavailable
from muster.record import open_record
from muster.record.database import Database
from muster.record.opening import connect
from muster.record.tables import REVISION, metadata
from muster.record.upgrade import SCRIPTS, upgrade
from tests.integration.record.samples import table

REVISIONS = [script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()]


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An empty database without tables."""
    opened = Database(connect(url))
    yield opened
    opened.engine.dispose()


def test_code_and_scripts_agree_on_the_last_revision() -> None:
    """There is one line of scripts, and its end is what `open_record` asks for."""
    assert ScriptDirectory(str(SCRIPTS)).get_heads() == [REVISION]


def test_migrated_tables_are_those_of_the_code(database: Database) -> None:
    """Alembic finds nothing to change between a migrated database and `tables.metadata`."""
    upgrade(database)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_revision_can_be_upgraded(url: str, database: Database, revision: str) -> None:
    """A database left at any earlier revision opens, and works."""
    upgrade(database, revision)
    with closing(open_record(url)) as record:
        assert record.write([table("a")], by="ann", at=1).created == (1,)
    with database.reading() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == REVISION
        assert str(connection.scalar(text("SELECT value FROM meta WHERE name = 'tool'"))).startswith("muster ")


def test_links_are_read_from_the_bodies(url: str, database: Database) -> None:
    """Of a database without them: current bodies count, and what is not there is waited for."""
    drafts = [table("a"), replace(table("b"), relationships=_up("a", "a", "late", "x" * 2700, "nul\0")), table("c")]
    with closing(open_record(url)) as record:
        record.write([replace(drafts[2], relationships=_up("a"))], by="ann", at=1)
        record.write(drafts, by="ann", at=1)
        record.write([replace(table("d"), relationships=_up("b"), terms=("revenue",))], by="ann", at=1)
        record.archive([4], by="ann", at=2)
    _forget_0003(database)
    with closing(open_record(url)) as record:
        assert [record.entity(f"warehouse/{name}").ordinal for name in "cabd"] == [1, 2, 3, 4]
        assert record.links([1, 2, 3, 4], limit=9) == [Link(3, "up", 2), Link(4, "up", 3)]
        record.write([table("late"), EntityDraft(Key("AtlasGlossaryTerm", "revenue"), {})], by="ann", at=3)
        assert record.links([5, 6], limit=9) == [Link(3, "up", 5), Link(4, "meanings", 6)]


def _up(*names: str) -> dict[str, tuple[Key, ...]]:
    return {"up": tuple(Key("Table", f"warehouse/{name}") for name in names)}


def _forget_0003(database: Database) -> None:
    """Make the tables those of 0002."""
    with database.writing() as connection:
        for name in (
            "links",
            "pending",
            "typedefs",
            "requests",
            "followers",
            "events",
            "policies",
            "leases",
            "deliveries",
            "hooks",
            "apart",
            "missed",
        ):
            connection.execute(text(f"DROP TABLE {name}"))
        for name in ("ix_runs_held", "ix_runs_recent"):
            connection.execute(text(f"DROP INDEX {name}"))
        for name in ("trigger", "verdict", "decided_at", "decided_by", "decided_because"):
            connection.execute(text(f"ALTER TABLE runs DROP COLUMN {name}"))
        connection.execute(text("DROP INDEX ix_standings_asset"))
        connection.execute(text("DELETE FROM counters WHERE name NOT IN ('ordinal', 'change', 'run')"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))


def test_opening_again_keeps_everything(url: str) -> None:
    """Closing and opening changes nothing."""
    with closing(open_record(url)) as record:
        record.write([table("a")], by="ann", at=1)
        before = list(record.scan())
    with closing(open_record(url)) as record:
        assert list(record.scan()) == before


def test_later_release_is_refused(url: str, database: Database) -> None:
    """The error names who wrote it, and nothing is touched."""
    upgrade(database)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(text("UPDATE meta SET value = 'muster 77.1' WHERE name = 'tool'"))
    with pytest.raises(RecordUnavailable, match=r"written by a later release: muster 77\.1") as caught:
        open_record(url)
    assert caught.value.hint == "upgrade Muster, or open another record"


def test_failed_migration_leaves_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are made in one transaction: one that breaks off leaves the database as it was."""
    monkeypatch.setattr("muster.record.upgrade.version", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        upgrade(database)
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == []
