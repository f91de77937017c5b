"""Hypothesis strategies for clauses, and what a clause says of one drawn asset."""

from dataclasses import replace
from hashlib import sha256

from hypothesis import strategies as st

from muster.query.aliases import ALIASES, FREE_TEXT
from muster.query.limits import DEFAULT
from muster.query.minimum import minimum as asked_for
from muster.query.nodes import (
    Bool,
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
    SpanTerm,
    Term,
    Terms,
    Wildcard,
)

SIGNS = "ab AND OR *?\\\"'/~:()[]{}<>=,.-_|&!\n\té💡5eTOi"
texts = st.one_of(
    st.sampled_from(
        ["", "Table", "now-30d/d", "true", "5", "1.10", "1e3", "OR", "a..b", "*", "-x", "\\", "a\\", "/x/"]
    ),
    st.text(st.sampled_from(SIGNS), max_size=8),
)
filled = texts.filter(bool)
values = st.one_of(
    texts, st.booleans(), st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False)
)
fields = st.one_of(st.sampled_from([*ALIASES.values(), *ALIASES, "_id", "OR", "a b", "popularityScore"]), filled)
flags = st.sampled_from([None, None, True, False])
slops = st.sampled_from([None, 0, 2])
bounds = st.one_of(st.none(), values)


def _ranges(field: str, bound: tuple[object, ...], zone: str | None) -> Range:
    gt, gte, lt, lte = bound
    return Range(field, gt=gt, gte=gte, lt=lt, lte=lte, time_zone=zone)  # type: ignore[arg-type]


plain_leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(Term, fields, values, case_insensitive=flags),
    st.builds(Terms, fields, st.lists(values, max_size=4).map(tuple)),
    st.builds(Ids, st.lists(texts, max_size=3).map(tuple)),
    st.builds(Exists, fields),
    st.builds(Prefix, fields, texts, case_insensitive=flags),
    st.builds(Wildcard, fields, texts, case_insensitive=flags),
    st.builds(Regexp, fields, texts, case_insensitive=flags, flags=st.sampled_from([None, None, "ALL"])),
    st.builds(Fuzzy, fields, values, fuzziness=st.sampled_from([None, 1, "AUTO"])),
    st.builds(
        _ranges,
        fields,
        st.tuples(bounds, bounds, bounds, bounds),
        st.sampled_from([None, None, "+01:00"]),
    ),
    st.builds(Match, fields, values, operator=st.sampled_from([None, "and", "or"])),
    st.builds(MatchPhrase, fields, values, slop=slops),
    st.builds(MatchPhrasePrefix, fields, texts),
    st.builds(MultiMatch, texts, st.just(FREE_TEXT), type=st.sampled_from([None, "phrase"]), slop=slops),
    st.builds(SimpleQueryString, texts, st.just(("name",))),
    st.sampled_from([MatchAll(), MatchNone()]),
)
spans = st.builds(SpanNear, st.lists(st.builds(SpanTerm, filled, filled), min_size=1, max_size=2).map(tuple))


@st.composite
def scored(draw: st.DrawFn, clauses: st.SearchStrategy[Node]) -> Node:
    """Give some clauses a name or a boost."""
    node = draw(clauses)
    name, boost = draw(st.sampled_from([(None, None)] * 6 + [("n", None), (None, 2.0)]))
    return replace(node, name=name, boost=boost)


def _compounds(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.builds(
            Bool,
            must=st.one_of(st.just(()), some),
            filter=some,
            should=st.one_of(st.just(()), some),
            must_not=st.one_of(st.just(()), some),
            minimum_should_match=st.sampled_from([None, None, 0, 1, 2, -1, "75%", "2<75%"]),
            adjust_pure_negative=st.sampled_from([None, None, None, False]),
        ),
        st.builds(ConstantScore, inner),
        st.builds(DisMax, st.lists(inner, min_size=1, max_size=2).map(tuple)),
        st.builds(Nested, filled, inner),
    )


plain_names = st.sampled_from(["__traitNames", "description", "f"])
common: st.SearchStrategy[Node] = st.one_of(
    st.builds(Term, plain_names, filled, case_insensitive=flags),
    st.builds(Terms, plain_names, st.lists(values, min_size=1, max_size=3).map(tuple)),
    st.builds(Exists, plain_names),
    st.builds(Prefix, plain_names, filled, case_insensitive=flags),
    st.builds(Wildcard, plain_names, filled, case_insensitive=flags),
    st.builds(Fuzzy, plain_names, filled, fuzziness=slops),
    st.builds(Match, plain_names, filled, operator=st.sampled_from([None, "and"])),
    st.builds(MatchPhrase, plain_names, filled, slop=slops),
)


def _logic(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(inner, max_size=2).map(tuple)
    return st.builds(
        Bool,
        filter=some,
        should=st.one_of(st.just(()), some),
        must_not=some,
        minimum_should_match=st.sampled_from([None, 1, 2]),
    )


plain_clauses = st.recursive(common, _logic, max_leaves=10)
"""Clauses that people write: few fields, no scoring, logic in filter context."""

clauses = st.recursive(scored(st.one_of(plain_leaves, spans)), lambda inner: scored(_compounds(inner)), max_leaves=8)
"""Any clause within the limits."""

assert DEFAULT.nesting > 8


def holds(node: Node, asset: int) -> bool:
    """Tell whether a clause holds for a drawn asset: leaves by lot, the rest by logic.

    Leaves that mean the same have the same lot.
    """
    match node:
        case Bool():
            return _bool_holds(node, asset)
        case ConstantScore(filter=inner):
            return holds(inner, asset)
        case DisMax(queries=queries):
            return any(holds(query, asset) for query in queries)
        case MatchAll():
            return True
        case MatchNone() | Terms(values=()) | Ids(values=()):
            return False
        case Terms(field=field, values=(value,)):
            return holds(Term(field, value), asset)
        case _:
            return sha256(f"{asset} {_normal(node)!r}".encode()).digest()[0] % 2 == 0


def _bool_holds(node: Bool, asset: int) -> bool:
    required = node.must + node.filter
    found = sum(holds(option, asset) for option in node.should)
    asked = asked_for(len(node.should), 0 if node.minimum_should_match is None else node.minimum_should_match)
    if node.should and not required:
        asked = max(1, asked)
    if node.adjust_pure_negative is False and not required and not node.should and node.must_not:
        return False
    refused = any(holds(part, asset) for part in node.must_not)
    return found >= asked and not refused and all(holds(part, asset) for part in required)


def _normal(node: Node) -> Node:
    """Return what a leaf means without what may be said in several ways."""
    bare = replace(node, name=None, boost=None)
    match bare:
        case Term() | Prefix() | Regexp() if bare.case_insensitive is False:
            return replace(bare, case_insensitive=None)
        case Wildcard(value=pattern):
            return _normal_wildcard(bare, pattern)
        case _:
            return bare


def _normal_wildcard(node: Wildcard, pattern: str) -> Node:
    folded = node.case_insensitive or None
    signs: list[tuple[str, bool]] = []
    rest = iter(pattern)
    for char in rest:
        following = next(rest, "") if char == "\\" else ""
        signs.append((following or char, char in "*?"))
    text = "".join(char for char, _ in signs)
    if [wild for _, wild in signs] == [False] * (len(signs) - 1) + [True] and text[-1] == "*" and len(text) > 1:
        return replace(Prefix(node.field, text[:-1], case_insensitive=folded), rewrite=node.rewrite)
    escaped = "".join(char if wild or char not in "*?\\" else f"\\{char}" for char, wild in signs)
    return replace(node, value=escaped, case_insensitive=folded)
