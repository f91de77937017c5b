"""`simple_query_string`: what a person typed, over several fields."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from muster.binding.fuzziness import Fuzziness
from muster.binding.matching import Clauses, Matching, Query, Way, analysed, forgiving, needs_all, settled
from muster.binding.multi import covers_all, each, resolved
from muster.binding.scope import EVERYTHING, NOTHING, Scope
from muster.binding.shapes import MAX_EXPANSIONS, similar, starting_with
from muster.binding.simple_parser import Flag, parse
from muster.binding.terms import one_of
from muster.binding.tests import Bound, StartsWith
from muster.errors import InvalidInput, UnsupportedClause
from muster.fields import Field, Kind
from muster.query.algebra import Atom, Not, any_of
from muster.query.nodes import SimpleQueryString

_FLAGS = {**Flag.__members__, "SLOP": Flag.NEAR}


def simple_query_string(clause: SimpleQueryString, scope: Scope) -> Bound:
    """Lower `simple_query_string`; `*` alone is everything, a text that says nothing is nothing."""
    if clause.query.strip() == "*":
        return EVERYTHING
    all_needed = needs_all(clause.default_operator)
    maker = _Maker(clause, scope, resolved(clause.fields, scope), _options(clause, scope, all_needed=all_needed))
    query = parse(clause.query, maker, _flags(clause.flags), all_needed=all_needed)
    return NOTHING if query is None else settled(query, clause.minimum_should_match)


def _options(clause: SimpleQueryString, scope: Scope, *, all_needed: bool) -> Matching:
    return Matching(
        now=scope.now,
        all_needed=all_needed,
        analyzer=scope.analyzer(clause.analyzer),
        prefix_length=clause.fuzzy_prefix_length or 0,
        fuzzy_expansions=MAX_EXPANSIONS if clause.fuzzy_max_expansions is None else clause.fuzzy_max_expansions,
        transpositions=clause.fuzzy_transpositions is not False,
        lenient=covers_all(clause.fields) if clause.lenient is None else clause.lenient,
        no_terms=None,
    )


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the parts of a typed query over the fields of the clause."""

    clause: SimpleQueryString
    scope: Scope
    names: Mapping[str, float]
    options: Matching

    def word(self, text: str) -> Query | None:
        return self._each(self.names, text, self.options)

    def phrase(self, text: str, slop: int) -> Query | None:
        return self._each(self._quoted(), text, replace(self.options, way=Way.PHRASE, slop=slop))

    def prefix(self, text: str) -> Query | None:
        return self._any_field(lambda found: self._prefix(found, text))

    def fuzzy(self, text: str, edits: int) -> Query | None:
        def lower(found: Field) -> Bound:
            return similar(
                found,
                _folded(found, text, self.options),
                Fuzziness(0, 0, edits),
                prefix_length=self.options.prefix_length,
                max_expansions=self.options.fuzzy_expansions,
                transpositions=self.options.transpositions,
            )

        return self._any_field(lower)

    def negated(self, query: Query) -> Query:
        return Clauses((Not(settled(query)),), all_needed=False)

    def joined(self, queries: tuple[Query, ...], *, all_needed: bool) -> Query:
        return Clauses(tuple(settled(query) for query in queries), all_needed)

    def _each(self, names: Iterable[str], text: str, options: Matching) -> Query | None:
        query = each(names, text, self.scope, options) if self.names else NOTHING
        return query if query is None else self._closed(query)

    def _closed(self, query: Query) -> Query:
        """Return the query of one field; a boost around it closes it to `minimum_should_match`."""
        return query if all(boost == 1 for boost in self.names.values()) else settled(query)

    def _quoted(self) -> Sequence[str]:
        """Return the fields for phrases: with the suffix where there is such a field."""
        suffix = self.clause.quote_field_suffix or ""
        return [name + suffix if self.scope.find(name + suffix) else name for name in self.names]

    def _any_field(self, lower: Callable[[Field], Query]) -> Query:
        asked = [self._in_field(name, lower) for name in self.names]
        return self._closed(asked[0]) if len(asked) == 1 else any_of([settled(query) for query in asked])

    def _in_field(self, name: str, lower: Callable[[Field], Query]) -> Query:
        found = self.scope.find(name)
        if found is None:
            raise UnsupportedClause(f"prefixes and edits are not available on `{name}`", hint="use `ids`")
        query = forgiving(self.options, lambda: lower(found))
        return query if found.nested == self.scope.nested else NOTHING

    def _prefix(self, found: Field, text: str) -> Query:
        if self.clause.analyze_wildcard:
            return _analysed_prefix(found, text, self.options)
        return starting_with(found, _folded(found, text, self.options))


def _analysed_prefix(found: Field, text: str, options: Matching) -> Query:
    """Ask for the analysed words, the last one as a prefix; on numbers and dates that finds nothing."""
    words = [_folded(found, word.term, options) for word in analysed(found, text, options)]
    if not words:
        return NOTHING
    last: Bound = Atom(StartsWith(found.name, words[-1])) if found.kind in {Kind.KEYWORD, Kind.TEXT} else NOTHING
    before = [one_of(found, [word], now=options.now) for word in words[:-1]]
    return Clauses((*before, last), options.all_needed) if before else last


def _folded(found: Field, text: str, options: Matching) -> str:
    """Return a text as one term, changed only by what works on characters."""
    speaker = options.analyzer or found.search_analyzer or found.normalizer
    return text if speaker is None else speaker.normalize(text)


def _flags(flags: str | int | None) -> int:
    """Read `AND|OR|PREFIX`; an empty text and none at all mean every operator.

    Raises:
        InvalidInput: there is no such flag.
    """
    if flags is None or flags == "":
        return Flag.ALL
    if isinstance(flags, int):
        return flags
    read = 0
    for name in filter(None, flags.split("|")):
        flag = _FLAGS.get(name.upper())
        if flag is None:
            raise InvalidInput(f"`{name}` is not a flag", hint=f"use {', '.join(_FLAGS)}")
        if flag in (Flag.ALL, Flag.NONE):
            return flag
        read |= flag
    return read
