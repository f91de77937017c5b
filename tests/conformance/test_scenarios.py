"""Every judge answers every scenario alike, but for what is written down of Elasticsearch."""

from __future__ import annotations

import pytest

from tests.conformance import loading
from tests.conformance.agreement import agrees, differs_by_itself, expected, shown, why_unsupported
from tests.conformance.fixtures import JudgeNamed, MajorOf
from tests.conformance.judges import Judge, judged
from tests.servers import report


@pytest.mark.parametrize("judge", loading.JUDGES)
@pytest.mark.parametrize("scenario", loading.scenarios(), ids=str)
def test_scenario(scenario: loading.Scenario, judge: str, judge_named: JudgeNamed, major_of: MajorOf) -> None:
    """The judge answers the ids that the scenario expects, or refuses where the scenario says so."""
    answering, major = _present(judge, judge_named), major_of(judge)
    verdict = judged(answering, scenario)
    if not agrees(scenario, verdict, judge, major):
        pytest.fail(
            f"{scenario.why}\nselection {scenario.selection}\n"
            f"expected {expected(scenario, judge, major)}\ngot      {shown(verdict)}"
        )
    report.count(f"conformance, {judge}", _kind_of_agreement(scenario, judge, major))


def _present(judge: str, judge_named: JudgeNamed) -> Judge:
    """The judge; a scenario left out because there is none is counted."""
    try:
        return judge_named(judge)
    except pytest.skip.Exception as why:
        report.count(f"conformance, {judge}", f"scenarios left out: {why}")
        raise


def _kind_of_agreement(scenario: loading.Scenario, judge: str, major: int) -> str:
    if why_unsupported(scenario, judge, major) is not None:
        return "refused as not supported"
    return "differ as written down" if differs_by_itself(scenario, judge, major) else "scenarios agree"
