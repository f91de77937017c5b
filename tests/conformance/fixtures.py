"""The judges as fixtures, each started when a case first asks for it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping

import pytest
from elasticsearch import Elasticsearch
from opensearchpy import OpenSearch

from tests.conformance.judges import Judge
from tests.conformance.loading import JUDGES, MAPPING
from tests.conformance.on_engine import OnEngine, judging
from tests.conformance.on_muster import OnEmbedded, by_predicate
from tests.conformance.on_server import OnServer
from tests.servers import lacks
from tests.servers.clients import send_by_elasticsearch, send_by_opensearch

JudgeNamed = Callable[[str], Judge]
MajorOf = Callable[[str], int]
UrlOf = Callable[[str], str]

SERVER_OF = {
    "opensearch": "opensearch",
    "elasticsearch": "elasticsearch",
    "muster on opensearch": "opensearch",
    "muster on elasticsearch": "elasticsearch",
}
"""The judges that need a server, with its name."""

_DIFFERING = {"elasticsearch"}
"""Judges that follow another meaning, and are asked for nothing but what is written down."""


@pytest.fixture(scope="session")
def on_opensearch(opensearch: OpenSearch) -> Iterator[OnServer]:
    """The real OpenSearch as a judge; its indices go when the run ends."""
    judge = OnServer(send_by_opensearch(opensearch))
    yield judge
    judge.forget()


@pytest.fixture(scope="session")
def on_elasticsearch(elasticsearch: Elasticsearch) -> Iterator[OnServer]:
    """The real Elasticsearch as a judge; skips where it lacks what every scenario's mapping needs."""
    send = send_by_elasticsearch(elasticsearch)
    if lacking := lacks.analysis(send, MAPPING):
        pytest.skip(f"the node lacks {', '.join(lacking)}")
    judge = OnServer(send)
    yield judge
    judge.forget()


@pytest.fixture(scope="session")
def on_embedded() -> Iterator[OnEmbedded]:
    """The embedded engine as a judge."""
    judge = OnEmbedded()
    yield judge
    judge.forget()


@pytest.fixture(scope="session")
def muster_on_opensearch(engine_url: UrlOf) -> Iterator[OnEngine]:
    """Muster's own engine on the real OpenSearch."""
    with judging(engine_url("opensearch")) as judge:
        yield judge


@pytest.fixture(scope="session")
def muster_on_elasticsearch(on_elasticsearch: OnServer, engine_url: UrlOf) -> Iterator[OnEngine]:
    """Muster's own engine on the real Elasticsearch, where that has what every scenario's mapping needs."""
    assert on_elasticsearch
    with judging(engine_url("elasticsearch")) as judge:
        yield judge


@pytest.fixture(scope="session")
def judge_named(request: pytest.FixtureRequest) -> JudgeNamed:
    """Finds a judge by its name, so that only the judge of a case is started."""
    makers: dict[str, Callable[[], Judge]] = {
        "opensearch": lambda: request.getfixturevalue("on_opensearch"),
        "elasticsearch": lambda: request.getfixturevalue("on_elasticsearch"),
        "predicate": lambda: by_predicate,
        "duckdb": lambda: request.getfixturevalue("on_embedded"),
        "muster on opensearch": lambda: request.getfixturevalue("muster_on_opensearch"),
        "muster on elasticsearch": lambda: request.getfixturevalue("muster_on_elasticsearch"),
    }
    return lambda name: makers[name]()


@pytest.fixture(scope="session")
def major_of(request: pytest.FixtureRequest) -> MajorOf:
    """Tells the major version of the server behind a judge, 0 where there is none."""

    def major(judge: str) -> int:
        if judge not in SERVER_OF:
            return 0
        number: str = request.getfixturevalue(SERVER_OF[judge]).info()["version"]["number"]
        return int(number.partition(".")[0])

    return functools.cache(major)


@pytest.fixture(scope="session")
def every_judge(judge_named: JudgeNamed) -> Mapping[str, Judge]:
    """All judges of one meaning that can be had here, by name: servers only where there are any."""
    found = {name: _at_hand(name, judge_named) for name in JUDGES if name not in _DIFFERING}
    return {name: judge for name, judge in found.items() if judge is not None}


def _at_hand(name: str, judge_named: JudgeNamed) -> Judge | None:
    try:
        return judge_named(name)
    except pytest.skip.Exception:
        return None
