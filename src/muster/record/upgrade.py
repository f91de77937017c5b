"""Bring a database to the tables of this release."""

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, inspect, select, text

from muster.errors import RecordUnavailable
from muster.record.database import Database
from muster.record.tables import REVISION, meta

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(database: Database, to: str = REVISION) -> None:
    """Create or migrate the tables, in one transaction; a database that is up to date is only looked at.

    Raises:
        RecordUnavailable: the database was written by a later release.
    """
    with database.reading() as connection:
        current = _revision(connection)
    if current != to:
        with database.migrating() as connection:
            _migrate(connection, to)


def configuration(connection: Connection) -> "Config":
    """Return what Alembic needs to know, without an ini file: where the scripts are, and the open connection."""
    from alembic.config import Config  # noqa: PLC0415 - takes a quarter of a second, and is rarely needed

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _migrate(connection: Connection, to: str) -> None:
    """Look again, now that nobody else migrates, and run what is missing."""
    from alembic import command  # noqa: PLC0415 - as above
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    config = configuration(connection)
    current = _revision(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise RecordUnavailable(
            f"the record was written by a later release: {_writer(connection)}",
            hint="upgrade Muster, or open another record",
        )
    command.upgrade(config, to)
    connection.execute(delete(meta).where(meta.c.name == "tool"))
    connection.execute(insert(meta).values(name="tool", value=f"muster {version('muster-catalog')}"))


def _revision(connection: Connection) -> str | None:
    """Return the migration that the database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def _writer(connection: Connection) -> str:
    """Return which release last changed the tables, as far as a later one can be read."""
    if not inspect(connection).has_table("meta"):
        return "unknown"
    return str(connection.scalar(select(meta.c.value).where(meta.c.name == "tool")) or "unknown")
