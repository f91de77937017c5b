"""The test plugin's stand-ins do what the parts they imitate do: the same tokens as on OpenSearch, which has those."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch
from opensearchpy import OpenSearch

from tests.conformance.loading import MAPPING
from tests.servers.clients import Send, send_by_elasticsearch, send_by_opensearch

Tokens = list[tuple[str, int, int, int]]

_ROOT = Path(__file__).parents[2]
_TEMPLATE = json.loads((_ROOT / "index-templates" / "assets.json").read_text(encoding="utf-8"))["template"]
_SETTINGS: dict[str, dict[str, Any]] = {
    "the index template": _TEMPLATE["settings"],
    "the scenarios": MAPPING["settings"],
}
_ANALYSES = [
    (origin, kind, name)
    for origin, settings in _SETTINGS.items()
    for kind in ("analyzer", "normalizer")
    for name in settings["analysis"].get(kind, {})
]
_TEXTS = (
    "",
    "The orders_running-daily.v2/Customers's  (tables) [a]{b}|c+d*e&f#g@h",
    "Crème brûlée ÆON Straße Ǆ naïve ﬁnance",
    "one\ttwo\nthree\u00a0four\u2003five\u3000six",
    "emoji😀s 漢字 ٣ 3.14 e-mail@example.org",
    "relational conditional ponies caresses agreed plastered motoring happy sky",
    "x" * 600,
)


@pytest.fixture(scope="module")
def servers(
    opensearch: OpenSearch, elasticsearch: Elasticsearch
) -> Iterator[Callable[[str, dict[str, str]], list[Tokens]]]:
    """Asks both servers for the tokens of a request to an index with the settings of that origin."""
    made = [_Indices(send_by_opensearch(opensearch)), _Indices(send_by_elasticsearch(elasticsearch))]
    yield lambda origin, request: [indices.tokens(origin, request) for indices in made]
    for indices in made:
        indices.forget()


class _Indices:
    """An index on one server for each of the settings."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._names = {origin: f"plugin-{uuid.uuid4().hex}" for origin in _SETTINGS}
        for origin, name in self._names.items():
            status, answer = send("PUT", f"/{name}", {"settings": _SETTINGS[origin]})
            assert status == 200, answer

    def tokens(self, origin: str, request: dict[str, str]) -> Tokens:
        status, answer = self._send("POST", f"/{self._names[origin]}/_analyze", request)
        assert status == 200, answer
        return [
            (each["token"], each["position"], each["start_offset"], each["end_offset"]) for each in answer["tokens"]
        ]

    def forget(self) -> None:
        for name in self._names.values():
            self._send("DELETE", f"/{name}", None)


@pytest.mark.parametrize("text", _TEXTS)
@pytest.mark.parametrize(("origin", "kind", "name"), _ANALYSES)
def test_both_servers_analyse_alike(
    servers: Callable[[str, dict[str, str]], list[Tokens]], origin: str, kind: str, name: str, text: str
) -> None:
    """Every analyzer and normalizer that Muster's indices name gives the same tokens at the same places."""
    opensearch, elasticsearch = servers(origin, {kind: name, "text": text})
    assert elasticsearch == opensearch
