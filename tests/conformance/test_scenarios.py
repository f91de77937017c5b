"""Every judge answers every scenario alike."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.conformance import loading, moments
from tests.conformance.agreement import agrees, expected, shown
from tests.conformance.fixtures import JudgeNamed
from tests.servers import report

NOW = dt.datetime.now(dt.UTC)


@pytest.mark.parametrize("judge", loading.JUDGES)
@pytest.mark.parametrize("scenario", loading.scenarios(), ids=str)
def test_scenario(scenario: loading.Scenario, judge: str, judge_named: JudgeNamed) -> None:
    """The judge answers the ids that the scenario expects, or refuses where the scenario says so."""
    assets = moments.fill(scenario.assets, NOW)
    (verdict,) = judge_named(judge)(assets, loading.MAPPING, [scenario.selection], NOW)
    if not agrees(scenario, verdict, judge):
        pytest.fail(
            f"{scenario.why}\nselection {scenario.selection}\n"
            f"expected {expected(scenario, judge)}\ngot      {shown(verdict)}"
        )
    refused = judge in scenario.unsupported
    report.count(f"conformance, {judge}", "refused as not supported" if refused else "scenarios agree")
