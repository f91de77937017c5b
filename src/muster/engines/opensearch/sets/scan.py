"""Whole sets page by page: slower than the export many times over, and every server can do it."""

from array import array
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pyroaring import BitMap

from muster.engines.opensearch.answers import miscounted
from muster.engines.opensearch.server import ORDINAL, Json, Refused
from muster.engines.opensearch.sets.views import View
from muster.errors import EngineUnavailable

PAGE = 10_000
"""Hits of one page: the most that an index gives unless it is told otherwise."""
AT_ONCE = 8
"""Pages of one request, of as many sets: some 200 KB each."""
WANTED = ("hits.hits.sort",)

_NONE = -1
"""What an asset without an ordinal would have as one."""


@dataclass(slots=True)
class _Walk:
    """One set as far as it is read, in order of ordinals: the value that an asset is sorted by is its ordinal."""

    query: Json
    total: int = 0
    ordinals: "array[int]" = field(default_factory=lambda: array("I"))

    def body(self) -> Json:
        """Return the search for the next page; only the first one counts."""
        search = {
            "query": self.query,
            "size": PAGE,
            "sort": [{ORDINAL: {"order": "asc", "missing": _NONE}}],
            "track_total_hits": not self.ordinals,
            "_source": False,
            "stored_fields": "_none_",
        }
        return {**search, "search_after": [self.ordinals[-1]]} if self.ordinals else search

    def take(self, answer: Any) -> bool:
        """Take a page; return whether there is another one.

        Raises:
            EngineUnavailable: an asset has no ordinal.
        """
        hits = answer["hits"]
        if not self.ordinals:
            self.total = hits["total"]["value"]
        page = [hit["sort"][0] for hit in hits.get("hits", ())]
        try:
            self.ordinals.extend(page)
        except OverflowError as error:
            raise EngineUnavailable(
                f"a document of the index has no `{ORDINAL}`", hint="rebuild the index with `muster reindex`"
            ) from error
        return len(page) == PAGE

    def found(self) -> BitMap:
        """Return the whole set.

        Raises:
            EngineUnavailable: it is not of as many as were counted.
        """
        members = BitMap(self.ordinals)
        if not self.total == len(members) == len(self.ordinals):
            raise miscounted(self.total, len(members))
        return members


def scanned(view: View, queries: Sequence[Json]) -> list[BitMap]:
    """Return the set of each query, all of one point in time.

    Raises:
        EngineUnavailable: the server does not answer, or not in full.
        Refused: the server cannot read one of the queries.
    """
    walks = [_Walk(query) for query in queries]
    waiting = deque(walks)
    while waiting:
        round_ = [waiting.popleft() for _ in range(min(AT_ONCE, len(waiting)))]
        answers = view.search([walk.body() for walk in round_], WANTED)
        for walk, answer in zip(round_, answers, strict=True):
            if isinstance(answer, Refused):
                raise answer
            if walk.take(answer):
                waiting.appendleft(walk)
    return [walk.found() for walk in walks]
