"""What a server is told of the names that documents bring, and what it says of them."""

from __future__ import annotations

import json
from itertools import count, islice
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from muster.engines.opensearch.index.mapping import NESTED_OBJECTS, properties
from muster.engines.opensearch.index.shape import Shaper
from muster.fields import Fields, asset_template
from tests.integration.opensearch.node import Node
from tests.integration.opensearch.odd import TEMPLATE

Json: TypeAlias = Any
ASSETS = asset_template()["template"]
CONFORMANCE = json.loads((Path(__file__).parents[2] / "conformance" / "mapping.json").read_text(encoding="utf-8"))
OPEN = {**CONFORMANCE, "mappings": {**CONFORMANCE["mappings"], "dynamic": True, "date_detection": False}}
FOUND = {
    "s": "string",
    "l": "long",
    "d": "double",
    "b": "boolean",
    "o.p.q": "string",
    "o.p.r": "double",
    "owner.extra": "long",
    "columns.extra": "string",
    "columns.tests.own.deep": "boolean",
    ".".join(["deep"] * 20): "long",
    "ü ber": "string",
    "properties.type": "string",
    "properties.properties": "long",
}


def fields_of(template: Json) -> Fields:
    """The fields of a template."""
    return Fields.from_mapping(template["settings"], template["mappings"])


@pytest.mark.parametrize(
    "template", [ASSETS, CONFORMANCE, OPEN, TEMPLATE], ids=["assets", "conformance", "open", "odd"]
)
def test_fields_are_read_back_as_they_were_sent(node: Node, template: Json) -> None:
    """Whatever a document may bring: the fields of the mapping on the server are the template's, and those."""
    before = fields_of(template)
    after = before.with_found(FOUND)
    with node.index(template) as index:
        assert node.fields(index, before) == before
        node.map(index, before, after)
        assert node.fields(index, before) == after
        assert node.fields(index, before).with_found({"more": "long"}) == after.with_found({"more": "long"})


def test_thousands_of_names_fill_an_index_as_they_fill_muster(node: Node) -> None:
    """Muster's limit is the server's: up to it every name is taken, sub-fields and objects counted, and none beyond."""
    before = after = fields_of(ASSETS)
    names = (f"team{at % 400}.name{at}" for at in count())
    types = ("string", "long", "double", "boolean", "string")
    with node.index(ASSETS) as index:
        while not after.is_full():
            known, batch = after, list(islice(names, 500))
            after = known.with_found({name: types[at % 5] for at, name in enumerate(batch)})
            node.map(index, known, after)
        after = after.with_found({f"last{at}": "long" for at in range(3)})
        node.map(index, known, after)
        assert len(after.leaves) + len(after.objects) == 7000
        assert len(after.found) > 2500
        assert node.fields(index, before) == after
        one_more = {"properties": {"one.more": {"type": "long"}}}
        assert "Limit of total fields [7000] has been exceeded" in node.refusal("PUT", f"/{index}/_mapping", one_more)


def test_the_slower_of_two_reads_the_fields_again(node: Node) -> None:
    """Two may find one name with values of two kinds: the server refuses the second, who then shapes by the first's."""
    fields = fields_of(TEMPLATE)
    quick, slow = Shaper(fields), Shaper(fields)
    documents = [{"size2": 1, "own": "x"}, {"size2": "2", "other": True}]
    quickly, _ = quick.shape(documents[0]), slow.shape(documents[1])
    with node.index(TEMPLATE) as index:
        node.map(index, fields, quick.fields)
        refused = {"properties": properties(fields, slow.fields)}
        assert "cannot be changed from type [long] to [keyword]" in node.refusal("PUT", f"/{index}/_mapping", refused)
        known = node.fields(index, fields)
        again = Shaper(known)
        slowly = again.shape(documents[1])
        node.map(index, known, again.fields)
        assert slowly == {"size2": "2", "other": True}
        assert node.write(index, [quickly, slowly]) == []
        assert node.fields(index, fields) == fields.with_found({"size2": "long", "own": "string", "other": "boolean"})
        assert node.matching(index, [{"range": {"size2": {"gte": 2}}}, {"term": {"other": True}}]) == [{1}, {1}]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"x": {"y": 1}}, {"x": 1}),
        ({"x": 1}, {"x": {"y": 1}}),
        ({"x": "a"}, {"x": {"keyword": "a"}}),
        ({"x": True}, {"x": 1.5}),
    ],
)
def test_what_cannot_be_both_is_refused_as_a_whole(node: Node, first: Json, second: Json) -> None:
    """A refused addition adds nothing, also not what would have been fine; the loser's document is taken all the same."""
    fields = fields_of(TEMPLATE)
    quick, slow = Shaper(fields), Shaper(fields)
    quick.shape(first)
    slow.shape(second | {"fine": 1})
    with node.index(TEMPLATE) as index:
        node.map(index, fields, quick.fields)
        node.refusal("PUT", f"/{index}/_mapping", {"properties": properties(fields, slow.fields)})
        known = node.fields(index, fields)
        assert known == quick.fields
        again = Shaper(known)
        shaped = again.shape(second | {"fine": 1})
        assert again.fields == known.with_found({"fine": "long"})
        node.map(index, known, again.fields)
        assert node.write(index, [shaped]) == []


def test_two_may_find_the_same(node: Node) -> None:
    """The same name with the same kind is added twice without complaint."""
    fields = fields_of(TEMPLATE)
    after = fields.with_found({"x": "string", "y.z": "long"})
    with node.index(TEMPLATE) as index:
        node.map(index, fields, after)
        node.map(index, fields, after.with_found({"y.w": "long"}))
        assert node.fields(index, fields) == after.with_found({"y.w": "long"})


def test_two_cannot_fill_an_index_beyond_its_limit(node: Node) -> None:
    """Each may see room for what the other has taken it for: the server refuses, and reading again says that it is full."""
    template = {**TEMPLATE, "settings": {"index": {"mapping": {"total_fields": {"limit": 70}}}, **TEMPLATE["settings"]}}
    fields = fields_of(template)
    room = 70 - len(fields.leaves) - len(fields.objects)
    quick = fields.with_found({f"a{at}": "long" for at in range(room)})
    slow = fields.with_found({"b": "long"})
    with node.index(template) as index:
        node.map(index, fields, quick)
        said = node.refusal("PUT", f"/{index}/_mapping", {"properties": properties(fields, slow)})
        assert "Limit of total fields [70] has been exceeded" in said
        known = node.fields(index, fields)
        assert known.with_found({"b": "long"}) is known


def test_a_document_of_many_nested_objects_is_taken(node: Node) -> None:
    """A server's own limit is 10,000 nested objects in a document."""
    fields = fields_of(TEMPLATE)
    many = {"columns": [{"size": at} for at in range(10_001)]}
    with node.index(TEMPLATE) as index:
        assert node.write(index, [Shaper(fields).shape(many)]) == []
        last: Json = {"nested": {"path": "columns", "query": {"term": {"columns.size": 10_000}}}}
        assert node.matching(index, [last]) == [{0}]
    assert NESTED_OBJECTS == 1 << 20


def test_no_document_is_gone_for_what_it_holds(node: Node) -> None:
    """`__soft_deletes` would mark a document as deleted."""
    shaper = Shaper(fields_of(TEMPLATE))
    with node.index(TEMPLATE) as index:
        assert node.write(index, [shaper.shape({"__soft_deletes": 1, "tags": "x"})]) == []
        assert node.matching(index, [{"match_all": {}}]) == [{0}]
