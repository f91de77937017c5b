"""Analysis, indexing and the shipped template beside a real OpenSearch."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from muster.analysis.text_parts import fold, lowercase
from muster.analysis.text_settings import analyzers
from muster.fields import Fields, Kind, asset_template
from muster.indexing import IndexedAsset, Indexer, Tokens
from tests.fixtures.analysis.record import SETTINGS
from tests.unit.test_indexing import PROPERTIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opensearchpy import OpenSearch

LETTERS = "aZ09_'.,:;\"-# é\u0130\u03a3\u05d0\u05d1\u0300\u00ad\u200d\ufe0f\ufe0e\u20e3漢ひカ\uff9eกิᄀ각👍🏽🇫❤©½²\u2019\u3000\n"
TEXTS = (
    "",
    "a",
    "the Quick fox",
    "12",
    "12.7",
    "true",
    "2024-01-31",
    "1706694000000",
    "ab cd",
    "\U0001d400\U0001d400",
    "abcde",
    "!?",
    "É e",
)
NUMBERS = (0, 1, -1, 12.7, 2**31, 1e19, 0.1, True, False, 1706694000000, 2024)


@pytest.fixture
def index(opensearch: OpenSearch) -> Iterator[str]:
    """A name for an index that is gone afterwards."""
    name = f"muster-test-{uuid4().hex}"
    yield name
    opensearch.indices.delete(index=name, ignore=[404])


def _drawn(seed: int) -> Iterator[str]:
    """Yield texts of few different letters, so that they meet each other, and some that are too long for one word."""
    draw = random.Random(seed)
    for size in (12,) * 300 + (600,) * 10:
        some = draw.sample(LETTERS, 5)
        yield "".join(draw.choices(some, k=draw.randint(1, size)))


@pytest.mark.parametrize("analyzer", ["standard", "english", "stop", "whitespace", "delimited", "folded"])
def test_random_texts_have_the_same_tokens(opensearch: OpenSearch, index: str, analyzer: str) -> None:
    """Texts in which word-break classes meet at random are analysed alike."""
    opensearch.indices.create(index=index, body={"settings": SETTINGS})
    ours = analyzers(SETTINGS)[analyzer]
    for text in _drawn(len(analyzer)):
        tokens = opensearch.indices.analyze(index=index, body={"analyzer": analyzer, "text": text})["tokens"]
        expected = Tokens(tuple(one["token"] for one in tokens), tuple(one["position"] for one in tokens))
        assert ours.analyze(text) == expected, ascii(text)


@pytest.mark.parametrize(("filter_", "function"), [("lowercase", lowercase), ("asciifolding", fold)])
def test_letters_before_unicode_16_change_alike(opensearch: OpenSearch, filter_: str, function: Any) -> None:
    """Every letter up to U+A7CA is put in lower case, and every one of the first plane folded, as on the server."""
    last = 0xA7CA if filter_ == "lowercase" else 0xFFFF
    letters = [chr(code) for code in range(0x80, last + 1) if not 0xD800 <= code <= 0xDFFF and code != 0x1C89]
    for start in range(0, len(letters), 5000):
        part = letters[start : start + 5000]
        body = {"tokenizer": "keyword", "filter": [filter_], "text": part}
        tokens = opensearch.indices.analyze(body=body)["tokens"]
        assert [function(letter) for letter in part] == [one["token"] for one in tokens]


def _value(draw: random.Random, depth: int = 0) -> Any:
    if depth < 2 and draw.random() < 0.3:
        return [_value(draw, depth + 1) for _ in range(draw.randint(0, 3))]
    return draw.choice([draw.choice(TEXTS), draw.choice(NUMBERS), None])


def _document(draw: random.Random, properties: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, options in properties.items():
        if draw.random() < 0.5:
            inner = options.get("properties")
            found[name] = _value(draw) if inner is None else [_document(draw, inner) for _ in range(draw.randint(0, 2))]
    return found


def test_random_documents_are_indexed_alike(opensearch: OpenSearch, index: str) -> None:
    """For each field `exists` finds the same documents, and doc values and positions are the same."""
    draw = random.Random(7)
    settings = {"index": {"mapping": {"ignore_malformed": True}}}
    mappings = {"dynamic": False, "properties": _with_positions(PROPERTIES)}
    opensearch.indices.create(index=index, body={"settings": settings, "mappings": mappings})
    documents = [_document(draw, PROPERTIES) for _ in range(300)]
    actions = [action for at, one in enumerate(documents) for action in ({"index": {"_id": str(at)}}, one)]
    assert not opensearch.bulk(index=index, body=actions, refresh=True)["errors"]
    fields = Fields.from_mapping({}, {"dynamic": False, "properties": PROPERTIES})
    indexer = Indexer(fields)
    ours = [indexer.index(str(at), document) for at, document in enumerate(documents)]
    for leaf in fields:
        if leaf.indexed:
            exists: dict[str, Any] = {"exists": {"field": leaf.name}}
            query = exists if leaf.nested is None else {"nested": {"path": leaf.nested, "query": exists}}
            hits = opensearch.search(index=index, body={"query": query, "size": 300, "_source": False})["hits"]["hits"]
            assert {hit["_id"] for hit in hits} == {one.guid for one in ours if _has(one, leaf.name)}, leaf.name
    for one in ours:
        assert _positions(opensearch, index, one.guid) == one.values.get("name", Tokens((), ()))


def _with_positions(properties: dict[str, Any]) -> dict[str, Any]:
    text = {**properties["name"], "term_vector": "with_positions"}
    return {**properties, "name": text}


def _has(asset: IndexedAsset, name: str) -> bool:
    return name in asset.values or any(_has(one, name) for objects in asset.nested.values() for one in objects)


def _positions(opensearch: OpenSearch, index: str, guid: str) -> Tokens:
    body = {"fields": ["name"], "positions": True}
    terms = (
        opensearch.termvectors(index=index, id=guid, body=body).get("term_vectors", {}).get("name", {}).get("terms", {})
    )
    found = sorted((one["position"], term) for term, entry in terms.items() for one in entry["tokens"])
    return Tokens(tuple(term for _, term in found), tuple(position for position, _ in found))


def test_the_shipped_template_is_taken_and_maps_the_same_kinds(opensearch: OpenSearch, index: str) -> None:
    """A server makes an index from the template, and has the kinds that Muster reads from it, unmapped names included."""
    template = asset_template() | {"index_patterns": [index], "priority": 1000}
    opensearch.indices.put_index_template(name=index, body=template)
    try:
        opensearch.indices.create(index=index)
        document = {
            "name": "Orders",
            "starredDetailsList": [{"assetStarredAt": 1}],
            "own": "x",
            "size": 1.5,
            "flag": True,
        }
        opensearch.index(index=index, body=document, refresh=True)
        indexer = Indexer(Fields.from_mapping(**template["template"]))
        indexer.index("g", document)
        mapped = opensearch.indices.get_field_mapping(fields="*", index=index)[index]["mappings"]
    finally:
        opensearch.indices.delete_index_template(name=index)
    kinds = {
        name: Kind(next(iter(one["mapping"].values()))["type"])
        for name, one in mapped.items()
        if name[0] != "_" or name[:2] == "__"
    }
    assert {leaf.name: leaf.kind for leaf in indexer.fields} == kinds
