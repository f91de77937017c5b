"""Every error Muster raises, as one tree.

    MusterError
    ├── InvalidInput            invalid_input         an argument, a file or a line of it cannot be used
    │   ├── InvalidSelection    invalid_selection     the query is not one: fix it at `path`
    │   ├── UnknownField        unknown_field         a field that no asset can have
    │   ├── UnsupportedClause   unsupported_clause    a clause that cannot be expressed here
    │   └── LimitExceeded       limit_exceeded        larger, deeper or dearer than the settings allow
    ├── NotFound                not_found             no such asset, product, run
    ├── Conflict                conflict              someone else changed it, or the name is taken
    │   ├── Overtaken           overtaken             someone else has taken the work over
    │   ├── Taken               taken                 the name is another one's
    │   └── Stale               stale                 it is no longer at the version that the request was made from
    ├── Held                    held                  a guard stopped a run or an import; nothing of it was applied
    ├── Unauthenticated         unauthenticated       no token, or one that does not hold
    ├── Forbidden               forbidden             the token does not allow it
    ├── DataFolderBusy          data_folder_busy      another process owns the data folder
    ├── RecordUnavailable       record_unavailable    the SQL store does not answer or is from another version
    ├── EngineUnavailable       engine_unavailable    the search engine does not answer: try again
    └── ServerUnavailable       server_unavailable    the server that was asked does not answer, or not as Muster does

Each carries a stable `code`, a `message`, a `path` (JSON pointer into the selection, when it is about one)
and a `hint` that says what to do next.
"""

import shlex
from typing import Any, ClassVar, Final

SHELL: Final = frozenset('"$`\\!')
"""Characters that mean something to a shell inside of quotation marks."""


def typed(name: str) -> str:
    """Return a name as hints have people type it: in quotation marks, whatever is in it."""
    return shlex.quote(name) if SHELL.intersection(name) else f'"{name}"'


class MusterError(Exception):
    """The root: `str()` gives the message, `as_dict()` what a machine wants."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, path: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.hint = hint

    def as_dict(self) -> dict[str, Any]:
        """Return `code`, `message`, `path` and `hint`; what is not known is left out."""
        parts = {"code": self.code, "message": self.message, "path": self.path, "hint": self.hint}
        return {key: value for key, value in parts.items() if value is not None}


class InvalidInput(MusterError):
    """An argument, a file or a line of it cannot be used."""

    code = "invalid_input"


class InvalidSelection(InvalidInput):
    """The text or object is not a selection; `path` points at the part to fix."""

    code = "invalid_selection"


class UnknownField(InvalidInput):
    """A selection or a sort names a field that no asset can have."""

    code = "unknown_field"


class UnsupportedClause(InvalidInput):
    """The clause is OpenSearch's, but cannot be expressed here; it is refused rather than approximated."""

    code = "unsupported_clause"


class LimitExceeded(InvalidInput):
    """Larger, deeper or dearer than the settings allow."""

    code = "limit_exceeded"


class NotFound(MusterError):
    """No asset, product or run answers to that name."""

    code = "not_found"


class Conflict(MusterError):
    """Someone else changed it in the meantime, or the name is taken."""

    code = "conflict"


class Overtaken(Conflict):
    """Someone else has taken the work over; nothing of it was stored."""

    code = "overtaken"


class Taken(Conflict):
    """The name is another one's."""

    code = "taken"


class Stale(Conflict):
    """It is no longer at the version that the request says it was made from."""

    code = "stale"


class Held(MusterError):
    """A guard stopped a run or an import; what it would do was not done."""

    code = "held"


class Unauthenticated(MusterError):
    """A request came without a token, or with one that does not hold."""

    code = "unauthenticated"


class Forbidden(MusterError):
    """The token does not allow it: another role, or another domain."""

    code = "forbidden"


class DataFolderBusy(MusterError):
    """Another process owns the data folder."""

    code = "data_folder_busy"


class RecordUnavailable(MusterError):
    """The SQL store does not answer, or its schema belongs to another version."""

    code = "record_unavailable"


class EngineUnavailable(MusterError):
    """The search engine does not answer, or its files cannot be used."""

    code = "engine_unavailable"


class ServerUnavailable(MusterError):
    """The server that was asked does not answer, or not as Muster does."""

    code = "server_unavailable"
