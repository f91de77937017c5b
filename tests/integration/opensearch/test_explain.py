"""Explanations held against named queries: a real OpenSearch says of each asset which clauses it matched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from muster.errors import MusterError
from muster.fields import Fields
from muster.indexing import IndexedAsset, Indexer
from muster.predicate import Explanation, explain
from muster.query import wire
from muster.query.naming import clause_name
from muster.query.nodes import Bool, ConstantScore, DisMax, Nested, Node
from muster.query.tree import children
from tests.conformance import loading, moments
from tests.conformance.loading import MAPPING, Corpus, Json
from tests.conformance.on_muster import by_predicate, milliseconds
from tests.conformance.on_server import OnServer
from tests.properties import strategies
from tests.servers import report

pytestmark = pytest.mark.filterwarnings("ignore::opensearchpy.exceptions.OpenSearchWarning")

FIELDS = Fields.from_mapping(MAPPING["settings"], MAPPING["mappings"])
AT_ONCE = 200
Verdicts = dict[str, dict[str, bool]]
"""Whether each clause, by its path, matches each asset, by its id."""
Both = tuple[Verdicts, Verdicts]
SCENARIOS = [one for one in loading.scenarios() if one.expect is not None and one.unsupported is None]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_a_scenario_is_explained_as_the_server_matches_it(scenario: loading.Scenario, on_opensearch: OnServer) -> None:
    """Clause by clause, for each asset; inside `nested` it is whether some object matches."""
    selection = wire.read(scenario.selection)

    def both(now: dt.datetime) -> Both:
        return told_and_judged(on_opensearch, moments.fill(scenario.assets, now), selection, now)

    hold(*moments.on_one_day(both), "of scenarios")


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(corpus=strategies.corpora, selection=strategies.selections)
def test_a_random_selection_is_explained_as_the_server_matches_it(
    corpus: Corpus, selection: Json, on_opensearch: OnServer
) -> None:
    """Clause by clause, where the selection is one."""
    hold(*told_and_judged(on_opensearch, corpus, wire.read(selection), dt.datetime.now(dt.UTC)), "drawn at random")


def told_and_judged(server: OnServer, corpus: Corpus, selection: Node, now: dt.datetime) -> Both:
    """Return what Muster says of each clause and asset, and what the server says."""
    told = explained(corpus, selection, now)
    return told, matched(server, corpus, {path: node for path, node in placed(selection) if path in told})


def hold(told: Verdicts, judged: Verdicts, whose: str) -> None:
    """Hold the explanations of a selection on each asset against the named queries that matched it."""
    assert {path: told[path] for path in judged} == judged
    for verdicts in (told[path] for path in judged):
        report.count("explain, opensearch", f"clauses {whose} agree")
        for _ in verdicts:
            report.count("explain, opensearch", f"verdicts on clauses {whose} agree")


def explained(corpus: Corpus, selection: Node, now: dt.datetime) -> Verdicts:
    """Return what Muster says of each clause, by its path, and each asset; nothing of a selection that it refuses."""
    indexer = Indexer(FIELDS)
    found: Verdicts = {}
    for id_, asset in corpus.items():
        try:
            one = explanation(corpus, selection, indexer.index(id_, asset), now)
        except MusterError:
            return {}
        for path, verdict in verdicts(one):
            found.setdefault(path, {})[id_] = verdict
    return found


def explanation(corpus: Corpus, selection: Node, asset: IndexedAsset, now: dt.datetime) -> Explanation:
    """Explain a selection on an asset; what only an index can tell is told by the predicate of the whole corpus."""

    def finds(query: Node) -> bool:
        (members,) = by_predicate(corpus, MAPPING, [wire.write(query)], now)
        assert isinstance(members, frozenset)
        return asset.guid in members

    return explain(selection, FIELDS, asset, now=milliseconds(now), verdict=finds)


def verdicts(one: Explanation) -> Iterator[tuple[str, bool]]:
    """Yield path and verdict of a clause and those inside it."""
    yield one.path, one.matched
    for part in one.parts:
        yield from verdicts(part)


def placed(clause: Node, at: str = "", around: str | None = None) -> Iterator[tuple[str, Node]]:
    """Yield each clause with its path, as it would be asked from the root: in the nested object that it is about."""
    yield at, clause if around is None else Nested(around, clause)
    match clause:
        case Bool() | ConstantScore() | DisMax():
            for place, part in children(clause):
                yield from placed(part, f"{at}/{clause_name(clause)}/{place}", around)
        case Nested(path=path, query=query):
            yield from placed(query, f"{at}/nested/query", path)
        case _:
            return


def matched(server: OnServer, corpus: Corpus, clauses: Mapping[str, Node]) -> Verdicts:
    """Return what the server says of each clause, by its path, and each asset; clauses that it refuses are left out.

    A clause that stands beside one that matches nothing would be lost where it is; so each stands beside `match_all`.
    """
    found: Verdicts = {}
    paths = list(clauses)
    for start in range(0, len(paths), AT_ONCE):
        some = paths[start : start + AT_ONCE]
        found |= _matched(server, corpus, {path: clauses[path] for path in some})
    return found


def _matched(server: OnServer, corpus: Corpus, clauses: Mapping[str, Node]) -> Verdicts:
    named = [wire.write(replace(clause, name=f"at {path}")) for path, clause in clauses.items()]
    body = {"query": {"bool": {"should": [{"match_all": {}}, *named]}}, "size": 100, "_source": False}
    status, answer = server._send("POST", f"/{server._index_of(corpus, MAPPING)}/_search", body)
    if status != 200 and len(clauses) == 1:
        report.count("explain, opensearch", "clauses are refused when they are asked alone")
        return {}
    if status != 200:
        alone = [_matched(server, corpus, {path: clause}) for path, clause in clauses.items()]
        return {path: assets for one in alone for path, assets in one.items()}
    hits = {hit["_id"]: set(hit.get("matched_queries", ())) for hit in answer["hits"]["hits"]}
    assert hits.keys() == corpus.keys()
    return {path: {id_: f"at {path}" in names for id_, names in hits.items()} for path in clauses}
