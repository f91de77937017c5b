"""Who answers a selection: each judge is a function of assets, mapping, selection and the moment `now`."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import uuid
import warnings
from collections.abc import Iterator
from typing import Any, Protocol

from opensearchpy import OpenSearch, OpenSearchWarning, TransportError

from tests.conformance.loading import Corpus, Json


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """The selection is no valid query: OpenSearch answers with this status, Muster raises an error and has none."""

    reason: str
    status: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Unsupported:
    """The judge understands the selection and says that it cannot evaluate it."""

    reason: str


JUDGES = ("opensearch",)
"""The judges that answer scenarios."""

Verdict = frozenset[str] | Refused | Unsupported


class Judge(Protocol):
    """Answers the ids of the assets in `corpus` that `selection` (wire form) selects."""

    def __call__(self, corpus: Corpus, mapping: Json, selection: Json, now: dt.datetime) -> Verdict:
        """Answer one selection on one corpus at one moment."""
        ...


class OnOpenSearch:
    """A real OpenSearch node, asked with the wire form as it is; it keeps one index for each distinct corpus."""

    def __init__(self, client: OpenSearch) -> None:
        self._client = client
        self._prefix = f"conformance-{uuid.uuid4().hex[:12]}"
        self._indices: dict[str, str] = {}

    def __call__(self, corpus: Corpus, mapping: Json, selection: Json, now: dt.datetime) -> Verdict:  # noqa: ARG002
        """The node reads the clock itself, so `now` is not used."""
        index = self.index_of(corpus, mapping)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", OpenSearchWarning)  # the node names deprecated spellings
                answer = self._client.search(index=index, body={"query": selection, "size": 10_000, "_source": False})
        except TransportError as refusal:
            return Refused(_reason(refusal), int(refusal.status_code))
        return ids(answer)

    def index_of(self, corpus: Corpus, mapping: Json) -> str:
        """The name of the index that holds `corpus`, made at the first call."""
        key = json.dumps([corpus, mapping], sort_keys=True)
        if key not in self._indices:
            self._indices[key] = self._made(corpus, mapping)
        return self._indices[key]

    def forget(self) -> None:
        """Delete every index this judge made."""
        for index in self._indices.values():
            self._client.indices.delete(index=index)
        self._indices.clear()

    def _made(self, corpus: Corpus, mapping: Json) -> str:
        index = f"{self._prefix}-{len(self._indices)}"
        self._client.indices.create(index=index, body=mapping)
        answer = self._client.bulk(body=list(_bulk_lines(corpus)), index=index, refresh=True)
        if answer["errors"]:
            raise ValueError(f"the node refused assets: {json.dumps(answer['items'])[:2000]}")
        return index


def ids(answer: Json) -> frozenset[str]:
    """The ids of a search answer, which must be whole."""
    if answer["timed_out"] or answer["_shards"]["failed"]:
        raise ValueError(f"the node answered in part: {answer['_shards']}")
    return frozenset(hit["_id"] for hit in answer["hits"]["hits"])


def _bulk_lines(corpus: Corpus) -> Iterator[dict[str, Any]]:
    for key, asset in corpus.items():
        yield {"index": {"_id": key}}
        yield asset


def _reason(refusal: TransportError) -> str:
    """The innermost reason the node gives."""
    info: Any = refusal.info
    error = info["error"]
    causes = error.get("failed_shards") or [{"reason": error}]
    cause = causes[0]["reason"]
    return str(cause.get("caused_by", cause).get("reason", cause))
