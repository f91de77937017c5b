"""Leaf clauses in words: a phrase that follows a noun, such as `certified VERIFIED`."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import assert_never

from muster.query.english.phrases import FIELDS, FLAGS, OPERATORS, TIME_OPERATORS, TIMES, UNITS, FieldWords
from muster.query.nodes import (
    Exists,
    Fuzzy,
    Ids,
    Leaf,
    Match,
    MatchAll,
    MatchNone,
    MatchPhrase,
    MatchPhrasePrefix,
    Minimum,
    MultiMatch,
    Nested,
    Node,
    Prefix,
    Range,
    Regexp,
    SimpleQueryString,
    Span,
    SpanNear,
    SpanNot,
    SpanOr,
    SpanTerm,
    SpanWithin,
    Term,
    Terms,
    Value,
    Wildcard,
)

SHOWN = 3
"""Values of a list that are named when there are more than one over it."""

_AGO = re.compile(r"now-(\d{1,9})([yMwdhHms])(?:/[yMwdhHms])?")
_FOLDED = " in any case"


def phrase(node: Leaf, within: Callable[[Node], str]) -> str:
    """Return the phrase of a leaf; `within` reads what is nested in it."""
    match node:
        case MatchAll():
            return "of any kind"
        case MatchNone():
            return "of no kind at all"
        case Term() | Terms() | Ids() | Exists():
            return _values(node)
        case Prefix() | Wildcard() | Regexp() | Fuzzy():
            return _pattern(node)
        case Range():
            return _range(node)
        case Match() | MatchPhrase() | MatchPhrasePrefix() | MultiMatch() | SimpleQueryString():
            return _text(node)
        case Nested(path=path, query=query):
            return f"with one entry of {called(path)} {within(query)}"
        case SpanTerm() | SpanNear() | SpanOr() | SpanWithin() | SpanNot():
            return f"with words in place: {_span(node)}"
        case _:
            assert_never(node)


def _words(field: str) -> FieldWords:
    return FIELDS.get(field, FieldWords(called(field)))


def _say(operator: str, field: str, value: str = "") -> str:
    return OPERATORS[operator].format(noun=_words(field).noun, value=value)


def _holding(operator: str, field: str, value: str) -> str:
    holding = _words(field).holding
    return _say(operator, field, value) if holding is None else holding.format(value)


def _values(node: Term | Terms | Ids | Exists) -> str:
    match node:
        case Term(field=field, value=bool(value)) if (field, value) in FLAGS:
            return FLAGS[field, value]
        case Term(field=field, value=value):
            return _holding("term", field, spoken(value)) + (_FOLDED if node.case_insensitive else "")
        case Terms(field=field, values=values):
            return _holding("terms", field, listed([spoken(value) for value in values]))
        case Ids(values=values):
            return f"with guid {listed([spoken(value) for value in values])}"
        case Exists(field=field):
            return _words(field).having or _say("exists", field)


def _pattern(node: Prefix | Wildcard | Regexp | Fuzzy) -> str:
    folded = _FOLDED if not isinstance(node, Fuzzy) and node.case_insensitive else ""
    match node:
        case Prefix(field=field, value=value):
            return _say("prefix", field, quote(value)) + folded
        case Wildcard(field=field, value=value):
            return _say("wildcard", field, quote(value)) + folded
        case Regexp(field=field, value=value):
            return _say("regexp", field, f"/{_on_one_line(value)}/") + folded + _options(flags=node.flags)
        case Fuzzy(field=field, value=value):
            edits = _options(
                edits=node.fuzziness,
                prefix=node.prefix_length,
                expansions=node.max_expansions,
                swaps=node.transpositions,
            )
            return _say("fuzzy", field, quote(str(value))) + edits


def _range(node: Range) -> str:
    said = [(name, bound) for name in ("gt", "gte", "lt", "lte") if (bound := getattr(node, name)) is not None]
    options = _options(format=node.format, time_zone=node.time_zone, relation=node.relation)
    if not said:
        return _say("exists", node.field) + options
    if node.field in TIMES:
        return f"{TIMES[node.field]} {' and '.join(_time(name, bound) for name, bound in said)}{options}"
    first, *others = (_say(name, node.field, spoken(bound)) for name, bound in said)
    noun = f"with {_words(node.field).noun} "
    return " and ".join([first, *(other.removeprefix(noun) for other in others)]) + options


def _time(operator: str, bound: Value) -> str:
    ago = _AGO.fullmatch(bound) if isinstance(bound, str) else None
    if ago is None or operator not in ("gt", "gte"):
        return f"{TIME_OPERATORS[operator]} {_moment(bound)}"
    count, unit = int(ago[1]), UNITS[ago[2]]
    return f"in the last {unit}" if count == 1 else f"in the last {count} {unit}s"


def _moment(bound: Value) -> str:
    """Return epoch milliseconds as a readable time, anything else as it is."""
    if type(bound) is not int or not 0 <= bound < 253_402_300_800_000:
        return spoken(bound)
    return datetime.fromtimestamp(bound / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _text(node: Match | MatchPhrase | MatchPhrasePrefix | MultiMatch | SimpleQueryString) -> str:
    match node:
        case Match(field=field):
            return _say("match", field, _asked_words(node))
        case MatchPhrase(field=field, query=query):
            return _say("match_phrase", field, quote(str(query))) + _phrase_options(node)
        case MatchPhrasePrefix(field=field, query=query):
            return _say("match_phrase_prefix", field, quote(str(query))) + _phrase_options(node)
        case MultiMatch(query=query, fields=fields, type=kind):
            where = listed([called(field) for field in fields]) if fields else "the default fields"
            what = f"the phrase {quote(str(query))}" if kind == "phrase" else _asked_words(node)
            return f"with {what} in {where}" + _options(as_=kind if kind != "phrase" else None, slop=node.slop)
        case SimpleQueryString(query=query, fields=fields):
            where = listed([called(field) for field in fields]) if fields else "the default fields"
            asked = _options(by_default=node.default_operator, minimum=node.minimum_should_match, flags=node.flags)
            return f"answering {quote(query)} in {where}{asked}"


def _phrase_options(node: MatchPhrase | MatchPhrasePrefix) -> str:
    return _options(slop=node.slop or None, analyzer=node.analyzer, without_words=node.zero_terms_query)


def _asked_words(node: Match | MultiMatch) -> str:
    """Say how many of the words are asked for, and how exactly."""
    near = _options(
        edits=node.fuzziness, prefix=node.prefix_length, expansions=node.max_expansions, swaps=node.fuzzy_transpositions
    )
    number = _number_of_words(node.operator, node.minimum_should_match, str(node.query))
    return (
        f"{number}{quote(str(node.query))}{near}{_options(without_words=node.zero_terms_query, analyzer=node.analyzer)}"
    )


def _number_of_words(operator: str | None, minimum: Minimum | None, query: str) -> str:
    if minimum is not None:
        return f"at least {minimum} of the words "
    if len(query.split()) < 2:
        return ""
    return "all the words " if (operator or "or").lower() == "and" else "any of the words "


def _span(node: Span) -> str:
    match node:
        case SpanTerm(field=field, value=value):
            return f"{spoken(value)} in {_words(field).noun}"
        case SpanNear(clauses=clauses, slop=slop, in_order=ordered):
            order = "" if ordered is False else " in this order"
            return f"({' near '.join(map(_span, clauses))}{order}{_options(slop=slop or None)})"
        case SpanOr(clauses=clauses):
            return f"({' or '.join(map(_span, clauses))})"
        case SpanWithin(little=little, big=big):
            return f"({_span(little)} within {_span(big)})"
        case SpanNot(include=include, exclude=exclude):
            around = _options(before=node.pre, after=node.post, around=node.dist)
            return f"({_span(include)} not touching {_span(exclude)}{around})"
        case _:
            assert_never(node)


def _options(**options: object) -> str:
    """Say options that were said, by name: ` (slop 2, flags ALL)`."""
    said = [
        f"{name.strip('_').replace('_', ' ')} {_plain(value)}" for name, value in options.items() if value is not None
    ]
    return f" ({', '.join(said)})" if said else ""


def _plain(value: object) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else _on_one_line(str(value))


def spoken(value: Value) -> str:
    """Return a value as it is said: bare when it is one plain word, else in quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    return value if re.fullmatch(r"[\w@./+:-]+", value) else quote(value)


def quote(text: str) -> str:
    """Put a text in quotes, on one line."""
    inside = _on_one_line(text).replace('"', "'")
    return f'"{inside}"'


def called(name: str) -> str:
    """Name a field that has no words of its own."""
    return f"`{_on_one_line(name)}`"


def _on_one_line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def listed(values: Iterable[str], last: str = "or") -> str:
    """Join values as one says them; a long list is cut: `one of A, B, C and 17 more`."""
    named: Sequence[str] = tuple(values)
    if not named:
        return "nothing"
    if len(named) == 1:
        return named[0]
    if len(named) <= SHOWN + 1:
        return f"{', '.join(named[:-1])} {last} {named[-1]}"
    cut = f"{', '.join(named[:SHOWN])} and {len(named) - SHOWN} more"
    return f"one of {cut}" if last == "or" else cut
