"""Batches of updates into the index: fields mapped, documents shaped, written, made searchable."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from pyroaring import BitMap

from muster.engines.opensearch.answers import WHOLE, whole
from muster.engines.opensearch.index.bulk import Item, Target, send
from muster.engines.opensearch.index.index import Index, Physical
from muster.engines.opensearch.index.shape import Shaper
from muster.engines.opensearch.index.state import Stand
from muster.engines.opensearch.server import NOT_FOUND, ORDINAL, Refused
from muster.engines.opensearch.within import within_set
from muster.errors import EngineUnavailable
from muster.fields import Fields
from muster.protocols import Refusal, Update

TRIES = 5
"""How often a batch is shaped whose fields another process has mapped otherwise meanwhile."""

MOST_HITS = 10_000


class Writer:
    """Writes batches into one index, one at a time."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._writing = threading.Lock()

    def write(self, updates: Sequence[Update], position: int | None, after: int) -> tuple[Refusal, ...]:
        """Write a batch and make it searchable; remember the position then, or the one that is, when it is None.

        A batch that the index is beyond is ignored, as is one that it is not as far as. Where the index is replaced
        meanwhile, the position is remembered of the one that the batch was for, and documents that went into the other
        are no harm: they come again, by the same versions.

        Raises:
            Refused: 404, when the index was replaced meanwhile.
        """
        with self._writing:
            physical = self._index.physical()
            current = self._index.position(physical)
            if position is not None and not after <= current <= position:
                return ()
            refused = self._sent(updates, physical)
            self._index.server.request("POST", f"/{physical.name}/_refresh")
            reached = current if position is None else position
            self._index.reached(physical, Stand(reached, self._documents(physical.name)))
            return refused

    def _documents(self, name: str) -> int:
        body = {"size": 0, "track_total_hits": True}
        answer = whole(self._index.server.request("POST", f"/{name}/_search", body=body, params=WHOLE))
        return int(answer["hits"]["total"]["value"])

    def _sent(self, updates: Sequence[Update], physical: Physical) -> tuple[Refusal, ...]:
        """Send the last update of each asset."""
        last = {update.ordinal: update for update in updates}.values()
        written = [update for update in last if update.document is not None]
        removed = [update for update in last if update.document is None]
        items = [*self._shaped(written), *self._removed(removed, physical)]
        refused = send(self._index.server, Target(self._index.name, physical.name), items)
        ordinals = {item.id: update.ordinal for item, update in zip(items, written, strict=False)}
        return tuple(Refusal(ordinals.get(id_, 0), reason) for id_, reason in refused.items())

    def _shaped(self, updates: Sequence[Update]) -> list[Item]:
        """Shape documents to what is mapped, having mapped what they bring along."""
        for _ in range(TRIES):
            before = self._index.fields()
            shaper = Shaper(before)
            items = [_item(shaper, update) for update in updates]
            if shaper.fields is before or self._mapped(before, shaper.fields):
                return items
        raise EngineUnavailable("other processes map the same fields otherwise, again and again", hint="try again")

    def _mapped(self, before: Fields, grown: Fields) -> bool:
        """Map what is new; return whether the server took it, False where it must be looked at again."""
        try:
            self._index.grow(before, grown)
        except Refused as refusal:
            if refusal.status == NOT_FOUND:
                raise
            return False
        return True

    def _removed(self, updates: Sequence[Update], physical: Physical) -> list[Item]:
        """Find the documents to delete by their ordinals: only the index knows their ids."""
        if not updates:
            return []
        versions = {update.ordinal: update.version for update in updates}
        hits = self._hits(BitMap(versions), physical.name)
        return [Item(hit["_id"], versions[hit["sort"][0]], None) for hit in hits]

    def _hits(self, ordinals: BitMap, name: str) -> list[Any]:
        server = self._index.server
        server.request("POST", f"/{name}/_refresh")
        found: list[Any] = []
        for start in range(0, len(ordinals), MOST_HITS):
            query = within_set(ordinals[start : start + MOST_HITS], server.dialect)
            body = {"query": query, "size": MOST_HITS, "sort": [{ORDINAL: "asc"}], "_source": False}
            answer = server.request("POST", f"/{name}/_search", body=body, params=WHOLE)
            found += whole(answer)["hits"]["hits"]
        return found


def _item(shaper: Shaper, update: Update) -> Item:
    document: Mapping[str, Any] = update.document or {}
    return Item(document["__guid"], update.version, {**shaper.shape(document), ORDINAL: update.ordinal})
