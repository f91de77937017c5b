"""Span clauses: one tree of positions, on one text field."""

from typing import assert_never

from muster.binding.scope import NOTHING, Scope, searchable
from muster.binding.tests import Bound, NearSpan, NotSpan, OrSpan, Spans, SpanTree, TermSpan, WithinSpan
from muster.binding.values import text_of
from muster.errors import InvalidInput
from muster.fields import Kind
from muster.query.algebra import Atom
from muster.query.nodes import Span, SpanNear, SpanNot, SpanOr, SpanTerm, SpanWithin


def spans(clause: Span, scope: Scope) -> Bound:
    """Lower a span clause with all that is inside it.

    Raises:
        InvalidInput: the parts are on different fields, or on one that is not text.
    """
    name = _field(clause)
    found = scope.find(name)
    if found is None:
        return NOTHING
    if searchable(found).kind is not Kind.TEXT:
        raise InvalidInput(f"`{name}` is a {found.kind}, which has no positions", hint="ask for a text field")
    return scope.seen(found, Atom(Spans(name, _tree(clause))))


def _field(clause: Span) -> str:
    names = set(_fields(clause))
    if len(names) != 1:
        raise InvalidInput(f"the parts are on different fields: {', '.join(sorted(names))}", hint="name one field")
    return names.pop()


def _fields(clause: Span) -> list[str]:
    if isinstance(clause, SpanTerm):
        return [clause.field]
    return [name for part in _parts(clause) for name in _fields(part)]


def _parts(clause: SpanNear | SpanOr | SpanWithin | SpanNot) -> tuple[Span, ...]:
    match clause:
        case SpanNear(clauses=parts) | SpanOr(clauses=parts):
            if not parts:
                raise InvalidInput("a span clause needs at least one part", hint="add a clause to `clauses`")
            return parts
        case SpanWithin(little=little, big=big):
            return little, big
        case SpanNot(include=include, exclude=exclude):
            return include, exclude
        case _:
            assert_never(clause)


def _tree(clause: Span) -> SpanTree:
    match clause:
        case SpanTerm(value=value):
            return TermSpan(text_of(value))
        case SpanNear(clauses=(only,)):
            return _tree(only)
        case SpanNear(clauses=parts, slop=slop, in_order=in_order):
            return NearSpan(tuple(map(_tree, parts)), slop or 0, in_order is not False)
        case SpanOr(clauses=parts):
            return OrSpan(tuple(map(_tree, parts)))
        case SpanWithin(little=little, big=big):
            return WithinSpan(_tree(little), _tree(big))
        case SpanNot():
            return _without(clause)
        case _:
            assert_never(clause)


def _without(clause: SpanNot) -> NotSpan:
    if clause.dist is not None and (clause.pre is not None or clause.post is not None):
        raise InvalidInput("`dist` does not go with `pre` and `post`", hint="keep one of them")
    around = clause.dist or 0
    before, after = (around if side is None else side for side in (clause.pre, clause.post))
    return NotSpan(_tree(clause.include), _tree(clause.exclude), before, after)
