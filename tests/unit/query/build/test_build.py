"""The fluent builder: each operator is one clause, combined in filter context."""

from datetime import UTC, datetime
from typing import Any

import pytest
from elasticsearch.dsl import Q as ElasticQ
from elasticsearch.dsl import Search as ElasticSearch
from elasticsearch.dsl import query as elastic
from opensearchpy import Q as OpenQ
from opensearchpy import Search as OpenSearch

from muster.errors import InvalidInput, InvalidSelection
from muster.query.build import Condition, F, field, nested, select
from muster.query.nodes import (
    Bool,
    Exists,
    Fuzzy,
    Match,
    MatchPhrase,
    MatchPhrasePrefix,
    Nested,
    Node,
    Prefix,
    Range,
    Regexp,
    Term,
    Terms,
    Wildcard,
)

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
A, B, C = (Term("ownerUsers", name, case_insensitive=False) for name in "abc")
IS_A, IS_B, IS_C = (F.owner_users == name for name in "abc")

OPERATORS: dict[str, tuple[Condition, Node]] = {
    "equal": (F.guid == "x", Term("__guid", "x", case_insensitive=False)),
    "not equal": (F.guid != "x", Bool(must_not=(Term("__guid", "x", case_insensitive=False),))),
    "has": (F.tags.has("PII"), Term("__traitNames", "PII", case_insensitive=False)),
    "option unsaid": (F.guid.eq("x", case_insensitive=None), Term("__guid", "x")),
    "one of": (F.guid.one_of(["x", "y"]), Terms("__guid", ("x", "y"))),
    "in": (F.guid.in_({"x": 1}), Terms("__guid", ("x",))),
    "starts with": (F.name.starts_with("o"), Prefix("name.keyword", "o", case_insensitive=False)),
    "contains": (F.name.contains("a*b"), Wildcard("name.keyword", r"*a\*b*", case_insensitive=False)),
    "ends with": (F.name.ends_with("b"), Wildcard("name.keyword", "*b", case_insensitive=False)),
    "wildcard": (F.name.wildcard("a?", case_insensitive=True), Wildcard("name.keyword", "a?", case_insensitive=True)),
    "matches": (F.name.matches("a.*"), Regexp("name.keyword", "a.*", case_insensitive=False)),
    "fuzzy": (F.name.fuzzy("ordr", 1), Fuzzy("name.keyword", "ordr", fuzziness=1)),
    "exists": (F.name.exists(), Exists("name.keyword")),
    "missing": (F.name.missing(), Bool(must_not=(Exists("name.keyword"),))),
    "match": (F.description.match("a b", operator="and"), Match("description.text", "a b", operator="and")),
    "match some": (
        field("x", "text").match("a b c", minimum_should_match=2),
        Match("x", "a b c", minimum_should_match=2),
    ),
    "stemmed": (F.name.match_stemmed("orders"), Match("name.stemmed", "orders")),
    "phrase": (F.name.phrase("a b", slop=1), MatchPhrase("name", "a b", slop=1)),
    "phrase prefix": (F.name.text.phrase_prefix("a b"), MatchPhrasePrefix("name", "a b")),
    "above": (F.popularity_score > 1, Range("popularityScore", gt=1)),
    "at least": (F.popularity_score >= 1, Range("popularityScore", gte=1)),
    "below": (F.popularity_score < 1, Range("popularityScore", lt=1)),
    "at most": (F.popularity_score <= 1.5, Range("popularityScore", lte=1.5)),
    "between": (F.popularity_score.between(1, 2), Range("popularityScore", gte=1, lte=2)),
    "text order": (F.name >= "m", Range("name.keyword", gte="m")),
    "flag": (F.has_lineage.is_true(), Term("__hasLineage", value=True)),
    "flag off": (F.has_lineage.is_false(), Term("__hasLineage", value=False)),
    "moment": (F.updated >= NOON, Range("__modificationTimestamp", gte=1767355200000)),
    "moment in date math": (F.updated > "now-30d", Range("__modificationTimestamp.date", gt="now-30d")),
    "moment equal": (F.created == NOON, Term("__timestamp", 1767355200000)),
    "any field": (F["anyField"] == 5, Term("anyField", 5, case_insensitive=False)),
    "any number": (field("rows", "number") == 5, Term("rows", 5)),
    "nested": (
        nested("p", F["p.f"] == "x", score_mode="max"),
        Nested("p", Term("p.f", "x", case_insensitive=False), "max"),
    ),
}


@pytest.mark.parametrize(("condition", "node"), OPERATORS.values(), ids=OPERATORS)
def test_operator_is_one_clause(condition: Condition, node: Node) -> None:
    """Each operator makes exactly its clause."""
    assert condition.node == node


COMBINED: dict[str, tuple[Condition, Node]] = {
    "and": (IS_A & IS_B, Bool(filter=(A, B))),
    "and stays flat": (IS_A & IS_B & IS_C, Bool(filter=(A, B, C))),
    "and not": (IS_A & ~IS_B, Bool(filter=(A,), must_not=(B,))),
    "and not and": (IS_A & ~IS_B & IS_C, Bool(filter=(A, C), must_not=(B,))),
    "or": (IS_A | IS_B, Bool(should=(A, B), minimum_should_match=1)),
    "or stays flat": (IS_A | IS_B | IS_C, Bool(should=(A, B, C), minimum_should_match=1)),
    "and or": (IS_A & (IS_B | IS_C), Bool(filter=(A, Bool(should=(B, C), minimum_should_match=1)))),
    "not not": (~~IS_A, A),
    "not and": (~(IS_A & IS_B), Bool(must_not=(Bool(filter=(A, B)),))),
    "with a dict": (IS_A & {"term": {"x": 1}}, Bool(filter=(A, Term("x", 1)))),
    "dict first": ({"term": {"x": 1}} | IS_A, Bool(should=(Term("x", 1), A), minimum_should_match=1)),
    "with a clause": (IS_A & Exists("x"), Bool(filter=(A, Exists("x")))),
}


