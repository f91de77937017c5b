"""Driver errors become Muster's, without statement or parameters."""

import sqlite3

import pytest
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from muster.errors import Conflict, InvalidInput, MusterError, RecordUnavailable
from muster.record.faults import translated


def _driver(kind: type[DBAPIError], words: str) -> DBAPIError:
    """Return an error as SQLAlchemy raises it, with a statement and a secret parameter."""
    return kind("INSERT INTO secrets", {"p": "hush"}, sqlite3.Error(words))


@pytest.mark.parametrize(
    ("error", "expected", "message"),
    [
        (_driver(IntegrityError, "UNIQUE failed"), Conflict, "the record refused it: UNIQUE failed"),
        (_driver(DataError, "too big\nDETAIL: x"), InvalidInput, "a value that the record cannot hold: too big"),
        (_driver(OperationalError, "gone"), RecordUnavailable, "the record does not answer: gone"),
        (_driver(OperationalError, ""), RecordUnavailable, "the record does not answer: Error"),
        (PoolTimeout("no connection left"), RecordUnavailable, "the record does not answer: no connection left"),
    ],
)
def test_errors_are_told_in_the_drivers_first_line(error: Exception, expected: type[MusterError], message: str) -> None:
    """Type by kind, the driver's words without what it was given, and the error itself as the cause."""
    with pytest.raises(MusterError) as caught, translated():
        raise error
    assert type(caught.value) is expected
    assert caught.value.message == message
    assert caught.value.__cause__ is error
    assert "hush" not in str(caught.value.as_dict())


def test_other_errors_pass() -> None:
    """Muster's own and plain mistakes are not touched."""
    for error in (Conflict("mine"), KeyError("x")):
        with pytest.raises(type(error)) as caught, translated():
            raise error
        assert caught.value is error
