"""The judge that is right: a real OpenSearch node, asked with the wire form as it is."""

from __future__ import annotations

import datetime as dt
import json
import uuid
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

from opensearchpy import OpenSearch, OpenSearchWarning, TransportError

from tests.conformance.judges import Refused, Verdict
from tests.conformance.loading import Corpus, Json


class OnOpenSearch:
    """Keeps one index for each distinct corpus until told to forget them."""

    def __init__(self, client: OpenSearch) -> None:
        self._client = client
        self._prefix = f"conformance-{uuid.uuid4().hex[:12]}"
        self._indices: dict[str, str] = {}

    def __call__(self, corpus: Corpus, mapping: Json, selections: Sequence[Json], now: dt.datetime) -> list[Verdict]:  # noqa: ARG002
        """The node reads the clock itself, so `now` is not used."""
        index = self._index_of(corpus, mapping)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OpenSearchWarning)  # the node names deprecated spellings
            return self._together(index, selections) or [self._alone(index, selection) for selection in selections]

    def forget(self) -> None:
        """Delete every index this judge made."""
        for index in self._indices.values():
            self._client.indices.delete(index=index)
        self._indices.clear()

    def _together(self, index: str, selections: Sequence[Json]) -> list[Verdict]:
        """All answers from one request; none where one selection is so malformed that the whole request is refused."""
        if len(selections) == 1:
            return []
        try:
            answer = self._client.msearch(body=list(_search_lines(selections)), index=index)
        except TransportError:
            return []
        return [_verdict(response) for response in answer["responses"]]

    def _alone(self, index: str, selection: Json) -> Verdict:
        try:
            return _verdict(self._client.search(index=index, body=_request(selection)))
        except TransportError as refusal:
            info: Any = refusal.info
            return Refused(_reason(info["error"]), int(refusal.status_code))

    def _index_of(self, corpus: Corpus, mapping: Json) -> str:
        key = json.dumps([corpus, mapping], sort_keys=True)
        if key not in self._indices:
            self._indices[key] = self._made(corpus, mapping)
        return self._indices[key]

    def _made(self, corpus: Corpus, mapping: Json) -> str:
        index = f"{self._prefix}-{len(self._indices)}"
        self._client.indices.create(index=index, body=mapping)
        answer = self._client.bulk(body=list(_bulk_lines(corpus)), index=index, refresh=True)
        if answer["errors"]:
            raise ValueError(f"the node refused assets: {json.dumps(answer['items'])[:2000]}")
        return index


def _request(selection: Json) -> Json:
    return {"query": selection, "size": 10_000, "_source": False}


def _search_lines(selections: Sequence[Json]) -> Iterator[Json]:
    for selection in selections:
        yield {}
        yield _request(selection)


def _bulk_lines(corpus: Corpus) -> Iterator[Json]:
    for key, asset in corpus.items():
        yield {"index": {"_id": key}}
        yield asset


def _verdict(response: Json) -> Verdict:
    if "error" in response:
        return Refused(_reason(response["error"]), response["status"])
    if response["timed_out"] or response["_shards"]["failed"]:
        raise ValueError(f"the node answered in part: {response['_shards']}")
    return frozenset(hit["_id"] for hit in response["hits"]["hits"])


def _reason(error: Json) -> str:
    """The innermost reason the node gives."""
    causes = error.get("failed_shards") or [{"reason": error}]
    cause = causes[0]["reason"]
    return str(cause.get("caused_by", cause).get("reason", cause))
