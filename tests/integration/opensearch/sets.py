"""A small catalog on a real server, scattered over shards and segments, with updated and deleted assets in it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from pyroaring import BitMap

from muster.engines.opensearch.server import Server
from muster.fields import Fields
from muster.query.nodes import (
    Exists,
    Leaf,
    Match,
    MatchAll,
    Nested,
    Prefix,
    Range,
    Term,
    Terms,
    Wildcard,
)

SHARDS = 3
KEYWORD = {"type": "keyword", "ignore_above": 40}
TEMPLATE: Mapping[str, Any] = {
    "settings": {
        "index": {"refresh_interval": -1, "number_of_shards": SHARDS, "number_of_replicas": 0},
        "analysis": {"normalizer": {"lower": {"type": "custom", "filter": ["lowercase"]}}},
    },
    "mappings": {
        "dynamic": False,
        "properties": {
            "__ordinal": {"type": "integer"},
            "path": KEYWORD,
            "tags": {**KEYWORD, "null_value": "none"},
            "owner": {"type": "keyword", "normalizer": "lower"},
            "hidden": {"type": "keyword", "doc_values": False},
            "size": {"type": "long"},
            "at": {"type": "date", "format": "yyyy-MM-dd||epoch_millis"},
            "ratio": {"type": "double"},
            "flag": {"type": "boolean"},
            "text": {"type": "text"},
            "parts": {"type": "nested", "properties": {"kind": KEYWORD}},
        },
    },
}
FIELDS = Fields.from_mapping(TEMPLATE["settings"], TEMPLATE["mappings"])
NOW = 1_700_000_000_000
DAY = 86_400_000

TAGS = [*(f"tag_{number}" for number in range(12)), "", "none", "Ärger", "\U0001f600", "\uffe0", "x" * 40, "x" * 41]
PLACES = ["a", "a/b", "a/b/", "a/bc", "\U0001f600/x", "\uffe0/y", "\uffe0", "z", "ab\0c"]
OWNERS = ["Ann", "ANN", "bob", "Bób", "cy", "dee", "eve"]
WORDS = ["order", "customer", "invoice", "of", "the", "day"]


def asset(ordinal: int, drawn: random.Random) -> dict[str, Any]:
    """Draw a document: values missing, null, many, at their limits."""
    document = {
        "__ordinal": ordinal,
        "path": f"{drawn.choice(PLACES)}{drawn.choice(PLACES)}/{drawn.randrange(9)}",
        "tags": drawn.choices([*TAGS, None], k=drawn.randrange(4)),
        "owner": drawn.choices(OWNERS, k=drawn.randrange(3)),
        "hidden": drawn.choice(OWNERS),
        "size": drawn.choice([drawn.randrange(-50, 50), 2**53 - drawn.randrange(3), -(2**62), 2**62 + 1]),
        "at": drawn.choice([NOW - drawn.randrange(90) * DAY, "1960-02-03", "2023-05-01", [0, NOW]]),
        "ratio": drawn.choice([0.0, -0.0, 0.5, drawn.random()]),
        "flag": drawn.random() < 0.5,
        "text": " ".join(drawn.choices(WORDS, k=3)),
        "parts": [{"kind": drawn.choice(TAGS)} for _ in range(drawn.randrange(3))],
    }
    return {name: value for name, value in document.items() if name == "__ordinal" or drawn.random() < 0.8}


LEAVES: list[Leaf] = [
    MatchAll(),
    *(Term(field="tags", value=tag) for tag in TAGS),
    *(Term(field="owner", value=owner) for owner in OWNERS),
    *(Term(field="hidden", value=owner) for owner in OWNERS),
    *(Term(field="parts.kind", value=tag) for tag in TAGS),
    Terms(field="tags", values=("tag_1", "tag_2", "nowhere")),
    Terms(field="tags", values=("nowhere",)),
    Term(field="tags", value="TAG_1", case_insensitive=True),
    Terms(field="_id", values=("1", "2", "999999")),
    *(Prefix(field="path", value=f"{one}{two}") for one in PLACES for two in ["", *PLACES]),
    *(Prefix(field="owner", value=value) for value in ("A", "an", "ANN", "b", "", "bó", "zz")),
    Prefix(field="path", value="A", case_insensitive=True),
    Wildcard(field="path", value="a*/?"),
    *(Range(field="size", gte=low) for low in range(-60, 60, 7)),
    *(Range(field="size", lt=high) for high in range(-60, 60, 11)),
    *(Range(field="size", gt=low, lte=low + 9) for low in range(-60, 60, 13)),
    Range(field="size", gt=2**53 - 2),
    Range(field="size", gte=2**53),
    Range(field="size", gt=2**62),
    Range(field="size", lte=-(2**62)),
    *(Range(field="at", gte=NOW - days * DAY) for days in range(0, 100, 9)),
    *(Range(field="at", lt=NOW - days * DAY, gte=NOW - 50 * DAY) for days in range(0, 60, 7)),
    Range(field="at", lt="1970-01-01"),
    Range(field="at", gte="1960-02-03"),
    Range(field="at", gte="2023-05-01||/M", lt="2023-06-01"),
    *(Range(field="ratio", gte=low) for low in (-0.0, 0.0, 0.25, 0.5, 0.75, 1.5)),
    *(Match(field="text", query=word) for word in WORDS),
    Exists(field="owner"),
    Exists(field="nowhere"),
    Term(field="flag", value=True),
    Term(field="nowhere", value="x"),
    *(Nested(path="parts", query=Term(field="parts.kind", value=tag)) for tag in TAGS[:5]),
]


class Catalog:
    """An index on a server, and what it holds."""

    def __init__(self, server: Server, index: str) -> None:
        self.server = server
        self.index = index
        self.ordinals = BitMap()

    def write(self, ordinals: range, *, seed: int) -> None:
        """Write assets anew and make them searchable, which makes a segment a shard."""
        drawn = random.Random(seed)
        lines: list[dict[str, Any]] = []
        for ordinal in drawn.sample(ordinals, len(ordinals)):
            lines += [{"index": {"_id": str(ordinal)}}, asset(ordinal, drawn)]
        self._send(lines)
        self.ordinals |= BitMap(ordinals)

    def delete(self, ordinals: range) -> None:
        """Delete assets."""
        self._send([{"delete": {"_id": str(ordinal)}} for ordinal in ordinals])
        self.ordinals -= BitMap(ordinals)

    def _send(self, lines: list[dict[str, Any]]) -> None:
        answer = self.server.request("POST", f"/{self.index}/_bulk", body=lines, params={"refresh": "true"})
        assert not answer["errors"], answer


@contextmanager
def catalog(server: Server) -> Iterator[Catalog]:
    """Make an index of many small segments, half of whose first documents are deleted or replaced, until it ends."""
    made = Catalog(server, f"sets-{uuid4().hex[:12]}")
    server.request("PUT", f"/{made.index}", body=TEMPLATE)
    try:
        for start in range(1, 3001, 300):
            made.write(range(start, start + 300), seed=start)
        made.write(range(200, 900, 2), seed=1)
        made.delete(range(100, 1000, 5))
        yield made
    finally:
        server.request("DELETE", f"/{made.index}")
