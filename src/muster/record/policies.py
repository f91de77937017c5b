"""Policies: when products are synced and what their runs may move, by scope."""

from collections.abc import Mapping

import orjson
from sqlalchemy import Connection, delete, insert, select

from muster.policy import Policy, Stated
from muster.record.database import Database
from muster.record.tables import policies
from muster.record.within import within


class Policies:
    """The part of the record that holds policies."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def policies(self) -> dict[str, Policy]:
        """Return all policies by scope: the guid of a product, the qualified name of a domain, or nothing for all."""
        with self._database.reading() as connection:
            rows = connection.execute(select(policies)).all()
        return {row.scope: Policy.of(orjson.loads(row.body)) for row in rows}

    def policy(self, scope: str) -> Stated | None:
        """Return what is said for a scope, with who said it and when; None where nobody did."""
        with self._database.reading() as connection:
            row = connection.execute(select(policies).where(policies.c.scope == scope)).one_or_none()
        return None if row is None else Stated(Policy.of(orjson.loads(row.body)), row.author, row.at)

    def put_policy(self, scope: str, policy: Policy | None, *, by: str, at: int) -> None:
        """Store the policy of a scope in the place of the one before; None takes it away."""
        with self._database.writing() as connection:
            connection.execute(delete(policies).where(policies.c.scope == scope))
            if policy is not None:
                body = orjson.dumps(policy.said()).decode()
                connection.execute(insert(policies).values(scope=scope, body=body, at=at, author=by))


def rescope(connection: Connection, renamed: Mapping[str, str]) -> None:
    """Let policies of scopes that are called otherwise be those of the new names."""
    old = within(policies.c.scope, list(renamed))
    rows = connection.execute(select(policies).where(old)).all() if renamed else []
    if rows:
        connection.execute(delete(policies).where(old))
        connection.execute(insert(policies), [{**row._asdict(), "scope": renamed[row.scope]} for row in rows])
