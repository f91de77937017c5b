"""The judges as fixtures, each started when a case first asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
from opensearchpy import OpenSearch

from tests.conformance.judges import Judge
from tests.conformance.loading import JUDGES
from tests.conformance.on_muster import OnEmbedded, by_predicate
from tests.conformance.on_opensearch import OnOpenSearch

JudgeNamed = Callable[[str], Judge]


@pytest.fixture(scope="session")
def on_opensearch(opensearch: OpenSearch) -> Iterator[OnOpenSearch]:
    """The real node as a judge; its indices go when the run ends."""
    judge = OnOpenSearch(opensearch)
    yield judge
    judge.forget()


@pytest.fixture(scope="session")
def on_embedded() -> Iterator[OnEmbedded]:
    """The embedded engine as a judge."""
    judge = OnEmbedded()
    yield judge
    judge.forget()


@pytest.fixture(scope="session")
def judge_named(request: pytest.FixtureRequest) -> JudgeNamed:
    """Finds a judge by its name, so that only the judge of a case is started."""
    makers: dict[str, Callable[[], Judge]] = {
        "opensearch": lambda: request.getfixturevalue("on_opensearch"),
        "predicate": lambda: by_predicate,
        "duckdb": lambda: request.getfixturevalue("on_embedded"),
    }
    return lambda name: makers[name]()


@pytest.fixture(scope="session")
def every_judge(request: pytest.FixtureRequest, judge_named: JudgeNamed) -> Mapping[str, Judge]:
    """All judges that can be had here, by name: the node only where there is one."""
    try:
        request.getfixturevalue("opensearch")
    except pytest.skip.Exception:
        return {name: judge_named(name) for name in JUDGES if name != "opensearch"}
    return {name: judge_named(name) for name in JUDGES}
