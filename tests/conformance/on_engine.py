"""Muster's own engine on a real server: every way of asking it has to give the same."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import itertools
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence

from pyroaring import BitMap

from muster.engines.opensearch import Index, OpenSearchEngine, open_server, read_address
from muster.engines.opensearch.server import Server
from muster.protocols import Page, Update
from muster.query.algebra import atoms, combine
from muster.query.formula import formula
from muster.query.nodes import Node
from tests.conformance.judges import KEPT, Verdict
from tests.conformance.loading import Corpus, Json
from tests.conformance.on_muster import milliseconds, verdict_of

FIRST_ORDINAL = 70_000_001
"""Far from any number that a scenario asks all fields for: the ordinal is a field as well."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Held:
    """One corpus in an index of its own."""

    alias: str
    engine: OpenSearchEngine
    ids: dict[int, str]


class OnEngine:
    """Keeps one index for each of the last distinct corpora until told to forget them."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._prefix = f"muster-judge-{uuid.uuid4().hex[:12]}"
        self._held: dict[str, _Held] = {}
        self._numbers = itertools.count()

    def __call__(self, corpus: Corpus, mapping: Json, selections: Sequence[Json], now: dt.datetime) -> list[Verdict]:
        """Ask for the members of each selection, and hold them against what other ways of asking give."""
        held, at = self._holding(corpus, mapping), milliseconds(now)
        found: dict[Node, BitMap] = {}

        def members(node: Node) -> frozenset[str]:
            found[node] = held.engine.members(node, now=at)
            return frozenset(held.ids[ordinal] for ordinal in found[node])

        verdicts = [verdict_of(selection, members) for selection in selections]
        _see_that_postings_agree(held.engine, found, at)
        if len(selections) == 1:
            _see_that_pages_agree(held.engine, found, at)
        return verdicts

    def forget(self) -> None:
        """Delete every index this judge made."""
        while self._held:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        held = self._held.pop(next(iter(self._held)))
        self._server.request("DELETE", f"/{held.alias}-000001,{held.alias}.state")
        self._server.request("DELETE", f"/_index_template/{held.alias}")

    def _holding(self, corpus: Corpus, mapping: Json) -> _Held:
        key = json.dumps([corpus, mapping])
        if key not in self._held:
            if len(self._held) == KEPT:
                self._forget_oldest()
            self._held[key] = self._made(corpus, mapping)
        return self._held[key]

    def _made(self, corpus: Corpus, mapping: Json) -> _Held:
        alias = f"{self._prefix}-{next(self._numbers)}"
        engine = OpenSearchEngine(Index(self._server, mapping, alias))
        ids = dict(enumerate(corpus, start=FIRST_ORDINAL))
        updates = [Update(ordinal, {**corpus[id_], "__guid": id_}, 1) for ordinal, id_ in ids.items()]
        if refused := engine.apply(updates, position=1):
            raise ValueError(f"the node refused assets: {refused}")
        return _Held(alias, engine, ids)


def _see_that_postings_agree(engine: OpenSearchEngine, found: Mapping[Node, BitMap], now: int) -> None:
    """All clauses asked together, and combined, give the members of each selection."""
    formulas = {node: formula(node) for node in found}
    leaves = list(dict.fromkeys(leaf for one in formulas.values() for leaf in atoms(one)))
    postings = engine.postings(leaves, now=now)
    sets = dict(zip(leaves, postings.sets, strict=True))
    for node, members in found.items():
        combined = combine(formulas[node], sets.__getitem__, postings.universe)
        if combined != members:
            raise AssertionError(f"members {members}, from postings {combined}: {node}")


def _see_that_pages_agree(engine: OpenSearchEngine, found: Mapping[Node, BitMap], now: int) -> None:
    """A page and a count are of the members."""
    for node, members in found.items():
        page, count = engine.search(node, Page(10_000), now=now), engine.count(node, now=now)
        if BitMap(hit.ordinal for hit in page.hits) != members or not page.total == count == len(members):
            raise AssertionError(f"members {members}, page {page}, count {count}: {node}")


@contextlib.contextmanager
def judging(url: str) -> Iterator[OnEngine]:
    """A judge on the server at a URL of the settings (`opensearch://…`); its indices go when the context ends."""
    server = open_server(read_address(url), timeout=60, connections=4)
    with contextlib.closing(server):
        judge = OnEngine(server)
        yield judge
        judge.forget()
