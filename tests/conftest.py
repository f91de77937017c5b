"""What every test may use: the real servers, and the closing lines that say who judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import pytest
from opensearchpy import OpenSearch

from tests.conformance.fixtures import every_judge, judge_named, on_embedded, on_opensearch
from tests.servers import report, run
from tests.servers.answer import Absent, Broken, Running

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["every_judge", "judge_named", "on_embedded", "on_opensearch", "opensearch"]


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run in the process that leads it."""
    if _leads(config):
        run.begin()


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
def opensearch() -> Iterator[OpenSearch]:
    """A client of a real OpenSearch; skips where none can be had, fails where one broke."""
    answer = run.opensearch()
    match answer:
        case Running(url, origin):
            with OpenSearch(url, timeout=60) as client:
                report.say("opensearch", f"{client.info()['version']['number']} from {origin}")
                yield client
        case Absent(reason):
            report.missing("opensearch", reason)
            pytest.skip(f"no OpenSearch: {reason}")
        case Broken(reason):
            report.missing("opensearch", "it broke while starting")
            pytest.fail(reason)
        case _:
            assert_never(answer)


def _leads(config: pytest.Config) -> bool:
    return not hasattr(config, "workerinput")
