"""`now` in date math becomes the moment that was asked for, so that no server's clock has a say.

What asks one date field is rewritten; in `multi_match` and `simple_query_string`, which ask many fields at once, the
word stays what it is for the server.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from muster.analysis.dates import bound, term_dates
from muster.fields import Field, Fields, Kind
from muster.query.nodes import Bool, Match, MatchPhrase, Node, Range, Term, Terms, Value
from muster.query.tree import rebuild

NOW = "now"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ISO = "strict_date_optional_time"
MILLISECONDS = "epoch_millis"


def settled(node: Node, fields: Fields, *, now: int) -> Node:
    """Return the clause with every `now` resolved; one without any is returned itself."""
    match node:
        case Range(field=name) if _says_now((node.gt, node.gte, node.lt, node.lte)):
            return _range(node, _date(fields, name), now)
        case Term(field=name, value=value) | Match(field=name, query=value) | MatchPhrase(field=name, query=value) if (
            _says_now((value,))
        ):
            found = _date(fields, name)
            return node if found is None else _unit(found, value, now)
        case Terms(field=name, values=values) if _says_now(values):
            found = _date(fields, name)
            return node if found is None else Bool(should=tuple(_unit(found, value, now) for value in values))
        case _:
            return rebuild(node, lambda inside: settled(inside, fields, now=now))


def _date(fields: Fields, name: str) -> Field | None:
    """Return a field when it is a date: elsewhere `now` is a word."""
    found = fields.get(name)
    return found if found is not None and found.kind is Kind.DATE else None


def _says_now(values: tuple[Value | None, ...]) -> bool:
    return any(isinstance(value, str) and value.startswith(NOW) for value in values)


def _range(clause: Range, field: Field | None, now: int) -> Range:
    """Resolve all bounds, since one format holds for all of them."""
    if field is None:
        return clause
    format_ = clause.format or field.format
    ends = {
        side: bound(value, format_, now=now, round_up=side in {"gt", "lte"}, time_zone=clause.time_zone)
        for side in ("gt", "gte", "lt", "lte")
        if (value := getattr(clause, side)) is not None
    }
    return _between(replace(clause, time_zone=None), ends)


def _between(clause: Range, ends: dict[str, int]) -> Range:
    """Write ends as milliseconds; those before 1970, which the server rounds when they are numbers, as text."""
    numbers = min(ends.values()) >= 0
    said: dict[str, Any] = ends if numbers else {side: _iso(end) for side, end in ends.items()}
    return replace(clause, **said, format=MILLISECONDS if numbers else ISO)


def _iso(milliseconds: int) -> str:
    moment = EPOCH + timedelta(milliseconds=milliseconds)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03}Z"


def _unit(field: Field, value: Value, now: int) -> Range:
    """Return the unit of time that a value on a date stands for."""
    first, last = term_dates(value, field.format, now=now)
    return _between(Range(field.name), {"gte": first, "lte": last})
