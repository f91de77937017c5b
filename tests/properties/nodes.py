"""Strategies for clauses, and what clauses mean on tiny documents, said as plainly as possible."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from muster.query.formula import anonymous
from muster.query.minimum import minimum
from muster.query.nodes import (
    Bool,
    Clause,
    ConstantScore,
    DisMax,
    Exists,
    Fuzzy,
    Ids,
    Match,
    MatchAll,
    MatchNone,
    MatchPhrase,
    MatchPhrasePrefix,
    MultiMatch,
    Nested,
    Node,
    Prefix,
    Range,
    Regexp,
    SimpleQueryString,
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
from muster.query.wire import canonical

Nodes = st.SearchStrategy[Any]

FIELDS = ("type", "tags", "a/b", "m~n")
VALUES: tuple[Value, ...] = ("x", "y", "X", 1, 1.0, True, -0.0, 0.0, False)
MINIMUMS = (0, 1, 2, 3, -1, -5, "50%", "-50%", "100%", "1<50%", "2<-1 3<75%")
SAMPLE = 8


def _maybe(values: Nodes) -> Nodes:
    return st.none() | values


_fields = st.sampled_from(FIELDS)
_values = st.sampled_from(VALUES)
_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=SAMPLE)
_flags = _maybe(st.booleans())
_counts = _maybe(st.integers(0, 9))
_positives = _maybe(st.integers(1, 9))
_operators = _maybe(st.sampled_from(("and", "or")))
_minimums = _maybe(st.sampled_from(MINIMUMS))
_fuzziness = _maybe(st.sampled_from((0, 1, 2, "AUTO", "AUTO:2,5")))
_rewrites = _maybe(st.sampled_from(("constant_score", "top_terms_3")))
_zero_terms = _maybe(st.sampled_from(("none", "all")))
_boosts = _maybe(st.sampled_from((0.0, 0.5, 1.0, 2.0)))
_field_lists = st.lists(st.sampled_from(("name", "name^2", "description")), max_size=2).map(tuple)
_common = {"name": _maybe(st.sampled_from(("first", "second"))), "boost": _boosts}
_words = {
    "fuzziness": _fuzziness,
    "prefix_length": _counts,
    "max_expansions": _positives,
    "fuzzy_transpositions": _flags,
    "fuzzy_rewrite": _rewrites,
    "lenient": _flags,
    "zero_terms_query": _zero_terms,
    "auto_generate_synonyms_phrase_query": _flags,
    "operator": _operators,
    "minimum_should_match": _minimums,
    "analyzer": _maybe(st.just("standard")),
}
_patterns = {"field": _fields, "value": _texts, "case_insensitive": _flags, "rewrite": _rewrites, **_common}
_phrases = {"field": _fields, "query": _values, "slop": _counts, "zero_terms_query": _zero_terms, **_common}
_bounds = _maybe(_values)


def _lists(of: Nodes, least: int = 0) -> Nodes:
    return st.lists(of, min_size=least, max_size=3).map(tuple)


terms: Nodes = st.one_of(
    st.builds(Term, _fields, _values, case_insensitive=_flags, **_common),
    st.builds(Terms, _fields, _lists(_values), **_common),
)
"""The clauses that rewriting gathers."""

_one_sided = st.one_of(
    st.fixed_dictionaries({}, optional={"gt": _values, "lt": _values}),
    st.fixed_dictionaries({}, optional={"gte": _values, "lte": _values}),
)
_ranges = st.builds(
    lambda bounds, **more: Range(**bounds, **more),
    _one_sided,
    field=_fields,
    format=_maybe(st.just("yyyy")),
    time_zone=_maybe(st.just("+01:00")),
    relation=_maybe(st.sampled_from(("intersects", "within"))),
    **_common,
)

leaves: Nodes = st.one_of(
    terms,
    st.builds(MatchAll, **_common),
    st.builds(MatchNone, **_common),
    st.builds(Ids, _lists(st.sampled_from(("0", "1", "2"))), **_common),
    st.builds(Exists, _fields, **_common),
    st.builds(Prefix, **_patterns),
    st.builds(Wildcard, **_patterns),
    st.builds(Regexp, flags=_maybe(st.just("ALL")), max_determinized_states=_counts, **_patterns),
    st.builds(Fuzzy, _fields, _values, _fuzziness, _positives, _counts, _flags, _rewrites, **_common),
    _ranges,
    st.builds(Match, field=_fields, query=_values, **_words, **_common),
    st.builds(MatchPhrase, **_phrases),
    st.builds(MatchPhrasePrefix, max_expansions=_counts, **_phrases),
    st.builds(
        MultiMatch,
        query=_values,
        fields=_field_lists,
        type=_maybe(st.sampled_from(("best_fields", "most_fields"))),
        tie_breaker=_maybe(st.sampled_from((0.0, 0.3))),
        slop=_counts,
        **_words,
        **_common,
    ),
    st.builds(
        SimpleQueryString,
        query=_texts,
        fields=_field_lists,
        default_operator=_operators,
        flags=_maybe(st.sampled_from(("ALL", "OR|AND", -1, 3))),
        minimum_should_match=_minimums,
        fuzzy_prefix_length=_counts,
        **_common,
    ),
)
"""Clauses with none inside, every option said or not."""

_unboosted = {"name": _common["name"]}
spans: Nodes = st.recursive(
    st.builds(SpanTerm, _fields, _values, **_unboosted),
    lambda inside: st.one_of(
        st.builds(SpanNear, _lists(inside, 1), _counts, _flags, **_unboosted),
        st.builds(SpanOr, _lists(inside, 1), **_unboosted),
        st.builds(SpanWithin, inside, inside, **_unboosted),
        st.builds(SpanNot, inside, inside, pre=_counts, post=_counts, **_unboosted),
    ),
    max_leaves=4,
)


def _compounds(inside: Nodes) -> Nodes:
    occurrence = _lists(inside)
    return st.one_of(
        st.builds(Bool, occurrence, occurrence, occurrence, occurrence, _minimums, _flags, **_common),
        st.builds(ConstantScore, inside, **_common),
        st.builds(DisMax, _lists(inside, 1), _maybe(st.just(0.5)), **_common),
        st.builds(Nested, st.just("columns"), inside, _maybe(st.just("max")), _flags, **_common),
    )


nodes: Nodes = st.recursive(leaves | spans, _compounds, max_leaves=10)
"""Any clause at all."""

trees: Nodes = st.recursive(terms | st.builds(MatchAll) | st.builds(MatchNone), _compounds, max_leaves=14)
"""Clauses over few terms, so that the passes find something to do."""


@dataclass(frozen=True)
class Document:
    """Values by field, and the nested objects in it."""

    id: str
    values: frozenset[tuple[str, str]]
    columns: tuple[Document, ...] = field(default=())


def _documents(columns: Nodes) -> Nodes:
    values = st.frozensets(st.tuples(_fields, _values.map(repr)), max_size=4)
    return st.builds(Document, st.sampled_from(("0", "1", "2")), values, columns)


documents: Nodes = _documents(_lists(_documents(st.just(()))))


def holds(node: Node, document: Document) -> bool:
    """Tell whether a clause holds for a document; clauses about analysed text are decided by a hash of both."""
    match node:
        case MatchAll() | MatchNone():
            return isinstance(node, MatchAll)
        case Term(field=name, value=str(value), case_insensitive=True):
            return any(name == one and repr(value).lower() == other.lower() for one, other in document.values)
        case Term(field=name, value=value):
            return (name, repr(value)) in document.values
        case Terms(field=name, values=values):
            return any((name, repr(value)) in document.values for value in values)
        case Ids(values=ids):
            return document.id in ids
        case Nested(query=query):
            return any(holds(query, column) for column in document.columns)
        case ConstantScore(filter=inner):
            return holds(inner, document)
        case DisMax(queries=queries):
            return any(holds(query, document) for query in queries)
        case Bool():
            return _bool_holds(node, document)
        case _:
            return drawn(node, document)


def _bool_holds(node: Bool, document: Document) -> bool:
    """Count as the server does: its default, its rule for nothing but `must_not`, its minimum of no options."""
    wanted, unwanted = node.must + node.filter, node.must_not
    if not wanted and not node.should:
        adjusted = node.adjust_pure_negative is not False or not unwanted
        return adjusted and not any(holds(part, document) for part in unwanted)
    needed = 0 if node.minimum_should_match is None else minimum(len(node.should), node.minimum_should_match)
    if not wanted:
        needed = max(needed, 1)
    found = sum(holds(part, document) for part in node.should)
    return (
        found >= needed
        and all(holds(part, document) for part in wanted)
        and not any(holds(part, document) for part in unwanted)
    )


def drawn(leaf: Clause, document: Document) -> bool:
    """Decide by a hash, so that the same leaf always has the same members, whatever its name and boost."""
    text = f"{canonical(anonymous(leaf))}{document.id}{sorted(document.values)}"  # type: ignore[type-var]
    return hashlib.sha256(text.encode()).digest()[0] % 2 == 0
