"""Dates as moments that were settled before a server is asked.

`now` becomes the moment that was asked for, so that no server's clock has a say. Where a server reads a JSON number on a
date otherwise than OpenSearch, all dates become moments. In `multi_match` and `simple_query_string`, which ask many fields
at once, a date stays what it is for the server.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from muster.analysis.dates import date_range, term_dates
from muster.errors import InvalidInput
from muster.fields import Field, Fields, Kind
from muster.query.nodes import Bool, Match, MatchNone, MatchPhrase, Node, Range, Term, Terms, Value
from muster.query.tree import rebuild

NOW = "now"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ISO = "strict_date_optional_time"
MILLISECONDS = "epoch_millis"


def settled(node: Node, fields: Fields, *, now: int, numbers: bool) -> Node:
    """Return the clause with its moments settled.

    With `numbers`, every date is one, written as a number that the server takes for milliseconds whatever the field's
    format; else those that say `now` are, and a clause without any is returned itself.
    """
    return _Settling(fields, now, numbers).of(node)


class _Settling:
    def __init__(self, fields: Fields, now: int, numbers: bool) -> None:  # noqa: FBT001 - private, named above
        self._fields = fields
        self._now = now
        self._numbers = numbers

    def of(self, node: Node) -> Node:
        match node:
            case Range(field=name) if found := self._date(name, (node.gt, node.gte, node.lt, node.lte)):
                return self._range(node, found)
            case (
                Term(field=name, value=value) | Match(field=name, query=value) | MatchPhrase(field=name, query=value)
            ) if found := self._date(name, (value,)):
                return self._unit(node, found, (value,))
            case Terms(field=name, values=values) if found := self._date(name, values):
                return self._unit(node, found, values)
            case _:
                return rebuild(node, self.of)

    def _date(self, name: str, values: tuple[Value | None, ...]) -> Field | None:
        """Return a field when it is a date whose values have to be settled; elsewhere `now` is a word."""
        found = self._fields.get(name)
        if found is None or found.kind is not Kind.DATE or all(value is None for value in values):
            return None
        return found if self._numbers or any(str(value).startswith(NOW) for value in values) else None

    def _range(self, clause: Range, field: Field) -> Node:
        first, last = date_range(
            clause.format or field.format,
            now=self._now,
            gt=clause.gt,
            gte=clause.gte,
            lt=clause.lt,
            lte=clause.lte,
            time_zone=clause.time_zone,
        )
        return self._between(field.name, first, last)

    def _unit(self, clause: Node, field: Field, values: tuple[Value, ...]) -> Node:
        """Return the units of time that values on a date stand for; what is no date finds nothing where that is allowed."""
        try:
            units = [term_dates(value, field.format, now=self._now) for value in values]
        except InvalidInput:
            return clause
        parts = tuple(self._between(field.name, first, last) for first, last in units)
        return parts[0] if len(parts) == 1 else Bool(should=parts)

    def _between(self, name: str, first: int | None, last: int | None) -> Node:
        """Write ends as milliseconds; those before 1970, which OpenSearch rounds when they are numbers, as text."""
        if first is not None and last is not None and first > last:
            return MatchNone()
        ends: dict[str, Any] = {side: end for side, end in (("gte", first), ("lte", last)) if end is not None}
        if self._numbers:
            return Range(name, **ends)
        if min(ends.values()) >= 0:
            return Range(name, **ends, format=MILLISECONDS)
        texts: dict[str, Any] = {side: _iso(end) for side, end in ends.items()}
        return Range(name, **texts, format=ISO)


def _iso(milliseconds: int) -> str:
    moment = EPOCH + timedelta(milliseconds=milliseconds)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03}Z"
