"""The record: one SQL database, SQLite or PostgreSQL."""

from sqlalchemy import select

from muster.errors import MusterError, RecordUnavailable
from muster.record.cache import USUAL, Cache
from muster.record.database import Database
from muster.record.entities import Entities
from muster.record.events import Events
from muster.record.followers import Followers
from muster.record.hooks import Hooks
from muster.record.leases import Leases
from muster.record.memberships import Memberships
from muster.record.opening import connect
from muster.record.policies import Policies
from muster.record.products import Products
from muster.record.retention import Retention
from muster.record.standings import Standings
from muster.record.tables import meta
from muster.record.tokens import Tokens
from muster.record.transactions import Transactions
from muster.record.typedefs import Typedefs
from muster.record.upgrade import upgrade
from muster.record.verdicts import Verdicts


class SqlRecord(
    Entities,
    Products,
    Standings,
    Memberships,
    Verdicts,
    Retention,
    Policies,
    Leases,
    Events,
    Hooks,
    Followers,
    Transactions,
    Typedefs,
    Tokens,
):
    """The store of truth, as `muster.protocols.Record` promises it; safe to share between threads."""

    def identity(self) -> str:
        """Return the UUID that the record got when it was made; a copy of its database has the same.

        Raises:
            RecordUnavailable: it was deleted.
        """
        with self._database.reading() as connection:
            found = connection.scalar(select(meta.c.value).where(meta.c.name == "identity"))
        if found is None:
            raise RecordUnavailable("the record is damaged: it has no identity", hint="restore it from a backup")
        return str(found)

    def close(self) -> None:
        """Let go of connections."""
        self._database.engine.dispose()


def open_record(url: str, *, keeping: int = USUAL) -> SqlRecord:
    """Open the record at `sqlite:///folder/record.db` or `postgresql://host/database`; its tables are made or migrated.

    Entities that were read stay in memory, up to `keeping` bytes of them, until they change.

    Raises:
        InvalidInput: the URL is of another kind.
        RecordUnavailable: the database does not answer, is damaged, or was written by a later release.
    """
    database = Database(connect(url))
    try:
        upgrade(database)
    except MusterError:
        database.engine.dispose()
        raise
    return SqlRecord(database, Cache(keeping))
