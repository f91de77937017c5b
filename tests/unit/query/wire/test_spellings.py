"""Every spelling that OpenSearch takes reads into the same clause as its canonical form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from muster.errors import InvalidSelection
from muster.query import wire
from muster.query.nodes import Bool, SimpleQueryString, Span, Term
from muster.query.wire.table import FORMS

DIGEST = "29b6e2779b41d5381fbd9e23000de36252f33ec46092cf2adf53139c0599f7bd"
FIXTURES = Path(__file__).parents[3] / "fixtures" / "identity"


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FIXTURES / name).read_text(encoding="utf-8").splitlines()]


def _label(line: dict[str, Any]) -> str:
    return json.dumps(line["input"], separators=(",", ":"))[:80]


@pytest.mark.parametrize("line", _lines("spellings.jsonl"), ids=_label)
def test_a_spelling_is_written_in_its_canonical_form(line: dict[str, Any]) -> None:
    """The clause is written canonically, keys in the order of the form."""
    assert json.dumps(wire.write(wire.read(line["input"]))) == json.dumps(line["canonical"])


@pytest.mark.parametrize("line", _lines("atlan-clients.jsonl") + _lines("client-bugs.jsonl"), ids=_label)
def test_what_clients_send_is_read(line: dict[str, Any]) -> None:
    """What real clients send is written canonically, and reads back to the same clause."""
    node = wire.read(line["input"])
    assert wire.write(node) == line["canonical"]
    assert wire.read(line["canonical"]) == node


def test_every_clause_has_spellings() -> None:
    """No clause of the table goes without an identity fixture."""
    assert {next(iter(line["canonical"])) for line in _lines("spellings.jsonl")} == set(FORMS)


def test_the_table_names_every_option_of_every_clause() -> None:
    """A row has an option for each attribute of its node, so that nothing is lost in writing."""
    for form in FORMS.values():
        options = {"name" if option == "_name" else option for option in form.options}
        beside = {"field"} if form.shape != "plain" else set()
        assert options | beside == set(form.node.__dataclass_fields__), form.name


def test_canonical_text_has_no_spaces_and_is_not_escaped() -> None:
    """The text that is hashed is compact UTF-8."""
    assert wire.canonical(Bool(filter=(Term("name", "café"),))) == '{"bool":{"filter":[{"term":{"name":"café"}}]}}'


def test_spellings_of_one_selection_have_one_digest() -> None:
    """The digest is of the meaning of the wire form, not of its spelling."""
    short = wire.read({"bool": {"filter": {"term": {"name": "x"}}}})
    long = wire.parse('{ "bool": { "filter": [ { "term": { "name": { "value": "x" } } } ] } }')
    assert wire.digest(short) == wire.digest(long) == DIGEST


def test_a_clause_may_stand_inside_something_larger() -> None:
    """Errors point into the whole."""
    with pytest.raises(InvalidSelection) as caught:
        wire.read({"bool": {"filter": [{}]}}, "/dsl/query")
    assert caught.value.path == "/dsl/query/bool/filter/0"


def test_flags_may_be_a_number() -> None:
    """The flags of `simple_query_string` come as names or as bits."""
    node = wire.read({"simple_query_string": {"query": "x", "flags": -1}})
    assert node == SimpleQueryString(query="x", fields=(), flags=-1)


def test_spans_stay_spans() -> None:
    """A wrapped span may stand wherever a clause may."""
    node = wire.read({"bool": {"must": {"span": {"span_term": {"name": "x"}}}}})
    assert isinstance(node, Bool)
    assert isinstance(node.must[0], Span)
