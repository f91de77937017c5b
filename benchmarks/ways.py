"""Ways to read all members of a selection from a server: what a client without Muster can do, from usual to best."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opensearchpy.helpers import scan

from muster.query.nodes import Node
from muster.query.wire import write
from server import ALIAS, Orjson, client

PAGE = 10_000
"""Hits of one page where that is free: the most that an index gives unless it is told otherwise."""
USUAL_PAGE = 300
"""Hits of one page of the usual clients of catalogs."""
KEPT_FOR = "5m"

ORDINAL_ONLY: dict[str, Any] = {
    "_source": False,
    "stored_fields": "_none_",
    "docvalue_fields": ["__ordinal"],
}
"""Ask for the number of an asset alone, from beside the index: no stored document is opened for it."""
LEAN_HITS = "hits.hits.fields"
LEAN_SCROLL = f"_scroll_id,_shards,{LEAN_HITS}"
LEAN_VIEW = f"pit_id,_shards,timed_out,{LEAN_HITS},hits.hits.sort"


class Raw:
    """The official client by itself: `usual` as it comes, `tuned` with a JSON reader as fast as Muster's."""

    def __init__(self, url: str) -> None:
        self.usual = client(url)
        self.tuned = client(url, serializer=Orjson())

    def scanned(self, selection: Node) -> list[str]:
        """Return guids by `helpers.scan` with its defaults: 1,000 hits a page, each with its document."""
        return [hit["_id"] for hit in scan(self.usual, {"query": write(selection)}, index=ALIAS)]

    def scanned_well(self, selection: Node) -> list[int]:
        """Return ordinals by the best `helpers.scan`: large pages, in the order of the index, nothing but the number."""
        hits = scan(
            self.tuned,
            {"query": write(selection), **ORDINAL_ONLY},
            index=ALIAS,
            size=PAGE,
            filter_path=LEAN_SCROLL,
            scroll_kwargs={"filter_path": LEAN_SCROLL},
        )
        return [hit["fields"]["__ordinal"][0] for hit in hits]

    def viewed(self, selection: Node) -> list[int]:
        """Return ordinals by a point in time and `search_after` on `_shard_doc`, as lean as the best scan."""
        return [hit["fields"]["__ordinal"][0] for hit in self._in_view(selection, ORDINAL_ONLY)]

    def paged(self, selection: Node, *, documents: bool) -> list[str]:
        """Return guids by pages of 300 in the order of guids, with documents or without."""
        body = {"query": write(selection), "size": USUAL_PAGE, "sort": [{"__guid": "asc"}], "_source": documents}
        found: list[str] = []
        while hits := self.usual.search(index=ALIAS, body=body)["hits"]["hits"]:
            found += [hit["_id"] for hit in hits]
            body["search_after"] = hits[-1]["sort"]
        return found

    def guids(self, selection: Node) -> dict[int, str]:
        """Return guids by ordinal, to compare by."""
        wanted = {**ORDINAL_ONLY, "docvalue_fields": ["__ordinal", "__guid"]}
        fields = (hit["fields"] for hit in self._in_view(selection, wanted))
        return {one["__ordinal"][0]: one["__guid"][0] for one in fields}

    def forget_answers(self) -> None:
        """Let the server forget answers that it keeps; those without hits it would give again at once."""
        self.usual.indices.clear_cache(index=ALIAS, request=True)

    def close(self) -> None:
        """Let go of the connections."""
        self.usual.close()
        self.tuned.close()

    def _in_view(self, selection: Node, wanted: dict[str, Any]) -> Iterator[Any]:
        with self._view() as view:
            body = {
                "query": write(selection),
                "size": PAGE,
                "sort": [{"_shard_doc": "asc"}],
                "track_total_hits": False,
                "pit": {"id": view, "keep_alive": KEPT_FOR},
                **wanted,
            }
            while hits := self._page(body):
                yield from hits
                body["search_after"] = hits[-1]["sort"]

    def _page(self, body: dict[str, Any]) -> list[Any]:
        answer = self.tuned.search(body=body, params={"filter_path": LEAN_VIEW})
        hits: list[Any] = answer.get("hits", {}).get("hits", [])
        return hits

    @contextmanager
    def _view(self) -> Iterator[str]:
        view = self.tuned.create_pit(index=ALIAS, params={"keep_alive": KEPT_FOR})["pit_id"]
        try:
            yield view
        finally:
            self.tuned.delete_pit(body={"pit_id": [view]})
