"""What callers say, as requests say it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from muster.client.told import iso
from muster.errors import InvalidInput

Mode: TypeAlias = Literal["live", "stored"]
"""Run the selection now, or read the last sync."""

Face: TypeAlias = Literal["builder", "wire", "dsl", "shorthand", "rules"]
"""In which form a selection is written."""


@runtime_checkable
class Wired(Protocol):
    """A selection of the builder (`muster.query.build`)."""

    def wire(self) -> dict[str, Any]:
        """Return OpenSearch JSON."""
        ...


@runtime_checkable
class Listed(Protocol):
    """A query of the clients of OpenSearch and Elasticsearch."""

    def to_dict(self) -> dict[str, Any]:
        """Return OpenSearch JSON."""
        ...


Selecting: TypeAlias = str | Mapping[str, Any] | Wired | Listed
"""A selection: text in any face, OpenSearch JSON, one of the builder, or a query of a search client."""

When: TypeAlias = datetime | timedelta | str | None
"""A moment of the past: a time, so long ago, or as text: `7d`, `run:7`, `generation:3`; None: now."""

Expiry: TypeAlias = datetime | timedelta | str | None
"""When a decision ends by itself: a time, a span from now, either as text (`30d`), never."""


def selection(said: Selecting) -> str | dict[str, Any]:
    """Return a selection as requests say it.

    Example:
        >>> selection("type:Table")
        'type:Table'

    Raises:
        InvalidInput: it is none of the forms.
    """
    match said:
        case str():
            return said
        case Mapping():
            return dict(said)
        case Wired():
            return said.wire()
        case Listed():
            return said.to_dict()
        case _:
            raise InvalidInput("a selection is a text, an object, or what has `wire()` or `to_dict()`")


def span(said: timedelta | str | None) -> str | None:
    """Return a span of time as requests say it, whole seconds.

    Example:
        >>> span(timedelta(minutes=10))
        '600s'
    """
    return f"{int(said.total_seconds())}s" if isinstance(said, timedelta) else said


def reading(mode: Mode | None, max_age: timedelta | str | None, as_of: When) -> dict[str, Any]:
    """Return which membership is meant, as requests say it.

    Example:
        >>> reading("stored", None, None)
        {'mode': 'stored', 'maxAge': None, 'asOf': None}
    """
    return {"mode": mode, "maxAge": span(max_age), "asOf": expiry(as_of)}


def expiry(said: Expiry) -> str | None:
    """Return when a decision ends, as requests say it; a time without a zone is one in UTC.

    Example:
        >>> expiry(timedelta(days=30))
        '2592000s'
    """
    match said:
        case datetime():
            return iso(said if said.tzinfo else said.replace(tzinfo=UTC))
        case timedelta():
            return span(said)
        case _:
            return said


def body(**said: Any) -> dict[str, Any]:
    """Return the body that says this: None says nothing.

    Example:
        >>> body(name="Gold", owners=None)
        {'name': 'Gold'}
    """
    return {name: value for name, value in said.items() if value is not None}


def listed(names: Sequence[str]) -> str:
    """Return names as one parameter.

    Example:
        >>> listed(["name", "ownerUsers"])
        'name,ownerUsers'
    """
    return ",".join(several(names))


def several(said: Sequence[str]) -> list[str]:
    """Return what may be several as a list; one text is one of them, not its letters.

    Example:
        >>> several("orders")
        ['orders']
    """
    return [said] if isinstance(said, str) else list(said)
