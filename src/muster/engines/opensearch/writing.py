"""Batches of updates into the index: fields mapped, documents shaped, written, made searchable."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from pyroaring import BitMap

from muster.engines.opensearch.bulk import Item, send
from muster.engines.opensearch.index import Index
from muster.engines.opensearch.server import ORDINAL, Refused
from muster.engines.opensearch.shape import Shaper
from muster.engines.opensearch.within import within_set
from muster.errors import EngineUnavailable
from muster.protocols import Refusal, Update

TRIES = 5
"""How often a batch is shaped whose fields another process has mapped otherwise meanwhile."""

MOST_HITS = 10_000


class Writer:
    """Writes batches into one index, one at a time."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._writing = threading.Lock()

    def write(self, updates: Sequence[Update], position: int) -> tuple[Refusal, ...]:
        """Write a batch and make it searchable; remember the position then. An older one is ignored."""
        with self._writing:
            if position < self._index.position():
                return ()
            refused = self._sent(updates)
            self._index.server.request("POST", f"/{self._index.name}/_refresh")
            self._index.reached(position)
            return refused

    def _sent(self, updates: Sequence[Update]) -> tuple[Refusal, ...]:
        written = [update for update in updates if update.document is not None]
        items = [*self._shaped(written), *self._removed([one for one in updates if one.document is None])]
        refused = send(self._index.server, self._index.name, items, must_be_alias=self._index.serves)
        ordinals = {item.id: update.ordinal for item, update in zip(items, written, strict=False)}
        return tuple(Refusal(ordinals.get(id_, 0), reason) for id_, reason in refused.items())

    def _shaped(self, updates: Sequence[Update]) -> list[Item]:
        """Shape documents to what is mapped, having mapped what they bring along."""
        for _ in range(TRIES):
            shaper = Shaper(self._index.fields())
            items = [_item(shaper, update) for update in updates]
            if self._mapped(shaper):
                return items
        raise EngineUnavailable("other processes map the same fields otherwise, again and again", hint="try again")

    def _mapped(self, shaper: Shaper) -> bool:
        if shaper.fields is self._index.fields():
            return True
        try:
            self._index.grow(shaper.fields)
        except Refused:
            return False
        return True

    def _removed(self, updates: Sequence[Update]) -> list[Item]:
        """Find the documents to delete by their ordinals: only the index knows their ids."""
        if not updates:
            return []
        versions = {update.ordinal: update.version for update in updates}
        return [Item(hit["_id"], versions[hit["sort"][0]], None) for hit in self._hits(BitMap(versions))]

    def _hits(self, ordinals: BitMap) -> list[Any]:
        server, name = self._index.server, self._index.name
        server.request("POST", f"/{name}/_refresh")
        found: list[Any] = []
        for start in range(0, len(ordinals), MOST_HITS):
            query = within_set(ordinals[start : start + MOST_HITS], server.dialect)
            body = {"query": query, "size": MOST_HITS, "sort": [{ORDINAL: "asc"}], "_source": False}
            found += server.request("POST", f"/{name}/_search", body=body)["hits"]["hits"]
        return found


def _item(shaper: Shaper, update: Update) -> Item:
    document: Mapping[str, Any] = update.document or {}
    return Item(document["__guid"], update.version, {**shaper.shape(document), ORDINAL: update.ordinal})
