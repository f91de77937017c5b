"""The clauses of a selection: frozen nodes in one closed union, no logic but equality.

Names and defaults are OpenSearch's. An option that was not said is `None`, so that a clause is written back as it
came; what an unsaid option means is settled in `muster.binding`. Every clause may carry `name` (`_name` on the wire)
and `boost`, which never change members.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TypeAlias

Value: TypeAlias = str | int | float | bool
Minimum: TypeAlias = int | str
"""`minimum_should_match`: `2`, `-1`, `"75%"`, `"2<75% 9<-3"`."""

_READERS: dict[type, Callable[[object], tuple[object, ...]]] = {}


def _typed(value: object) -> object:
    """Pair a value with its type; a float is told by its text, so that `-0.0` is not `0.0`."""
    match value:
        case tuple():
            return tuple(_typed(part) for part in value)
        case float():
            return (float, repr(value))
        case _:
            return (type(value), value)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clause:
    """What every clause may carry.

    Two clauses are equal when they say the same in the same types: `1`, `1.0` and `True` are equal in Python, but
    three different terms of a keyword field.
    """

    name: str | None = None
    boost: float | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Clause) or type(self) is not type(other):
            return False
        return self is other or _typed(self._said()) == _typed(other._said())

    def __hash__(self) -> int:
        return hash((type(self), self._said()))

    def _said(self) -> tuple[object, ...]:
        """Return all that the clause says, in order; which fields those are is looked up once a class."""
        kind = type(self)
        if kind not in _READERS:
            _READERS[kind] = attrgetter(*(field.name for field in fields(self)))
        return _READERS[kind](self)


@dataclass(frozen=True, slots=True, eq=False)
class MatchAll(Clause):
    """Every asset."""


@dataclass(frozen=True, slots=True, eq=False)
class MatchNone(Clause):
    """No asset."""


@dataclass(frozen=True, slots=True, eq=False)
class Term(Clause):
    """Assets that have exactly this indexed value."""

    field: str
    value: Value
    case_insensitive: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Terms(Clause):
    """Assets that have one of these indexed values."""

    field: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ids(Clause):
    """Assets by their document id, which is the guid."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Exists(Clause):
    """Assets with at least one indexed value in the field."""

    field: str


