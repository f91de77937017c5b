"""What every test may use: the real servers, and the closing lines that say who judged."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from typing import assert_never
from urllib.parse import urlsplit

import pytest
from elasticsearch import Elasticsearch
from opensearchpy import OpenSearch

from tests.conformance.fixtures import (
    SERVER_OF,
    UrlOf,
    every_judge,
    judge_named,
    major_of,
    muster_on_elasticsearch,
    muster_on_opensearch,
    on_elasticsearch,
    on_embedded,
    on_opensearch,
)
from tests.servers import clients, finding, lacks, report, run
from tests.servers.answer import Absent, Broken, Running

__all__ = [
    "elasticsearch",
    "engine_url",
    "every_judge",
    "judge_named",
    "major_of",
    "muster_on_elasticsearch",
    "muster_on_opensearch",
    "on_elasticsearch",
    "on_embedded",
    "on_opensearch",
    "opensearch",
]

_WANTED = pytest.StashKey[Iterable[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run in the process that leads it; heed SIGINT, which who was started in the background of a shell does not."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if _leads(config):
        run.begin()


def pytest_xdist_auto_num_workers() -> int:
    """Return for `-n auto` a worker more than there are cores: each waits for servers and processes a fifth of its time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look which servers the tests will ask for, to start them together."""
    session.config.stash[_WANTED] = {name for item in session.items for name in _servers(item)}


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run's servers."""
    if _leads(config):
        run.end()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print who judged and who did not."""
    if found := report.lines():
        terminalreporter.section("what judged")
        for line in found:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def opensearch(request: pytest.FixtureRequest) -> Iterator[OpenSearch]:
    """A client of a real OpenSearch; skips where none can be had, fails where one broke."""
    found = _running("opensearch", request.config)
    with clients.opensearch(found.url) as client:
        _introduce("opensearch", found, clients.send_by_opensearch(client))
        yield client


@pytest.fixture(scope="session")
def elasticsearch(request: pytest.FixtureRequest) -> Iterator[Elasticsearch]:
    """A client of a real Elasticsearch; skips where none can be had, fails where one broke."""
    found = _running("elasticsearch", request.config)
    with clients.elasticsearch(found.url) as client:
        _introduce("elasticsearch", found, clients.send_by_elasticsearch(client))
        yield client


@pytest.fixture(scope="session")
def engine_url(request: pytest.FixtureRequest) -> UrlOf:
    """Tells the URL by which Muster finds the server of a name; skips where none can be had, fails where one broke."""

    def url(name: str) -> str:
        request.getfixturevalue(name)
        place = urlsplit(_running(name, request.config).url)
        return f"{name}://{place.netloc}{'?tls=true' if place.scheme == 'https' else ''}"

    return url


def _running(name: str, config: pytest.Config) -> Running:
    """Where the server of that name is; skips or fails where it is not."""
    match run.server(name, soon=config.stash[_WANTED]):
        case Running() as found:
            return found
        case Absent(reason):
            report.missing(name, reason)
            pytest.skip(f"no {finding.KINDS[name].title}: {reason}")
        case Broken(reason):
            report.missing(name, "it broke while starting")
            pytest.fail(reason)
        case never:
            assert_never(never)


def _introduce(name: str, found: Running, send: clients.Send) -> None:
    """Leave the line that says which server took part, and what it cannot do."""
    notes = [f"without {lack}" for lack in lacks.scripts(send)] + lacks.stand_ins(send)
    report.say(name, ", ".join([f"{clients.version(send)} from {found.origin}", *notes]))


def _servers(item: pytest.Item) -> Iterator[str]:
    """The servers that a test names among its fixtures or parameters, or its judge needs."""
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    texts = {value for value in parameters.values() if isinstance(value, str)}
    yield from finding.KINDS.keys() & {*getattr(item, "fixturenames", ()), *texts}
    if parameters.get("judge") in SERVER_OF:
        yield SERVER_OF[parameters["judge"]]


def _leads(config: pytest.Config) -> bool:
    return not hasattr(config, "workerinput")
