"""From a text to the tests of one field: what the whole `match` family has in common.

The text goes through the field's analyzer, or the one that a clause names; a field that is not text takes it as one
term. A clause of several terms stays `Clauses` until `minimum_should_match` has been settled.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeVar

from muster.analysis.text import Analyzer
from muster.binding.fuzziness import Fuzziness
from muster.binding.rewrites import MOST_CLAUSES
from muster.binding.scope import EVERYTHING, ID, NOTHING, Scope
from muster.binding.shapes import MAX_EXPANSIONS, similar, starting_with
from muster.binding.terms import one_of
from muster.binding.tests import Bound, Guids, Phrase, Slot
from muster.errors import InvalidInput
from muster.fields import Field, Kind
from muster.query.algebra import Atom, all_of, at_least
from muster.query.formula import minimum
from muster.query.nodes import Minimum


class Way(Enum):
    """How the terms of a text are asked for."""

    TERMS = auto()
    TERMS_PREFIX = auto()
    PHRASE = auto()
    PHRASE_PREFIX = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """The options of a clause, checked and with their defaults.

    `now` is that of the scope; `no_terms` is what a text without any term stands for: None leaves the part out.
    """

    now: int
    way: Way = Way.TERMS
    all_needed: bool = False
    slop: int = 0
    analyzer: Analyzer | None = None
    fuzziness: Fuzziness | None = None
    prefix_length: int = 0
    max_expansions: int = MAX_EXPANSIONS
    fuzzy_expansions: int = MAX_EXPANSIONS
    transpositions: bool = True
    lenient: bool = False
    no_terms: Bound | None = NOTHING


@dataclass(frozen=True, slots=True)
class Clauses:
    """Several parts of one query, all of them needed or some: what `minimum_should_match` counts."""

    parts: tuple[Bound, ...]
    all_needed: bool


Query = Bound | Clauses


@dataclass(frozen=True, slots=True)
class Word:
    """One analysed term; `last` when nothing of the text comes behind it."""

    term: str
    position: int
    last: bool


Lower = Callable[[str], Bound]
Q = TypeVar("Q")


def settled(query: Query, specification: Minimum | None = None) -> Bound:
    """Return the formula of a query; only one of several parts takes `minimum_should_match`.

    Where all parts are needed, none is counted, so that a minimum above 0 matches nothing.

    Raises:
        InvalidInput: more parts than the server takes.
    """
    if not isinstance(query, Clauses):
        return query
    if len(query.parts) > MOST_CLAUSES:
        raise InvalidInput(f"the text has more than {MOST_CLAUSES:,} words", hint="shorten it")
    counted = () if query.all_needed else query.parts
    needed = 0 if specification is None else minimum(len(counted), specification)
    if query.all_needed:
        return NOTHING if needed else all_of(query.parts)
    return at_least(max(1, needed), query.parts)


def matched(name: str, text: str, scope: Scope, options: Matching) -> Query | None:
    """Return what a text asks of one field; None when it holds no term and is to be left out.

    Raises:
        InvalidInput: the field's kind cannot take the text, unless `lenient`.
    """
    if name == ID:
        return Atom(Guids(frozenset({text})))
    found = scope.find(name)
    if found is None:
        return NOTHING
    query = asked(found, text, options)
    return query if query is options.no_terms or found.nested == scope.nested else NOTHING


def asked(found: Field, text: str, options: Matching) -> Query | None:
    """Return what a text asks of one field, wherever it is."""
    if is_one_term(found, options) and options.way is not Way.PHRASE_PREFIX:
        return _of_one_term(found, text, options)
    words = analysed(found, text, options)
    if not words:
        return options.no_terms
    if options.way is Way.PHRASE_PREFIX or (options.way is Way.PHRASE and len(words) > 1):
        return forgiving(options, lambda: _phrase(found, words, options))
    return joined(words, options, lambda term: _term(found, term, options), lambda term: _prefix(found, term, options))


def joined(words: Sequence[Word], options: Matching, term: Lower, prefix: Lower) -> Query:
    """Combine the words of a text; the last one is a prefix where that is asked and nothing comes behind it."""
    parts = [prefix(word.term) if word.last and options.way is Way.TERMS_PREFIX else term(word.term) for word in words]
    return parts[0] if len(parts) == 1 else Clauses(tuple(parts), options.all_needed)


def is_one_term(found: Field, options: Matching) -> bool:
    """Whether the text is taken as it is: neither the clause nor the field has an analyzer or a normalizer."""
    return options.analyzer is None and found.kind is not Kind.TEXT and found.normalizer is None


def analysed(found: Field, text: str, options: Matching) -> list[Word]:
    """Return the words of a text, in order."""
    analyzer = options.analyzer or found.search_analyzer or found.analyzer
    if analyzer is None:
        return [Word(text if found.normalizer is None else found.normalizer.normalize(text), 0, last=True)]
    return list(_words(analyzer, text))


def _words(analyzer: Analyzer, text: str) -> Iterator[Word]:
    raw = analyzer.tokenizer(text)
    ends_the_text = bool(raw) and text.endswith(raw[-1])
    tokens = analyzer.analyze(text)
    for term, position in zip(tokens.terms, tokens.positions, strict=True):
        yield Word(term, position, last=ends_the_text and position == len(raw) - 1)


def forgiving(options: Matching, lower: Callable[[], Q]) -> Q | Bound:
    """Return a part of a query, or nothing when the field cannot take it and the clause is lenient."""
    try:
        return lower()
    except InvalidInput:
        if options.lenient:
            return NOTHING
        raise


def _of_one_term(found: Field, text: str, options: Matching) -> Bound:
    if options.way is Way.TERMS_PREFIX and found.kind is Kind.KEYWORD:
        return _prefix(found, text, options)
    return _term(found, text, options)


def _term(found: Field, text: str, options: Matching) -> Bound:
    def lower() -> Bound:
        if options.fuzziness is None:
            return one_of(found, [text], now=options.now)
        return similar(
            found,
            text,
            options.fuzziness,
            prefix_length=options.prefix_length,
            max_expansions=options.fuzzy_expansions,
            transpositions=options.transpositions,
        )

    return forgiving(options, lower)


def _prefix(found: Field, text: str, options: Matching) -> Bound:
    return forgiving(options, lambda: starting_with(found, text))


def _phrase(found: Field, words: Sequence[Word], options: Matching) -> Bound:
    if found.kind is not Kind.TEXT:
        raise InvalidInput(f"`{found.name}` is a {found.kind}, which holds no phrases", hint="ask for a text field")
    start = words[0].position
    slots = [Slot(word.position - start, (word.term,)) for word in words]
    if options.way is Way.PHRASE_PREFIX:
        slots[-1] = Slot(slots[-1].position, slots[-1].terms, max(1, options.max_expansions))
    return Atom(Phrase(found.name, tuple(slots), options.slop))


def no_terms(text: str | None) -> Bound:
    """Read `zero_terms_query`.

    Raises:
        InvalidInput: neither `none` nor `all`.
    """
    match (text or "none").lower():
        case "none":
            return NOTHING
        case "all":
            return EVERYTHING
        case _:
            raise InvalidInput(f"`{text}` is not a `zero_terms_query`", hint="use `none` or `all`")


def needs_all(operator: str | None) -> bool:
    """Read `operator` or `default_operator`.

    Raises:
        InvalidInput: neither `or` nor `and`.
    """
    match (operator or "or").lower():
        case "or":
            return False
        case "and":
            return True
        case _:
            raise InvalidInput(f"`{operator}` is not an operator", hint="use `or` or `and`")
