"""Clauses that ask for the shape of a value: `prefix`, `wildcard`, `regexp`, `fuzzy`; on keywords and text only."""

import re
from collections.abc import Callable
from functools import partial, reduce
from operator import or_

from muster.analysis import patterns
from muster.analysis.patterns import BadRegexp, Flag
from muster.binding.fuzziness import Fuzziness, fuzziness
from muster.binding.rewrites import expansion_limit, refuse_limit
from muster.binding.scope import ID, NOTHING, Scope, searchable
from muster.binding.tests import Bound, OneOf, Pattern, Similar, StartsWith
from muster.binding.values import normalized, text_of
from muster.errors import InvalidInput
from muster.fields import Field, Kind
from muster.query.algebra import Atom, any_of
from muster.query.nodes import Fuzzy, Prefix, Regexp, Wildcard

MAX_EXPANSIONS = 50

_WILD = re.compile(r"\\.|[?*]+", re.DOTALL)


def prefix(clause: Prefix, scope: Scope) -> Bound:
    """Lower `prefix`; a keyword's normalizer goes over the text, an analyzer does not."""
    refuse_limit(clause.rewrite)
    lower = partial(starting_with, text=clause.value, case_insensitive=bool(clause.case_insensitive))
    return _on_words("prefix", clause.field, scope, lower)


def starting_with(found: Field, text: str, *, case_insensitive: bool = False) -> Bound:
    """Return the test that some value of the field starts with a text.

    Raises:
        InvalidInput: the field is neither keyword nor text.
    """
    start = normalized(of_words("prefix", found), text)
    if case_insensitive:
        return Atom(Pattern(found.name, patterns.prefix(start, case_insensitive=True)))
    return Atom(StartsWith(found.name, start))


def wildcard(clause: Wildcard, scope: Scope) -> Bound:
    """Lower `wildcard`; the empty text matches nothing, not even empty values."""
    refuse_limit(clause.rewrite)

    def lower(found: Field) -> Bound:
        text = _normalized_around(found, clause.value)
        folds = bool(clause.case_insensitive)
        return Atom(Pattern(found.name, patterns.wildcard(text, case_insensitive=folds))) if text else NOTHING

    return _on_words("wildcard", clause.field, scope, lower)


def regexp(clause: Regexp, scope: Scope) -> Bound:
    """Lower `regexp`; a keyword's normalizer goes over the whole text, operators and all."""
    refuse_limit(clause.rewrite)
    flags, folds = _flags(clause.flags), bool(clause.case_insensitive)
    _shapes(clause.value, flags, folds=folds)

    def lower(found: Field) -> Bound:
        shapes = _shapes(normalized(found, clause.value), flags, folds=folds)
        return any_of([Atom(Pattern(found.name, shape.pattern, shape.also, shape.never)) for shape in shapes])

    return _on_words("regexp", clause.field, scope, lower)


def fuzzy(clause: Fuzzy, scope: Scope) -> Bound:
    """Lower `fuzzy`."""
    edits = fuzziness("AUTO" if clause.fuzziness is None else clause.fuzziness)
    most = MAX_EXPANSIONS if clause.max_expansions is None else clause.max_expansions
    lower = partial(
        similar,
        text=text_of(clause.value),
        edits=edits,
        prefix_length=clause.prefix_length or 0,
        max_expansions=expansion_limit(clause.rewrite, most),
        transpositions=clause.transpositions is not False,
    )
    return _on_words("fuzzy", clause.field, scope, lower)


def similar(
    found: Field, text: str, edits: Fuzziness, *, prefix_length: int, max_expansions: int, transpositions: bool
) -> Bound:
    """Return the test that some value of the field is similar to a text.

    Raises:
        InvalidInput: the field is neither keyword nor text, or an option is out of its range.
    """
    word = normalized(of_words("fuzzy", found), text)
    if prefix_length < 0:
        raise InvalidInput("`prefix_length` may not be negative", hint="write 0 or more")
    if max_expansions <= 0:
        raise InvalidInput("`max_expansions` must be positive", hint="write 1 or more")
    distance = edits.distance(text)
    if not (distance and word):
        return Atom(OneOf(found.name, frozenset({word})))
    return Atom(Similar(found.name, word, distance, prefix_length, transpositions, max_expansions))


def of_words(clause: str, found: Field) -> Field:
    """Return the field itself.

    Raises:
        InvalidInput: the field is neither keyword nor text.
    """
    if searchable(found).kind not in {Kind.KEYWORD, Kind.TEXT}:
        raise InvalidInput(
            f"`{clause}` is for keyword and text fields, and `{found.name}` is a {found.kind}",
            hint="use `term` or `range`",
        )
    return found


def _on_words(clause: str, name: str, scope: Scope, lower: Callable[[Field], Bound]) -> Bound:
    if name == ID:
        raise InvalidInput(f"`{clause}` cannot be used on `{ID}`", hint="use `ids`")
    found = scope.find(name)
    return NOTHING if found is None else scope.seen(found, lower(of_words(clause, found)))


def _normalized_around(found: Field, text: str) -> str:
    """Normalize what stands between wildcards and escapes, which stay as they are."""
    if found.normalizer is None:
        return text
    parts, start = [], 0
    for wild in _WILD.finditer(text):
        parts += [found.normalizer.normalize(text[start : wild.start()]), wild[0]]
        start = wild.end()
    return "".join(parts) + found.normalizer.normalize(text[start:])


def _shapes(text: str, flags: Flag, *, folds: bool) -> tuple[patterns.Shape, ...]:
    try:
        return patterns.regexp(text, flags, case_insensitive=folds)
    except BadRegexp as bad:
        raise InvalidInput(
            f"not a regexp: {bad}", hint="the dialect is Lucene's; a backslash escapes special characters"
        ) from bad


def _flags(text: str | None) -> Flag:
    """Read `INTERSECTION|COMPLEMENT`; `ALL` and an empty text mean all but the complement."""
    if not text:
        return Flag.ALL
    named = [_flag(name) for name in text.split("|") if name]
    return Flag.ALL if Flag.ALL in named else reduce(or_, named, Flag.NONE)


def _flag(name: str) -> Flag:
    known = Flag.__members__.get(name.upper())
    if known is None or known is Flag.AUTOMATON:
        raise InvalidInput(f"`{name}` is not a regexp flag", hint=f"use {', '.join(_NAMES)}")
    return known


_NAMES = tuple(name for name in Flag.__members__ if name != "AUTOMATON")