@pytest.mark.parametrize(("condition", "node"), COMBINED.values(), ids=COMBINED)
def test_conditions_combine_in_filter_context(condition: Condition, node: Node) -> None:
    """`&`, `|` and `~` never use `must`, and every `should` says its minimum."""
    assert condition.node == node


SELECTIONS: dict[str, tuple[Any, Node]] = {
    "everything": (select(), Bool()),
    "state, type, criteria, in this order": (
        select("Table").where(IS_A).active(),
        Bool(
            filter=(
                Term("__state", "ACTIVE", case_insensitive=False),
                Term("__typeName.keyword", "Table", case_insensitive=False),
                A,
            )
        ),
    ),
    "types": (select("Table", "View"), Bool(filter=(Terms("__typeName.keyword", ("Table", "View")),))),
    "where not": (select().where(IS_A).where_not(IS_B, IS_C), Bool(filter=(A,), must_not=(B, C))),
    "where some": (
        select().where(IS_A).where_some(IS_B, IS_C),
        Bool(filter=(A,), should=(B, C), minimum_should_match=1),
    ),
    "two groups": (
        select().where_some(IS_A, IS_B).where_some(IS_B, IS_C, minimum=2),
        Bool(
            filter=(Bool(should=(A, B), minimum_should_match=1),),
            should=(B, C),
            minimum_should_match=2,
        ),
    ),
    "a minimum that depends on the count stands apart": (
        select().where(IS_A).where_some(IS_B, IS_C, minimum="-25%"),
        Bool(filter=(A, Bool(should=(B, C), minimum_should_match="-25%"))),
    ),
    "a selection within": (select().where(select().where(IS_A)), Bool(filter=(Bool(filter=(A,)),))),
}


@pytest.mark.parametrize(("built", "node"), SELECTIONS.values(), ids=SELECTIONS)
def test_selection_is_one_bool(built: Any, node: Node) -> None:
    """A selection is one `bool`, without an ambiguous `should`."""
    assert built.node == node


def test_selection_is_immutable() -> None:
    """A method leaves the selection it is called on as it was."""
    tables = select("Table")
    tables.where(IS_A)
    assert tables.node == select("Table").node


FOREIGN: dict[str, tuple[Any, Node]] = {
    "elasticsearch term": (ElasticQ("term", ownerUsers="a"), Term("ownerUsers", "a")),
    "elasticsearch field called node": (ElasticQ("term", node="a"), Term("node", "a")),
    "elasticsearch class": (elastic.Range("x", {"gte": 1}), Range("x", gte=1)),
    "elasticsearch and": (
        ElasticQ("term", x="a") & ElasticQ("exists", field="y"),
        Bool(must=(Term("x", "a"), Exists("y"))),
    ),
    "elasticsearch not": (~ElasticQ("term", x="a"), Bool(must_not=(Term("x", "a"),))),
    "elasticsearch search": (ElasticSearch().filter("term", x="a")[:10], Bool(filter=(Term("x", "a"),))),
    "opensearch term": (OpenQ("term", ownerUsers="a"), Term("ownerUsers", "a")),
    "opensearch or": (OpenQ("term", x="a") | OpenQ("term", x="b"), Bool(should=(Term("x", "a"), Term("x", "b")))),
    "opensearch search": (
        OpenSearch().query("match", name="orders").filter("terms", x=["a", "b"]),
        Bool(must=(Match("name", "orders"),), filter=(Terms("x", ("a", "b")),)),
    ),
}


@pytest.mark.parametrize(("criterion", "node"), FOREIGN.values(), ids=FOREIGN)
def test_objects_of_the_clients_are_taken(criterion: Any, node: Node) -> None:
    """What has `to_dict()` is read as its wire form, whole search requests by their query."""
    assert select().where(criterion).node == Bool(filter=(node,))


def test_text_sides_have_no_exact_operators() -> None:
    """A text field is matched, never compared."""
    assert not hasattr(F.certificate_status_message, "eq")


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: bool(IS_A), "no truth value"),
        (lambda: F.name == None, "NoneType"),  # noqa: E711 - the mistake under test
        (lambda: F.updated > datetime(2026, 1, 1), "time zone"),  # noqa: DTZ001 - the mistake under test
        (lambda: F.guid.one_of("abc"), "several values"),
        (lambda: F.certificate_updated_at < "now-1d", "takes no date math"),
        (lambda: select().where(5), "not a condition"),  # type: ignore[arg-type]
        (lambda: select().where_some(), "at least one"),
        (lambda: field(""), "needs a name"),
        (lambda: field("x", "colour"), "not a kind"),  # type: ignore[call-overload]
    ],
)
def test_misuse_is_told(ask: Any, says: str) -> None:
    """Typical mistakes are errors that say what to write instead."""
    with pytest.raises(InvalidInput, match=says):
        ask()


def test_wrong_wire_is_told_with_its_pointer() -> None:
    """A dict that is no clause is refused where it is wrong."""
    with pytest.raises(InvalidSelection) as refused:
        select().where({"term": {"a": 1, "b": 2}})
    assert refused.value.path == "/term"


def test_wire_and_dsl_of_a_selection() -> None:
    """A selection and a condition give their wire form and their stored text."""
    assert select().where(F.guid.exists()).wire() == {"bool": {"filter": [{"exists": {"field": "__guid"}}]}}
    assert F.guid.exists().wire() == {"exists": {"field": "__guid"}}
    assert F.guid.exists().dsl() == select().where(F.guid.exists()).dsl()
