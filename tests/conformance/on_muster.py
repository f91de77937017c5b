"""Muster's own judges: the predicate, asked of one asset after the other, and the embedded engine, asked of all."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence

from muster.binding.bind import bind
from muster.binding.expand import expand
from muster.engines.embedded.engine import EmbeddedEngine
from muster.errors import MusterError, UnsupportedClause
from muster.fields import Fields
from muster.indexing import IndexedAsset, Indexer, Tokens
from muster.predicate import Predicate
from muster.protocols import Update
from muster.query.nodes import Node
from muster.query.wire import read
from tests.conformance.judges import Refused, Unsupported, Verdict
from tests.conformance.loading import Corpus, Json


def by_predicate(corpus: Corpus, mapping: Json, selections: Sequence[Json], now: dt.datetime) -> list[Verdict]:
    """Bind each selection, and ask the predicate of each indexed asset."""
    fields = _fields(mapping)
    indexer = Indexer(fields)
    assets = [indexer.index(key, asset) for key, asset in corpus.items()]

    def members(node: Node) -> frozenset[str]:
        bound = expand(bind(node, fields, now=milliseconds(now)), lambda field: _vocabulary(assets, field))
        predicate = Predicate(bound)
        return frozenset(asset.guid for asset in assets if predicate(asset))

    return [verdict_of(selection, members) for selection in selections]


class OnEmbedded:
    """The embedded engine, which keeps the last corpus in memory."""

    def __init__(self) -> None:
        self._key = ""
        self._engine: EmbeddedEngine | None = None

    def __call__(self, corpus: Corpus, mapping: Json, selections: Sequence[Json], now: dt.datetime) -> list[Verdict]:
        """Index the corpus, if it is another than before, and ask the engine for the members of each selection."""
        engine = self._holding(corpus, mapping)
        ids = list(corpus)

        def members(node: Node) -> frozenset[str]:
            return frozenset(ids[ordinal - 1] for ordinal in engine.members(node, now=milliseconds(now)))

        return [verdict_of(selection, members) for selection in selections]

    def forget(self) -> None:
        """Let go of the engine."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def _holding(self, corpus: Corpus, mapping: Json) -> EmbeddedEngine:
        key = json.dumps([corpus, mapping])
        if self._engine is None or self._key != key:
            self.forget()
            self._key, self._engine = key, EmbeddedEngine(":memory:", _fields(mapping), threads=1)
            numbered = enumerate(corpus.items(), start=1)
            updates = [Update(ordinal, {**asset, "__guid": name}) for ordinal, (name, asset) in numbered]
            self._engine.apply(updates, position=1)
        return self._engine


def _fields(mapping: Json) -> Fields:
    return Fields.from_mapping(mapping["settings"], mapping["mappings"])


def milliseconds(moment: dt.datetime) -> int:
    """A moment as Muster counts it."""
    return int(moment.timestamp() * 1000)


def verdict_of(selection: Json, members: Callable[[Node], frozenset[str]]) -> Verdict:
    """What becomes of a selection in wire form: its members, or why there are none."""
    try:
        return members(read(selection))
    except UnsupportedClause as why:
        return Unsupported(str(why))
    except MusterError as why:
        return Refused(str(why))


def _vocabulary(assets: Sequence[IndexedAsset], field: str) -> Iterator[str]:
    """Every distinct text that the assets, or their nested objects, hold in a field."""
    return iter({term for asset in assets for term in _terms(asset, field)})


def _terms(asset: IndexedAsset, field: str) -> Iterator[str]:
    found = asset.values.get(field, ())
    yield from (str(term) for term in (found.terms if isinstance(found, Tokens) else found))
    for objects in asset.nested.values():
        for inner in objects:
            yield from _terms(inner, field)
