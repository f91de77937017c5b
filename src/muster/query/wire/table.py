"""The clauses on the wire, one row each; reading and writing share it."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Literal

from muster.query.naming import Place, clause_name
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
    Wildcard,
)
from muster.query.wire import kinds
from muster.query.wire.bounds import modern_bounds
from muster.query.wire.kinds import Kind
from muster.query.wire.together import check_multi_match, check_span_not

Options = Mapping[str, Kind]


@dataclass(frozen=True, slots=True)
class Form:
    """How a clause is written.

    `plain`: `{"exists": {options}}`; `field`: `{"term": {field: {options}}}`; `terms`: `{"terms": {field: values, options}}`.
    """

    node: type[Node]
    options: Options
    shape: Literal["plain", "field", "terms"] = "plain"
    short: str | None = None
    """The option that may stand for all of them: `{"term": {field: value}}`."""
    null: frozenset[str] = frozenset()
    """Options that may be null, which is as if they were not said."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Older names of options, and misspellings of clients."""
    empty: frozenset[str] = frozenset()
    """Lists that may be left out, and are when there is nothing in them."""
    ignored: frozenset[str] = frozenset()
    """Options that OpenSearch takes and passes over."""
    before: Callable[[Mapping[str, Any], Place], Mapping[str, Any]] | None = None
    """Brings older options into today's before they are read."""
    check: Callable[[Mapping[str, Any], Place], None] | None = None
    """Refuses options that do not go together."""

    @property
    def name(self) -> str:
        """What the clause is called on the wire."""
        return NAMES[self.node]

    @property
    def required(self) -> frozenset[str]:
        """The options without which there is no clause."""
        needed = {one.name for one in fields(self.node) if one.default is MISSING}
        return frozenset(needed & self.options.keys() - self.empty)


COMMON: Options = {"boost": kinds.BOOST, "_name": kinds.TEXT}
"""What every clause takes; written last."""

ATTRIBUTES: Mapping[str, str] = {"_name": "name"}
"""Attributes that are not called as the option is."""


def _field(node: type[Node], short: str | None, options: Options, **more: Any) -> Form:
    return Form(node, {**options, **COMMON}, shape="field", short=short, **more)


def _plain(node: type[Node], options: Options, **more: Any) -> Form:
    return Form(node, {**options, **COMMON}, **more)


_REWRITABLE: Options = {"value": kinds.TEXT, "case_insensitive": kinds.FLAG, "rewrite": kinds.REWRITE}
_FUZZY_WORDS: Options = {
    "fuzziness": kinds.FUZZINESS,
    "prefix_length": kinds.NATURAL,
    "max_expansions": kinds.POSITIVE,
    "fuzzy_transpositions": kinds.FLAG,
    "fuzzy_rewrite": kinds.REWRITE,
    "lenient": kinds.FLAG,
    "zero_terms_query": kinds.ZERO_TERMS,
    "auto_generate_synonyms_phrase_query": kinds.FLAG,
}
_PHRASE: Options = {"query": kinds.VALUE, "slop": kinds.NATURAL}
_OCCURRENCES = {"must": kinds.MANY, "filter": kinds.MANY, "should": kinds.MANY, "must_not": kinds.MANY}

