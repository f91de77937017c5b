"""Muster's own engine on a real server: every way of asking it has to give the same."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import uuid
from collections.abc import Iterator, Sequence

from muster.engines.opensearch import Index, OpenSearchEngine, open_server, read_address
from muster.engines.opensearch.server import Server
from muster.protocols import Page, Update
from muster.query.algebra import atoms, combine
from muster.query.formula import formula
from muster.query.nodes import Node
from tests.conformance.judges import Verdict
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
    """Keeps one index for each distinct corpus until told to forget them."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._prefix = f"muster-judge-{uuid.uuid4().hex[:12]}"
        self._held: dict[str, _Held] = {}

    def __call__(self, corpus: Corpus, mapping: Json, selections: Sequence[Json], now: dt.datetime) -> list[Verdict]:
        """Ask for members, count, page and postings of each selection, and hold them against each other."""
        held = self._holding(corpus, mapping)

        def members(node: Node) -> frozenset[str]:
            return frozenset(held.ids[ordinal] for ordinal in _every_way(held.engine, node, milliseconds(now)))

        return [verdict_of(selection, members) for selection in selections]

    def forget(self) -> None:
        """Delete every index this judge made."""
        for held in self._held.values():
            self._server.request("DELETE", f"/{held.alias}-000001,{held.alias}.state")
        self._held.clear()

    def _holding(self, corpus: Corpus, mapping: Json) -> _Held:
        key = json.dumps([corpus, mapping])
        if key not in self._held:
            self._held[key] = self._made(corpus, mapping)
        return self._held[key]

    def _made(self, corpus: Corpus, mapping: Json) -> _Held:
        alias = f"{self._prefix}-{len(self._held)}"
        engine = OpenSearchEngine(Index(self._server, mapping, alias))
        ids = dict(enumerate(corpus, start=FIRST_ORDINAL))
        updates = [Update(ordinal, {**corpus[id_], "__guid": id_}, 1) for ordinal, id_ in ids.items()]
        if refused := engine.apply(updates, position=1):
            raise ValueError(f"the node refused assets: {refused}")
        return _Held(alias, engine, ids)


def _every_way(engine: OpenSearchEngine, node: Node, now: int) -> frozenset[int]:
    members = engine.members(node, now=now)
    clauses = formula(node)
    leaves = list(dict.fromkeys(atoms(clauses)))
    found = engine.postings(leaves, now=now)
    combined = combine(clauses, dict(zip(leaves, found.sets, strict=True)).__getitem__, found.universe)
    page = engine.search(node, Page(10_000), now=now)
    if not members == combined == type(members)(hit.ordinal for hit in page.hits) or page.total != len(members):
        raise AssertionError(f"members {members}, postings {combined}, page {page}")
    if engine.count(node, now=now) != len(members):
        raise AssertionError(f"{len(members)} members, {engine.count(node, now=now)} counted")
    return frozenset(members)


@contextlib.contextmanager
def judging(url: str) -> Iterator[OnEngine]:
    """A judge on the server at a URL of the settings (`opensearch://…`); its indices go when the context ends."""
    server = open_server(read_address(url), timeout=60, connections=4)
    with contextlib.closing(server):
        judge = OnEngine(server)
        yield judge
        judge.forget()
