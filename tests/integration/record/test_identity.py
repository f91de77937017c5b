"""The identity of a record: one per record, given once, the same for everyone."""

from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from uuid import UUID

import pytest
from sqlalchemy import text

from muster.errors import RecordUnavailable
from muster.record import SqlRecord, open_record
from muster.record.database import Database
from muster.record.opening import connect
from muster.record.upgrade import upgrade
from tests.integration.record.samples import table

PROCESSES = 3


def identity_of(url: str) -> str:
    """Open a record, which migrates it where needed, and read its identity."""
    with closing(open_record(url)) as record:
        return record.identity()


def test_identity_is_kept(url: str) -> None:
    """A random UUID from the beginning, whatever is written and however often the record is opened."""
    with closing(open_record(url)) as record:
        identity = record.identity()
        record.write([table("a")], by="ann", at=1)
        assert (UUID(identity).version, record.identity()) == (4, identity)
    assert identity_of(url) == identity


def test_records_of_equal_content_differ(url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two records that were made apart are told apart, also when both are empty."""
    another = f"sqlite:///{tmp_path_factory.mktemp('other') / 'record.db'}"
    assert identity_of(url) != identity_of(another)


@pytest.mark.parametrize("before", [None, "0001"], ids=["empty", "0001"])
def test_processes_that_migrate_at_once_agree(url: str, before: str | None) -> None:
    """Whoever comes first gives the identity, to a new record and to one from before there were any."""
    if before:
        database = Database(connect(url))
        upgrade(database, before)
        database.engine.dispose()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        found = set(pool.map(identity_of, [url] * PROCESSES))
    assert found == {identity_of(url)}


def test_lost_identity_is_damage(record: SqlRecord) -> None:
    """No second identity is made up: it would call the record's own index foreign."""
    with record._database.writing() as connection:
        connection.execute(text("DELETE FROM meta WHERE name = 'identity'"))
    with pytest.raises(RecordUnavailable, match="the record is damaged: it has no identity"):
        record.identity()
