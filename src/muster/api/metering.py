"""What is counted and timed, for Prometheus to collect."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, cast

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from muster.errors import MusterError
from muster.membership import Proposal, Run
from muster.protocols import Engine, Record
from muster.service.follow import lag
from muster.service.workspace import Workspace

TOGETHER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which prometheus_client is told the folder that several processes keep their figures in."""

METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)


class Meters:
    """The figures of one service; `told` has those of all its processes, where it runs in several."""

    def __init__(self) -> None:
        self.registry = self.told = CollectorRegistry()
        if TOGETHER in os.environ:
            self.told = CollectorRegistry()
            MultiProcessCollector(self.told)  # type: ignore[no-untyped-call]
        self._requests = Counter(
            "muster_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "muster_request_seconds",
            "Time from a request's headers to the end of its answer.",
            ("method", "route"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._calls = Histogram(
            "muster_engine_seconds", "Time that the engine took.", ("call",), buckets=SECONDS, registry=self.registry
        )
        self._failures = Counter(
            "muster_engine_failures", "Calls of the engine that failed.", ("call", "code"), registry=self.registry
        )
        self._runs = Counter("muster_runs", "Runs of products committed here.", ("outcome",), registry=self.registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request by its route's template."""
        method = method if method in METHODS else "other"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def called(self, call: str, seconds: float) -> None:
        """Count one call of the engine."""
        self._calls.labels(call).observe(seconds)

    def failed(self, call: str, code: str) -> None:
        """Count one call of the engine that failed."""
        self._failures.labels(call, code).inc()

    def ran(self, runs: Sequence[Run]) -> None:
        """Count runs by outcome."""
        for run in runs:
            self._runs.labels(run.outcome.value).inc()

    def watch(self, work: Workspace) -> None:
        """Tell from now on how far the index is behind, whenever somebody collects."""
        self.told.register(_Lag(work))


class _Lag(Collector):
    """How far the index is behind the record."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def describe(self) -> Iterator[Metric]:
        """Yield nothing: nobody is asked before somebody collects."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Yield nothing where record or index do not answer: a figure that is not known is left out."""
        try:
            found = lag(self._work)
        except MusterError:
            return
        yield GaugeMetricFamily("muster_projector_lag_changes", "Changes that cannot be searched yet.", found.changes)
        yield GaugeMetricFamily("muster_projector_lag_seconds", "Age of the first of these changes.", found.seconds)


class _Measured:
    """An engine whose every call is timed; to everybody else it is that engine."""

    CALLS: Final = frozenset(
        ("count", "search", "members", "postings", "aggregate", "tally", "terms", "apply", "digests")
    )

    def __init__(self, engine: Engine, meters: Meters) -> None:
        self._engine = engine
        self._meters = meters

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._engine, name)
        return self._timed(name, found) if name in self.CALLS else found

    def _timed(self, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            began = time.perf_counter()
            try:
                return method(*args, **kwargs)
            except MusterError as error:
                self._meters.failed(name, error.code)
                raise
            finally:
                self._meters.called(name, time.perf_counter() - began)

        return timed


class _Counted:
    """A record whose runs are counted; to everybody else it is that record."""

    def __init__(self, record: Record, meters: Meters) -> None:
        self._record = record
        self._meters = meters

    def __getattr__(self, name: str) -> Any:
        return getattr(self._record, name)

    def commit(self, proposals: Sequence[Proposal], **how: Any) -> list[Run]:
        """Commit runs, and count them."""
        runs = self._record.commit(proposals, **how)
        self._meters.ran(runs)
        return runs

    def approve(self, proposal: Proposal, run: int, **how: Any) -> tuple[Run, Run]:
        """Commit a run that was held, and count it."""
        done, held = self._record.approve(proposal, run, **how)
        self._meters.ran([done])
        return done, held


def measured(engine: Engine, meters: Meters) -> Engine:
    """Return the engine, with its calls timed."""
    return cast("Engine", _Measured(engine, meters))


def counted(record: Record, meters: Meters) -> Record:
    """Return the record, with its runs counted."""
    return cast("Record", _Counted(record, meters))