@dataclass(frozen=True, slots=True, eq=False)
class Prefix(Clause):
    """Assets with a value that starts so."""

    field: str
    value: str
    case_insensitive: bool | None = None
    rewrite: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Wildcard(Clause):
    """Assets with a value of this shape: `*` any run, `?` one character, a backslash escapes."""

    field: str
    value: str
    case_insensitive: bool | None = None
    rewrite: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Regexp(Clause):
    """Assets with a value that matches as a whole, in Lucene's dialect."""

    field: str
    value: str
    flags: str | None = None
    case_insensitive: bool | None = None
    max_determinized_states: int | None = None
    rewrite: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Fuzzy(Clause):
    """Assets with a value within an edit distance."""

    field: str
    value: Value
    fuzziness: str | int | None = None
    max_expansions: int | None = None
    prefix_length: int | None = None
    transpositions: bool | None = None
    rewrite: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Range(Clause):
    """Assets with a value between bounds; on dates the bounds may be date math."""

    field: str
    gt: Value | None = None
    gte: Value | None = None
    lt: Value | None = None
    lte: Value | None = None
    format: str | None = None
    time_zone: str | None = None
    relation: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Match(Clause):
    """Assets whose text holds the analysed words."""

    field: str
    query: Value
    operator: str | None = None
    minimum_should_match: Minimum | None = None
    analyzer: str | None = None
    fuzziness: str | int | None = None
    prefix_length: int | None = None
    max_expansions: int | None = None
    fuzzy_transpositions: bool | None = None
    fuzzy_rewrite: str | None = None
    lenient: bool | None = None
    zero_terms_query: str | None = None
    auto_generate_synonyms_phrase_query: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class MatchPhrase(Clause):
    """Assets whose text holds the words in this order, `slop` moves apart."""

    field: str
    query: Value
    slop: int | None = None
    analyzer: str | None = None
    zero_terms_query: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class MatchPhrasePrefix(Clause):
    """As `MatchPhrase`, the last word being a prefix."""

    field: str
    query: Value
    slop: int | None = None
    max_expansions: int | None = None
    analyzer: str | None = None
    zero_terms_query: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class MultiMatch(Clause):
    """A `match` over several fields, combined as `type` says."""

    query: Value
    fields: tuple[str, ...]
    type: str | None = None
    operator: str | None = None
    minimum_should_match: Minimum | None = None
    tie_breaker: float | None = None
    slop: int | None = None
    analyzer: str | None = None
    fuzziness: str | int | None = None
    prefix_length: int | None = None
    max_expansions: int | None = None
    fuzzy_transpositions: bool | None = None
    fuzzy_rewrite: str | None = None
    lenient: bool | None = None
    zero_terms_query: str | None = None
    auto_generate_synonyms_phrase_query: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SimpleQueryString(Clause):
    """A query typed by a person, in OpenSearch's forgiving syntax."""

    query: str
    fields: tuple[str, ...]
    default_operator: str | None = None
    flags: str | int | None = None
    analyzer: str | None = None
    analyze_wildcard: bool | None = None
    lenient: bool | None = None
    minimum_should_match: Minimum | None = None
    quote_field_suffix: str | None = None
    fuzzy_prefix_length: int | None = None
    fuzzy_max_expansions: int | None = None
    fuzzy_transpositions: bool | None = None
    auto_generate_synonyms_phrase_query: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Bool(Clause):
    """Clauses by occurrence.

    Without `minimum_should_match`, `should` must hold once when it stands alone (or beside `must_not`), and is
    optional beside `must` or `filter`. An empty bool holds for every asset.
    """

    must: "tuple[Node, ...]" = ()
    filter: "tuple[Node, ...]" = ()
    should: "tuple[Node, ...]" = ()
    must_not: "tuple[Node, ...]" = ()
    minimum_should_match: Minimum | None = None
    adjust_pure_negative: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ConstantScore(Clause):
    """The members of its filter."""

    filter: "Node"


@dataclass(frozen=True, slots=True, eq=False)
class DisMax(Clause):
    """Assets that match at least one of the queries."""

    queries: "tuple[Node, ...]"
    tie_breaker: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Nested(Clause):
    """Assets with at least one nested object under `path` that matches as a whole."""

    path: str
    query: "Node"
    score_mode: str | None = None
    ignore_unmapped: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SpanTerm(Clause):
    """Positions of one indexed term."""

    field: str
    value: Value


@dataclass(frozen=True, slots=True, eq=False)
class SpanNear(Clause):
    """Spans close to each other, at most `slop` positions apart in all."""

    clauses: "tuple[Span, ...]"
    slop: int | None = None
    in_order: bool | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SpanOr(Clause):
    """Spans of any of the clauses."""

    clauses: "tuple[Span, ...]"


@dataclass(frozen=True, slots=True, eq=False)
class SpanWithin(Clause):
    """Spans of `little` that lie inside a span of `big`."""

    little: "Span"
    big: "Span"


@dataclass(frozen=True, slots=True, eq=False)
class SpanNot(Clause):
    """Spans of `include` that no span of `exclude` overlaps, `pre` and `post` positions around counted."""

    include: "Span"
    exclude: "Span"
    pre: int | None = None
    post: int | None = None
    dist: int | None = None


Span: TypeAlias = SpanTerm | SpanNear | SpanOr | SpanWithin | SpanNot

Leaf: TypeAlias = (
    MatchAll
    | MatchNone
    | Term
    | Terms
    | Ids
    | Exists
    | Prefix
    | Wildcard
    | Regexp
    | Fuzzy
    | Range
    | Match
    | MatchPhrase
    | MatchPhrasePrefix
    | MultiMatch
    | SimpleQueryString
    | Nested
    | Span
)
"""What is asked of an engine as one: `Nested` and spans count as leaves, their insides cannot be combined outside."""

Compound: TypeAlias = Bool | ConstantScore | DisMax

Node: TypeAlias = Leaf | Compound
