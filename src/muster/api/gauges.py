"""How things stand, for Prometheus: found out when somebody collects."""

from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from muster.errors import MusterError
from muster.service import lag
from muster.service.reports.freshness import freshness
from muster.service.workspace import Workspace

Figures = Callable[[Workspace], Iterator[tuple[str, str, float]]]
"""Finds out some figures: name, what it is, how much."""


class Gauges(Collector):
    """How far index, memberships and webhooks are behind, and what waits for somebody."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def describe(self) -> Iterator[Metric]:
        """Yield nothing: nobody is asked before somebody collects."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Yield what can be found out: where record or index do not answer, their figures are left out."""
        for figures in FIGURES:
            try:
                found = list(figures(self._work))
            except MusterError:
                continue
            yield from (GaugeMetricFamily(name, meaning, value) for name, meaning, value in found)


def _index(work: Workspace) -> Iterator[tuple[str, str, float]]:
    found = lag.of_index(work)
    yield "muster_projector_lag_changes", "Changes that cannot be searched yet.", found.changes
    yield "muster_projector_lag_seconds", "Age of the first of these changes.", found.seconds


def _memberships(work: Workspace) -> Iterator[tuple[str, str, float]]:
    found = lag.of_memberships(work)
    yield "muster_keeper_lag_changes", "Changes that memberships do not follow yet.", found.changes
    yield "muster_keeper_lag_seconds", "Age of the first of these changes.", found.seconds


def _products(work: Workspace) -> Iterator[tuple[str, str, float]]:
    waiting = work.record.waiting([one.guid for one in work.record.outlines()])
    yield "muster_runs_waiting", "Products whose last run is held.", len(waiting)
    if any(policy.freshness is not None for policy in work.record.policies().values()):
        stale = sum(one.breached for one in freshness(work))
        yield "muster_products_stale", "Products whose members are older than their policy lets them be.", stale


def _webhooks(work: Workspace) -> Iterator[tuple[str, str, float]]:
    hooks = work.record.hooks()
    last = work.record.last_event()
    behind = max((last - one.position for one in hooks if one.paused is None), default=0)
    yield "muster_webhooks", "Webhooks that there are.", len(hooks)
    yield "muster_webhooks_paused", "Those that nothing is sent to.", sum(one.paused is not None for one in hooks)
    yield (
        "muster_webhook_lag_events",
        "Events that the webhook that is furthest behind has yet to pass.",
        max(0, behind),
    )


FIGURES: Final[tuple[Figures, ...]] = (_index, _memberships, _products, _webhooks)
