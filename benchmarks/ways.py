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

LEAN = {"_source": False, "stored_fields": "_none_"}
"""Open no stored document for a hit: what is wanted of it stands beside the index."""
BY_ORDINAL = [{"__ordinal": "asc"}]
"""The order in which what a hit is sorted by is all that is wanted of it."""
BY_PLACE = [{"_shard_doc": "asc"}]
LEAN_SCROLL = "_scroll_id,_shards,hits.hits.sort"
LEAN_VIEW = "_shards,timed_out,hits.hits.fields,hits.hits.sort"


class Raw:
    """The official client by itself: `usual` as it comes, `tuned` with a JSON reader as fast as Muster's."""

    def __init__(self, url: str) -> None:
        self.usual = client(url)
        self.tuned = client(url, serializer=Orjson())

    def scanned(self, selection: Node) -> list[str]:
        """Return guids by `helpers.scan` with its defaults: 1,000 hits a page, each with its document."""
        return [hit["_id"] for hit in scan(self.usual, {"query": write(selection)}, index=ALIAS)]

    def scanned_well(self, selection: Node) -> list[int]:
        """Return ordinals by the best `helpers.scan`: large pages, nothing but the number.

        In order of that number it takes two thirds of the time that it takes in the order of the index: a hit's place in
        the order is the number then, and need not be looked up for it.
        """
        hits = scan(
            self.tuned,
            {"query": write(selection), "sort": BY_ORDINAL, **LEAN},
            index=ALIAS,
            preserve_order=True,
            size=PAGE,
            filter_path=LEAN_SCROLL,
            scroll_kwargs={"filter_path": LEAN_SCROLL},
        )
        return [hit["sort"][0] for hit in hits]

    def viewed(self, selection: Node) -> list[int]:
        """Return ordinals by a point in time and `search_after` on `_shard_doc`: large pages, nothing but the number."""
        wanted = {"sort": BY_PLACE, "docvalue_fields": ["__ordinal"]}
        return [hit["fields"]["__ordinal"][0] for hit in self._in_view(selection, wanted)]

    def viewed_well(self, selection: Node) -> list[int]:
        """Return ordinals by a point in time in their order, as the best scan does."""
        return [hit["sort"][0] for hit in self._in_view(selection, {"sort": BY_ORDINAL})]

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
        wanted = {"sort": BY_PLACE, "docvalue_fields": ["__ordinal", "__guid"]}
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
                "track_total_hits": False,
                "pit": {"id": view, "keep_alive": KEPT_FOR},
                **LEAN,
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
