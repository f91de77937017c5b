"""Whether a judge's verdict is what a scenario expects, and both in words."""

from __future__ import annotations

from tests.conformance.judges import Refused, Unsupported, Verdict
from tests.conformance.loading import SERVERS, Difference, Scenario


def agrees(scenario: Scenario, verdict: Verdict, judge: str, major: int = 0) -> bool:
    """Whether `judge` answered as the scenario expects; `major` is the version of the server that judges.

    A refusal agrees with an expected one when its status does; judges that know no statuses give None, which agrees
    with each. Where the scenario says that Muster does not support it, nothing but saying so agrees. Servers asked as
    they are keep their limits.
    """
    if why_unsupported(scenario, judge, major) is not None:
        return isinstance(verdict, Unsupported)
    outcome = _outcome(scenario, judge, major)
    if isinstance(verdict, Refused):
        return outcome.refused is not None and verdict.status in {None, outcome.status}
    return verdict in {outcome.expect, None if judge in SERVERS else scenario.without_limit}


def why_unsupported(scenario: Scenario, judge: str, major: int = 0) -> str | None:
    """Why the scenario says that the judge, who is Muster, refuses what servers answer; None when it does not say so."""
    if judge in SERVERS or scenario.unsupported is not None:
        return None if judge in SERVERS else scenario.unsupported
    there = scenario.elasticsearch
    return there.unsupported if there and judge == "muster on elasticsearch" and major in there.majors else None


def differs_by_itself(scenario: Scenario, judge: str, major: int) -> bool:
    """Whether the scenario says that this judge is Elasticsearch and not of OpenSearch's opinion."""
    return judge == "elasticsearch" and scenario.elasticsearch is not None and major in scenario.elasticsearch.majors


def expected(scenario: Scenario, judge: str, major: int = 0) -> str:
    """The expectation of a scenario in one line."""
    if (why := why_unsupported(scenario, judge, major)) is not None:
        return f"unsupported: {why}"
    outcome = _outcome(scenario, judge, major)
    return f"refusal: {outcome.refused}" if outcome.expect is None else shown(outcome.expect)


def shown(verdict: Verdict) -> str:
    """A verdict in one line."""
    return str(sorted(verdict)) if isinstance(verdict, frozenset) else repr(verdict)


def _outcome(scenario: Scenario, judge: str, major: int) -> Scenario | Difference:
    """What the judge has to answer: what OpenSearch does, or what is said to be different."""
    if scenario.elasticsearch is not None and differs_by_itself(scenario, judge, major):
        return scenario.elasticsearch
    return scenario
