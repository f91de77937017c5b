"""Many values as one parameter, in a form that indices answer."""

import pytest
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from muster.record.tables import entities
from muster.record.within import within


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        (sqlite.dialect(), "WHERE entities.guid IN (SELECT value FROM json_each(?)) AND entities.status = ?"),
        (
            postgresql.dialect(),
            "WHERE entities.guid = ANY(%(param_1)s::TEXT[]) AND entities.status = %(status_1)s::VARCHAR",
        ),
    ],
)
def test_the_condition_stands_bare(dialect: object, expected: str) -> None:
    """No comparison is put around it: SQLite would read the whole table for `… IN (…) = 1`."""
    query = select(entities.c.ordinal).where(within(entities.c.guid, ["a", "b"]), entities.c.status == "ACTIVE")
    compiled = " ".join(str(query.compile(dialect=dialect)).split())  # type: ignore[arg-type]

    assert compiled.endswith(expected)