_ROWS = (
    _plain(MatchAll, {}),
    _plain(MatchNone, {}),
    _field(Term, "value", {"value": kinds.VALUE, "case_insensitive": kinds.FLAG}, aliases={"term": "value"}),
    Form(Terms, {"values": kinds.VALUES, **COMMON}, shape="terms"),
    _plain(Ids, {"values": kinds.TEXTS}, empty=frozenset({"values"})),
    _plain(Exists, {"field": kinds.NAME}),
    _field(Prefix, "value", _REWRITABLE, null=frozenset({"rewrite"})),
    _field(Wildcard, "value", _REWRITABLE, null=frozenset({"rewrite"}), aliases={"wildcard": "value"}),
    _field(
        Regexp,
        "value",
        {
            "value": kinds.TEXT,
            "flags": kinds.REGEXP_FLAGS,
            "case_insensitive": kinds.FLAG,
            "max_determinized_states": kinds.NATURAL,
            "rewrite": kinds.REWRITE,
        },
        null=frozenset({"flags", "rewrite"}),
    ),
    _field(
        Fuzzy,
        "value",
        {
            "value": kinds.VALUE,
            "fuzziness": kinds.FUZZINESS,
            "max_expansions": kinds.POSITIVE,
            "prefix_length": kinds.NATURAL,
            "transpositions": kinds.FLAG,
            "rewrite": kinds.REWRITE,
        },
        aliases={"term": "value"},
    ),
    _field(
        Range,
        None,
        {
            "gt": kinds.VALUE,
            "gte": kinds.VALUE,
            "lt": kinds.VALUE,
            "lte": kinds.VALUE,
            "format": kinds.TEXT,
            "time_zone": kinds.TEXT,
            "relation": kinds.RELATION,
        },
        null=frozenset({"gt", "gte", "lt", "lte"}),
        before=modern_bounds,
    ),
    _field(
        Match,
        "query",
        {
            "query": kinds.VALUE,
            "operator": kinds.OPERATOR,
            "minimum_should_match": kinds.MINIMUM,
            "analyzer": kinds.TEXT,
            **_FUZZY_WORDS,
        },
    ),
    _field(MatchPhrase, "query", {**_PHRASE, "analyzer": kinds.TEXT, "zero_terms_query": kinds.ZERO_TERMS}),
    _field(
        MatchPhrasePrefix,
        "query",
        {**_PHRASE, "max_expansions": kinds.NATURAL, "analyzer": kinds.TEXT, "zero_terms_query": kinds.ZERO_TERMS},
    ),
    _plain(
        MultiMatch,
        {
            "query": kinds.VALUE,
            "fields": kinds.FIELDS,
            "type": kinds.MATCH_TYPE,
            "operator": kinds.OPERATOR,
            "minimum_should_match": kinds.MINIMUM,
            "tie_breaker": kinds.SHARE,
            "slop": kinds.NATURAL,
            "analyzer": kinds.TEXT,
            **_FUZZY_WORDS,
        },
        empty=frozenset({"fields"}),
        check=check_multi_match,
    ),
    _plain(
        SimpleQueryString,
        {
            "query": kinds.TEXT,
            "fields": kinds.FIELD_LIST,
            "default_operator": kinds.OPERATOR,
            "flags": kinds.SIMPLE_FLAGS,
            "analyzer": kinds.TEXT,
            "analyze_wildcard": kinds.FLAG,
            "lenient": kinds.FLAG,
            "minimum_should_match": kinds.MINIMUM,
            "quote_field_suffix": kinds.TEXT,
            "fuzzy_prefix_length": kinds.WHOLE,
            "fuzzy_max_expansions": kinds.WHOLE,
            "fuzzy_transpositions": kinds.FLAG,
            "auto_generate_synonyms_phrase_query": kinds.FLAG,
        },
        empty=frozenset({"fields"}),
        ignored=frozenset({"all_fields", "locale", "lowercase_expanded_terms"}),
    ),
    _plain(
        Bool,
        {**_OCCURRENCES, "minimum_should_match": kinds.MINIMUM, "adjust_pure_negative": kinds.FLAG},
        null=frozenset({*_OCCURRENCES, "minimum_should_match"}),
        aliases={"mustNot": "must_not"},
    ),
    _plain(ConstantScore, {"filter": kinds.ONE}),
    _plain(DisMax, {"queries": kinds.SOME, "tie_breaker": kinds.SHARE}),
    _plain(
        Nested,
        {"path": kinds.NAME, "query": kinds.ONE, "score_mode": kinds.SCORE_MODE, "ignore_unmapped": kinds.FLAG},
        null=frozenset({"score_mode", "ignore_unmapped"}),
        aliases={"score_more": "score_mode"},
    ),
    _field(SpanTerm, "value", {"value": kinds.VALUE}, aliases={"term": "value"}),
    _plain(SpanNear, {"clauses": kinds.SPANS, "slop": kinds.WHOLE, "in_order": kinds.FLAG}),
    _plain(SpanOr, {"clauses": kinds.SPANS}),
    _plain(SpanWithin, {"little": kinds.SPAN, "big": kinds.SPAN}),
    _plain(
        SpanNot,
        {"include": kinds.SPAN, "exclude": kinds.SPAN, "pre": kinds.WHOLE, "post": kinds.WHOLE, "dist": kinds.WHOLE},
        check=check_span_not,
    ),
)

NAMES: Mapping[type[Clause], str] = {form.node: clause_name(form.node) for form in _ROWS}
FORMS: Mapping[str, Form] = {NAMES[form.node]: form for form in _ROWS}
