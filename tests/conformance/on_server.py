"""The judges that are right: real servers, asked with the wire form as it is."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import uuid
import warnings
from collections.abc import Iterator, Sequence

from elasticsearch import ElasticsearchWarning
from opensearchpy import OpenSearchWarning

from tests.conformance.judges import KEPT, Refused, Verdict
from tests.conformance.loading import Corpus, Json
from tests.servers.clients import Send


class OnServer:
    """Keeps one index for each of the last distinct corpora until told to forget them."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._prefix = f"conformance-{uuid.uuid4().hex[:12]}"
        self._numbers = itertools.count()
        self._indices: dict[str, str] = {}

    def __call__(self, corpus: Corpus, mapping: Json, selections: Sequence[Json], now: dt.datetime) -> list[Verdict]:  # noqa: ARG002
        """The node reads the clock itself, so `now` is not used."""
        index = self._index_of(corpus, mapping)
        with warnings.catch_warnings():
            for kind in (OpenSearchWarning, ElasticsearchWarning):
                warnings.simplefilter("ignore", kind)  # the nodes name deprecated spellings
            return self._together(index, selections) or [self._alone(index, selection) for selection in selections]

    def forget(self) -> None:
        """Delete every index this judge made."""
        while self._indices:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        self._done("DELETE", f"/{self._indices.pop(next(iter(self._indices)))}")

    def _together(self, index: str, selections: Sequence[Json]) -> list[Verdict]:
        """All answers from one request; none where one selection is so malformed that the whole request is refused."""
        if len(selections) == 1:
            return []
        status, answer = self._send("POST", f"/{index}/_msearch", list(_search_lines(selections)))
        return [_verdict(response["status"], response) for response in answer["responses"]] if status == 200 else []

    def _alone(self, index: str, selection: Json) -> Verdict:
        return _verdict(*self._send("POST", f"/{index}/_search", _request(selection)))

    def _index_of(self, corpus: Corpus, mapping: Json) -> str:
        key = json.dumps([corpus, mapping], sort_keys=True)
        if key not in self._indices:
            if len(self._indices) == KEPT:
                self._forget_oldest()
            self._indices[key] = self._made(corpus, mapping)
        return self._indices[key]

    def _made(self, corpus: Corpus, mapping: Json) -> str:
        index = f"{self._prefix}-{next(self._numbers)}"
        self._done("PUT", f"/{index}", mapping)
        answer = self._done("POST", f"/{index}/_bulk?refresh=true", list(_bulk_lines(corpus)))
        if answer["errors"]:
            raise ValueError(f"the node refused assets: {json.dumps(answer['items'])[:2000]}")
        return index

    def _done(self, method: str, path: str, body: Json = None) -> Json:
        """The answer to a request that no server may refuse."""
        status, answer = self._send(method, path, body)
        if status != 200:
            raise ValueError(f"the node refused {method} {path}: {json.dumps(answer)[:2000]}")
        return answer


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


def _verdict(status: int, response: Json) -> Verdict:
    if "error" in response:
        return Refused(_reason(response["error"]), status)
    if response["timed_out"] or response["_shards"]["failed"]:
        raise ValueError(f"the node answered in part: {response['_shards']}")
    return frozenset(hit["_id"] for hit in response["hits"]["hits"])


def _reason(error: Json) -> str:
    """The innermost reason the node gives."""
    causes = error.get("failed_shards") or [{"reason": error}]
    cause = causes[0]["reason"]
    return str(cause.get("caused_by", cause).get("reason", cause))
