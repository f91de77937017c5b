"""What is counted and timed, for Prometheus to collect."""

import os
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, cast

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

from muster.api.gauges import Gauges
from muster.errors import MusterError
from muster.hook import Delivery, Hook, Status
from muster.membership import Fence, Proposal, Run
from muster.protocols import Engine, Record
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
        self._runs = Counter(
            "muster_runs", "Runs of products committed here.", ("trigger", "outcome"), registry=self.registry
        )
        self._differences = Counter(
            "muster_audit_differences",
            "Products whose members, kept by following changes, an audit found to be others.",
            registry=self.registry,
        )
        self._deliveries = Counter(
            "muster_webhook_tries", "Tries to tell a webhook, by what came of it.", ("status",), registry=self.registry
        )

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
        """Count runs by what they came of, and by outcome."""
        for run in runs:
            self._runs.labels(run.trigger.value, run.outcome.value).inc()

    def differed(self, products: int) -> None:
        """Count products whose members an audit found to be others."""
        self._differences.inc(products)

    def tried(self, status: Status) -> None:
        """Count a try to tell a webhook."""
        self._deliveries.labels(status.value).inc()

    def watch(self, work: Workspace) -> None:
        """Tell from now on how things stand, whenever somebody collects."""
        self.told.register(Gauges(work))


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
    """A record whose runs and deliveries are counted; to everybody else it is that record."""

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

    def settle(self, fence: Fence, hook: Hook, delivery: Delivery | None = None) -> None:
        """Store what came of telling a hook, and count it."""
        self._record.settle(fence, hook, delivery)
        if delivery is not None:
            self._meters.tried(delivery.status)


def measured(engine: Engine, meters: Meters) -> Engine:
    """Return the engine, with its calls timed."""
    return cast("Engine", _Measured(engine, meters))


def counted(record: Record, meters: Meters) -> Record:
    """Return the record, with its runs and deliveries counted."""
    return cast("Record", _Counted(record, meters))
