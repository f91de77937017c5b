"""The same selections as percolator queries on the server, and changed documents percolated: what following changes is beside."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.helpers import bulk
from pyroaring import BitMap

from catalog import NEWEST
from measure import Report, timed
from muster.catalog.document import document
from muster.catalog.entity import Entity
from muster.catalog.naming import meant
from muster.fields.template import asset_template
from muster.indexing import Indexer
from muster.query.wire import recall, write
from muster.service.holding import Meaning, apart, held
from muster.service.tags import tag_names
from muster.service.workspace import Workspace
from server import ALIAS, Orjson, client

INDEX = f"{ALIAS}-percolator"
"""Goes with everything else that is called as the alias."""
FIELD = "__percolated"
SLOT = "_percolator_document_slot"
TOGETHER = (1, 10, 100)
"""Documents of one request."""
CHECKED = 20
"""Documents whose products are compared before anything is measured."""


@dataclass(frozen=True)
class Percolator:
    """Selections registered by ordinal of their product."""

    asked: OpenSearch
    products: int

    def holding(self, documents: Sequence[Mapping[str, Any]]) -> list[set[int]]:
        """Return the products that hold each document."""
        query = {"percolate": {"field": FIELD, "documents": documents}}
        body = {"query": {"constant_score": {"filter": query}}, "size": self.products, "_source": False}
        hits = self.asked.search(index=INDEX, body=body)["hits"]["hits"]
        found: list[set[int]] = [set() for _ in documents]
        for hit in hits:
            for slot in hit["fields"][SLOT]:
                found[slot].add(int(hit["_id"]))
        return found


def measure_percolator(report: Report, work: Workspace, url: str, seconds: float) -> None:
    """Register all selections, see that they hold what Muster says, and percolate for so long with each size of request."""
    with closing(client(url, serializer=Orjson())) as asked:
        percolator, taken = timed(lambda: _registered(work, asked))
        report.took(f"{percolator.products:,} selections as percolator queries", taken)
        _agree(work, percolator)
        for together in TOGETHER:
            done, taken = timed(partial(_percolated, work, percolator, together, seconds))
            report.row(f"percolated, {together} together", {"documents": done, "documents/s": done / taken.clock})


def _registered(work: Workspace, asked: OpenSearch) -> Percolator:
    template, names = asset_template()["template"], tag_names(work.record)
    mappings = template["mappings"]
    properties = {**mappings["properties"], FIELD: {"type": "percolator"}}
    asked.indices.create(
        index=INDEX, body={"settings": template["settings"], "mappings": {**mappings, "properties": properties}}
    )
    actions = (
        {"_index": INDEX, "_id": str(one.ordinal), FIELD: write(meant(recall(one.wire), names))}
        for one in work.record.outlines()
    )
    number, _ = bulk(asked, actions, chunk_size=1_000)
    asked.indices.refresh(index=INDEX)
    asked.indices.forcemerge(index=INDEX, max_num_segments=1)
    return Percolator(asked, number)


def _agree(work: Workspace, percolator: Percolator) -> None:
    """See that both say the same of some documents."""
    entities = work.record.entities(range(1, work.record.position(), max(1, work.record.position() // CHECKED)))
    outlines = list(work.record.outlines())
    indexer, meaning = Indexer(work.fields), Meaning(work.fields, tag_names(work.record), NEWEST)
    assets = {one.ordinal: indexer.index(one.guid, document(one)) for one in entities}
    answers = held([apart(one.wire) for one in outlines], assets, meaning, lambda _: [])
    found = percolator.holding([document(one) for one in entities])
    holds = [(one.ordinal, answer) for one, answer in zip(outlines, answers, strict=True) if isinstance(answer, BitMap)]
    for entity, products in zip(entities, found, strict=True):
        wanted = {ordinal for ordinal, members in holds if entity.ordinal in members}
        if products != wanted:
            raise SystemExit(f"the percolator and Muster disagree about {entity.guid}: {sorted(products ^ wanted)[:5]}")


def _percolated(work: Workspace, percolator: Percolator, together: int, seconds: float) -> int:
    """Percolate documents for so many seconds; return how many."""
    until, done = time.monotonic() + seconds, 0
    for some in _batches(work, together):
        percolator.holding([document(one) for one in some])
        done += len(some)
        if time.monotonic() > until:
            break
    return done


def _batches(work: Workspace, together: int) -> Iterator[list[Entity]]:
    """Yield entities of the whole catalog by turns, so many together, without an end."""
    last = work.record.position()
    step = max(1, last // 997)
    for turn in count():
        ordinals = [1 + (turn * together + at) * step % last for at in range(together)]
        yield work.record.entities(sorted(set(ordinals)))
