"""`range`: bounds by the kind of the field."""

from dataclasses import dataclass

from muster.analysis.dates import DEFAULT_FORMAT, bound, date_range
from muster.analysis.numbers import number_range, term_boolean
from muster.binding.scope import ID, NOTHING, Scope, searchable
from muster.binding.tests import Between, Bound, OneOf, Present
from muster.binding.values import normalized, text_of
from muster.errors import InvalidInput
from muster.fields import Field, Kind
from muster.query.algebra import Atom
from muster.query.nodes import Range, Value

_RELATIONS = frozenset({"intersects", "contains", "within", "disjoint"})


def range_(clause: Range, scope: Scope) -> Bound:
    """Lower `range`; without any bound it asks for any value.

    Raises:
        InvalidInput: two bounds on one side, a bound or an option that cannot be read.
    """
    _check(clause, scope)
    if clause.field == ID:
        raise InvalidInput(f"`range` cannot be used on `{ID}`", hint="use `ids`")
    found = scope.find(clause.field)
    if found is None:
        return NOTHING
    if (clause.gt, clause.gte, clause.lt, clause.lte) == (None, None, None, None):
        return scope.seen(found, Atom(Present(found.name)))
    return scope.seen(found, _between(searchable(found), clause, scope.now))


def _check(clause: Range, scope: Scope) -> None:
    for side in (("gt", "gte"), ("lt", "lte")):
        if all(getattr(clause, name) is not None for name in side):
            raise InvalidInput(f"`{side[0]}` and `{side[1]}` are both given", hint="keep one of them")
    if clause.relation is not None and clause.relation.lower() not in _RELATIONS:
        raise InvalidInput(f"`{clause.relation}` is not a relation", hint=f"use {', '.join(sorted(_RELATIONS))}")
    if clause.format is not None or clause.time_zone is not None:
        bound("now", clause.format or DEFAULT_FORMAT, now=scope.now, round_up=False, time_zone=clause.time_zone)


def _between(found: Field, clause: Range, now: int) -> Bound:
    match found.kind:
        case Kind.DATE:
            return _dates(found, clause, now)
        case Kind.BOOLEAN:
            return _booleans(found, clause)
        case Kind.KEYWORD | Kind.TEXT:
            return _words(found, clause)
        case _:
            return _numbers(found, clause)


def _numbers(found: Field, clause: Range) -> Bound:
    interval = number_range(found.kind, gt=clause.gt, gte=clause.gte, lt=clause.lt, lte=clause.lte)
    return NOTHING if interval is None else Atom(Between(found.name, interval.low, interval.high))


def _dates(found: Field, clause: Range, now: int) -> Bound:
    first, last = date_range(
        clause.format or found.format,
        now=now,
        gt=clause.gt,
        gte=clause.gte,
        lt=clause.lt,
        lte=clause.lte,
        time_zone=clause.time_zone,
    )
    if first is not None and last is not None and first > last:
        return NOTHING
    return Atom(Between(found.name, first, last))


def _booleans(found: Field, clause: Range) -> Bound:
    ends = [None if end is None else term_boolean(end) for end in (clause.gt, clause.gte, clause.lt, clause.lte)]
    gt, gte, lt, lte = ends
    between = frozenset(
        value
        for value in (False, True)
        if (gt is None or value > gt)
        and (gte is None or value >= gte)
        and (lt is None or value < lt)
        and (lte is None or value <= lte)
    )
    return Atom(OneOf(found.name, between)) if between else NOTHING


@dataclass(frozen=True, slots=True)
class _End:
    text: str | None
    included: bool


def _words(found: Field, clause: Range) -> Bound:
    low, high = _end(found, clause.gt, clause.gte), _end(found, clause.lt, clause.lte)
    return Atom(Between(found.name, low.text, high.text, low.included, high.included))


def _end(found: Field, outside: Value | None, inside: Value | None) -> _End:
    value = inside if outside is None else outside
    return _End(None if value is None else normalized(found, text_of(value)), outside is None)
