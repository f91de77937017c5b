"""The identity fixtures, asked of a real server: it takes what we read, and refuses what it is said to refuse."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from opensearchpy import OpenSearch, TransportError

from muster.query import wire
from muster.query.rewrite import rewrite

pytestmark = pytest.mark.filterwarnings("ignore::opensearchpy.exceptions.OpenSearchWarning")

if TYPE_CHECKING:
    from collections.abc import Iterator

FIXTURES = Path(__file__).parents[1] / "fixtures" / "identity"
MAPPING = {
    "k": {"type": "keyword"},
    "t": {"type": "text"},
    "n": {"type": "long"},
    "f": {"type": "double"},
    "b": {"type": "boolean"},
    "d": {"type": "date"},
    "o": {"type": "nested", "properties": {"k": {"type": "keyword"}}},
}
DOCUMENTS: tuple[dict[str, Any], ...] = (
    {"k": ["a"], "t": "quick brown fox", "n": 1},
    {"k": ["a", "b"], "t": "brown fox", "n": 2},
    {"k": ["b", "c"], "n": 3, "o": [{"k": "x"}]},
    {"k": ["a", "b", "c"], "b": True, "o": [{"k": "x"}, {"k": "y"}]},
    {"t": "1", "d": "2020-01-01"},
    {"k": ["A"], "n": 0},
    {"d": "2020-06-05T10:00:00Z", "b": False, "f": 1.5, "t": "Two Words", "n": 7},
)


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FIXTURES / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def index(opensearch: OpenSearch) -> Iterator[str]:
    """An index of a few documents that the fixtures ask about; a look-up among them names it `assets`."""
    name = f"spellings-{uuid.uuid4().hex}"
    settings = {"number_of_replicas": 0, "number_of_shards": 1}
    opensearch.indices.create(index=name, body={"settings": settings, "mappings": {"properties": MAPPING}})
    for number, document in enumerate(DOCUMENTS, 1):
        opensearch.index(index=name, id=str(number), body=document)
    opensearch.indices.put_alias(index=name, name="assets")
    opensearch.indices.refresh(index=name)
    yield name
    opensearch.indices.delete(index=name)


def test_spellings_select_what_their_canonical_forms_select(opensearch: OpenSearch, index: str) -> None:
    """Input, canonical form and rewritten form have the same members on the server."""
    different = []
    for line in _lines("spellings.jsonl"):
        node = wire.read(line["input"])
        forms = (line["input"], line["canonical"], wire.write(rewrite(node)))
        answers = [_members(opensearch, index, json.dumps(form)) for form in forms]
        if any(answer != answers[0] or answer is None for answer in answers):
            different.append((line["input"], answers))
    assert different == []


def test_the_server_refuses_what_the_fixtures_say(opensearch: OpenSearch, index: str) -> None:
    """What we refuse and the server takes is marked so, one by one."""
    wrong = []
    for line in _lines("refused.jsonl"):
        answered = "refuses" if _members(opensearch, index, line["text"]) is None else "takes"
        if answered != line["opensearch"]:
            wrong.append((line["text"], answered))
    assert wrong == []


def _members(opensearch: OpenSearch, index: str, query: str) -> frozenset[str] | None:
    """Return the ids, or nothing when the server refuses the query; the text is sent as it is."""
    try:
        found = opensearch.search(index=index, body=f'{{"size":100,"_source":false,"query":{query}}}')
    except TransportError:
        return None
    return frozenset(hit["_id"] for hit in found["hits"]["hits"])
