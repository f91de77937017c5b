"""`multi_match`: one text over several fields."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from muster.analysis.text import Analyzer, Normalizer
from muster.binding.fuzziness import fuzziness
from muster.binding.matching import (
    Matching,
    Query,
    Way,
    analysed,
    forgiving,
    joined,
    matched,
    needs_all,
    no_terms,
    settled,
)
from muster.binding.rewrites import expansion_limit
from muster.binding.scope import ID, NOTHING, Scope
from muster.binding.shapes import MAX_EXPANSIONS
from muster.binding.terms import one_of
from muster.binding.tests import Bound
from muster.binding.text import not_below
from muster.binding.values import text_of
from muster.errors import InvalidInput, UnsupportedClause
from muster.fields import Field
from muster.query.algebra import any_of
from muster.query.nodes import Minimum, MultiMatch

ALL_FIELDS = "*"
_CROSS = "cross_fields"
_WAYS = {
    "best_fields": Way.TERMS,
    "most_fields": Way.TERMS,
    _CROSS: Way.TERMS,
    "phrase": Way.PHRASE,
    "phrase_prefix": Way.PHRASE_PREFIX,
    "bool_prefix": Way.TERMS_PREFIX,
}
_WITHOUT_FUZZINESS = frozenset({_CROSS, "phrase", "phrase_prefix"})
_BOOST = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[fd]?\s*", re.IGNORECASE | re.ASCII)


def multi_match(clause: MultiMatch, scope: Scope) -> Bound:
    """Lower `multi_match`: any field for the whole text, or with `cross_fields` any field for each word."""
    kind = clause.type or "best_fields"
    names = list(resolved(clause.fields, scope))
    options = _options(clause, kind, scope)
    text = text_of(clause.query)
    if not any(is_mapped(name, scope) for name in names):
        return NOTHING
    if kind == _CROSS:
        return _across(names, text, scope, options, clause.minimum_should_match)
    query = each(names, text, scope, options, clause.minimum_should_match)
    return NOTHING if query is None else settled(query)


def resolved(named: Sequence[str], scope: Scope) -> dict[str, float]:
    """Return the names of fields with their boosts: patterns replaced by what they match, unmapped names left out.

    No names at all stand for all fields. A field that is named twice has the product of its boosts.

    Raises:
        InvalidInput: a boost is not a number.
    """
    boosts: dict[str, float] = {}
    for one in named or (ALL_FIELDS,):
        name, boost = _with_boost(one)
        boosts[name] = boost * boosts[one] if one in boosts else boost
    found: dict[str, float] = {}
    for name, boost in boosts.items():
        for field in _matching(name, scope):
            found[field] = found.get(field, 1.0) * boost
    return found


def covers_all(named: Sequence[str]) -> bool:
    """Whether the names of a clause stand for all fields, which makes it lenient."""
    return ALL_FIELDS in (named or (ALL_FIELDS,))


def is_mapped(name: str, scope: Scope) -> bool:
    """Whether there is such a field."""
    return name == ID or scope.find(name) is not None


def each(
    names: Iterable[str], text: str, scope: Scope, options: Matching, specification: Minimum | None = None
) -> Query | None:
    """Return the union over the fields, each settled first; None when every field leaves the text out.

    Where one field alone has something to ask and no minimum is given, its clauses stay open for a minimum to come.
    """
    asked = [matched(name, text, scope, options) for name in names if is_mapped(name, scope)]
    queries = [query for query in asked if query is not None]
    if len(queries) == 1 and specification is None:
        return queries[0]
    return any_of([settled(query, specification) for query in queries]) if queries else options.no_terms


def _with_boost(name: str) -> tuple[str, float]:
    field, caret, boost = name.partition("^")
    if not caret:
        return field, 1.0
    if not _BOOST.fullmatch(boost):
        raise InvalidInput(f"`{boost}` is not a boost", hint="write `field^2`")
    return field, float(boost.strip().rstrip("fFdD"))


def _matching(name: str, scope: Scope) -> list[str]:
    if "*" not in name:
        return [name] if is_mapped(name, scope) else []
    if name == ALL_FIELDS:
        return [field.name for field in scope.fields if not field.name.startswith("_")]
    return [field.name for field in scope.match(name)]


def _options(clause: MultiMatch, kind: str, scope: Scope) -> Matching:
    _check(clause, kind)
    most = not_below("max_expansions", clause.max_expansions, 1, MAX_EXPANSIONS)
    return Matching(
        now=scope.now,
        way=_WAYS[kind],
        all_needed=needs_all(clause.operator),
        slop=not_below("slop", clause.slop, 0, 0),
        analyzer=scope.analyzer(clause.analyzer),
        fuzziness=None if clause.fuzziness is None else fuzziness(clause.fuzziness),
        prefix_length=not_below("prefix_length", clause.prefix_length, 0, 0),
        max_expansions=most,
        fuzzy_expansions=expansion_limit(clause.fuzzy_rewrite, most),
        transpositions=clause.fuzzy_transpositions is not False,
        lenient=covers_all(clause.fields) if clause.lenient is None else clause.lenient,
        no_terms=no_terms(clause.zero_terms_query),
    )


def _check(clause: MultiMatch, kind: str) -> None:
    if kind not in _WAYS:
        raise InvalidInput(f"`{clause.type}` is not a type of `multi_match`", hint=f"use {', '.join(_WAYS)}")
    if clause.fuzziness is not None and kind in _WITHOUT_FUZZINESS:
        raise InvalidInput(f"`fuzziness` does not go with `{kind}`", hint="leave one of them out")
    if clause.slop not in (None, 0) and kind == "bool_prefix":
        raise InvalidInput("`slop` does not go with `bool_prefix`", hint="leave one of them out")


# --- cross_fields -----------------------------------------------------------------------------------------------------


def _across(names: Sequence[str], text: str, scope: Scope, options: Matching, minimum: Minimum | None) -> Bound:
    """Ask the fields of one analyzer as if they were one; groups of fields stand beside each other."""
    if ID in names:
        raise UnsupportedClause(f"`{ID}` is not available in `cross_fields`", hint="use `ids`")
    fields = [found for found in map(scope.find, names) if found is not None]
    groups = groupby(
        sorted(fields, key=lambda found: _speaks(found, options)), key=lambda found: _speaks(found, options)
    )
    asked = [_as_one(list(group), text, scope, options) for _, group in groups]
    queries = [settled(query, minimum) for query in asked if query is not None]
    return any_of(queries) if queries else NOTHING


def _speaks(found: Field, options: Matching) -> str:
    """Return the name of what analyses the text for a field."""
    speaker: Analyzer | Normalizer | None = options.analyzer or found.search_analyzer or found.normalizer
    return "" if speaker is None else f"{type(speaker).__name__} {speaker.name}"


def _as_one(fields: Sequence[Field], text: str, scope: Scope, options: Matching) -> Query | None:
    words = analysed(fields[0], text, options)
    if not words:
        return options.no_terms

    def any_field(term: str) -> Bound:
        return any_of([_seen(found, term, scope, options) for found in fields])

    return joined(words, options, any_field, any_field)


def _seen(found: Field, term: str, scope: Scope, options: Matching) -> Bound:
    return scope.seen(found, forgiving(options, lambda: one_of(found, [term], now=options.now)))
