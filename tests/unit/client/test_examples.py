"""The examples of what needs no server do what they say."""

from __future__ import annotations

import doctest
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest

from muster.client import part, saying, told
from muster.errors import InvalidInput
from muster.query.build import select


@pytest.mark.parametrize("module", [part, saying, told], ids=lambda module: module.__name__)
def test_examples(module: ModuleType) -> None:
    """Each function by itself."""
    done = doctest.testmod(module, optionflags=doctest.ELLIPSIS)

    assert (done.failed, done.attempted > 0) == (0, True)


class Query:
    """A query as the clients of search servers have it."""

    def to_dict(self) -> dict[str, object]:
        """Return OpenSearch JSON."""
        return {"match_all": {}}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("type:Table", "type:Table"),
        ({"match_all": {}}, {"match_all": {}}),
        (select("Table"), select("Table").wire()),
        (Query(), {"match_all": {}}),
    ],
)
def test_a_selection_may_be_said_in_many_ways(said: saying.Selecting, expected: object) -> None:
    """As text, as an object, by the builder, by a search client."""
    assert saying.selection(said) == expected


def test_what_is_no_selection() -> None:
    """Is refused before anything is sent."""
    with pytest.raises(InvalidInput):
        saying.selection(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, None),
        ("30d", "30d"),
        (timedelta(days=1), "86400s"),
        (datetime(2026, 12, 31, 12, tzinfo=UTC), "2026-12-31T12:00:00.000Z"),
        (datetime(2026, 12, 31, 12), "2026-12-31T12:00:00.000Z"),  # noqa: DTZ001 - said without a zone
    ],
)
def test_when_a_decision_ends(said: saying.Expiry, expected: str | None) -> None:
    """A time, a span, either as text."""
    assert saying.expiry(said) == expected
