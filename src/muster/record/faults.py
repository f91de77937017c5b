"""What a database driver raises, in Muster's own errors; the driver's stays chained as the cause."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from muster.errors import Conflict, InvalidInput, MusterError, RecordUnavailable


@contextmanager
def translated() -> Iterator[None]:
    """Let no driver error through.

    Raises:
        Conflict: a constraint of the database was violated.
        InvalidInput: a value that the database cannot hold.
        RecordUnavailable: anything else that the database or the way to it has.
    """
    try:
        yield
    except (DBAPIError, PoolTimeout) as error:
        raise _named(error) from error
    except OverflowError as error:  # SQLite's driver refuses large integers by itself
        raise InvalidInput(f"a value that the record cannot hold: {error}") from error
    except UnicodeEncodeError as error:
        raise InvalidInput(f"text that is not Unicode: {error.reason}") from error
    except UnicodeDecodeError as error:  # SQLite hands damaged text on, also in its own messages
        raise RecordUnavailable(f"the record is damaged: {error}", hint="restore it from a backup") from error


def _named(error: DBAPIError | PoolTimeout) -> MusterError:
    reason = _reason(error)
    match error:
        case IntegrityError():
            return Conflict(f"the record refused it: {reason}", hint="read again what is there, and repeat")
        case DataError():
            return InvalidInput(f"a value that the record cannot hold: {reason}")
        case _:
            return RecordUnavailable(f"the record does not answer: {reason}", hint=_hint(reason))


def _reason(error: DBAPIError | PoolTimeout) -> str:
    """Return the driver's own words, first line only: SQLAlchemy's carry statement and parameters."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    lines = str(origin).strip().splitlines()
    return lines[0] if lines else type(origin).__name__


def _hint(reason: str) -> str:
    hints = {
        "locked": "another process is writing; try again",
        "lock timeout": "another process is writing; try again",
        "too many": "too many connections; try again, or allow more",
        "unable to open": "the folder must exist and be writable",
        "readonly": "the file and its folder must be writable",
        "not a database": "name another file, or restore this one from a backup",
        "malformed": "restore the file from a backup",
        "decode": "restore the file from a backup",
        "disk": "make room on the disk",
    }
    return next((hint for words, hint in hints.items() if words in reason), "see that the database runs; try again")
