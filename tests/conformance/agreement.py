"""Whether a judge's verdict is what a scenario expects, and both in words."""

from __future__ import annotations

from tests.conformance.judges import Refused, Unsupported, Verdict
from tests.conformance.loading import Scenario


def agrees(scenario: Scenario, verdict: Verdict, judge: str) -> bool:
    """Whether `judge` answered as the scenario expects.

    A refusal agrees with an expected one when its status does; judges that know no statuses give None, which agrees
    with each. Where the scenario says that this judge does not support it, nothing but saying so agrees.
    """
    if judge in scenario.unsupported:
        return isinstance(verdict, Unsupported)
    if isinstance(verdict, Refused):
        return scenario.refused is not None and verdict.status in {None, scenario.status}
    return verdict in _welcome(scenario, judge)


def _welcome(scenario: Scenario, judge: str) -> tuple[frozenset[str] | None, ...]:
    """The sets of ids that agree; the server itself always keeps its limits."""
    return (scenario.expect,) if judge == "opensearch" else (scenario.expect, scenario.without_limit)


def expected(scenario: Scenario, judge: str) -> str:
    """The expectation of a scenario in one line."""
    if judge in scenario.unsupported:
        return f"unsupported: {scenario.unsupported[judge]}"
    return f"refusal: {scenario.refused}" if scenario.expect is None else shown(scenario.expect)


def shown(verdict: Verdict) -> str:
    """A verdict in one line."""
    return str(sorted(verdict)) if isinstance(verdict, frozenset) else repr(verdict)
