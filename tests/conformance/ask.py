"""Asks a real OpenSearch what it thinks of scenarios, and prints where it disagrees.

    python -m tests.conformance.ask [--all] FILE...

With `--all`, agreeing answers are printed too. The node is found as in the tests; exit code 1 when any differs.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
import tempfile
from pathlib import Path

from opensearchpy import OpenSearch

from tests.conformance import loading, moments
from tests.conformance.judges import OnOpenSearch, Refused, Verdict
from tests.servers import answer, opensearch


def main(arguments: list[str]) -> int:
    """Ask about every scenario of the named files (none named: of all) and say how many differ."""
    everything = "--all" in arguments
    files = [Path(name) for name in arguments if not name.startswith("--")]
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        found = stack.enter_context(opensearch.served(Path(folder)))
        if not isinstance(found, answer.Running):
            sys.exit(found.reason)
        judge = OnOpenSearch(stack.enter_context(OpenSearch(found.url, timeout=60)))
        stack.callback(judge.forget)
        return int(_ask(judge, loading.scenarios(files or None), everything=everything) > 0)


def _ask(judge: OnOpenSearch, scenarios: list[loading.Scenario], *, everything: bool) -> int:
    now = dt.datetime.now(dt.UTC)
    differing = 0
    for scenario in scenarios:
        verdict = judge(moments.fill(scenario.assets, now), loading.MAPPING, scenario.selection, now)
        differs = not agrees(scenario, verdict)
        differing += differs
        if differs or everything:
            print(
                f"{'DIFFERS' if differs else 'agrees '} {scenario}\n    expected {expected(scenario)}\n    got      {shown(verdict)}"
            )
    print(f"{len(scenarios)} scenarios, {differing} differ")
    return differing


def agrees(scenario: loading.Scenario, verdict: Verdict) -> bool:
    """Whether a verdict is what the scenario expects; a judge without statuses may refuse with any."""
    if isinstance(verdict, Refused):
        return scenario.refused is not None and verdict.status in {None, scenario.status}
    return verdict == scenario.expect


def expected(scenario: loading.Scenario) -> str:
    """The expectation of a scenario in one line."""
    return f"refusal: {scenario.refused}" if scenario.expect is None else shown(scenario.expect)


def shown(verdict: Verdict) -> str:
    """A verdict in one line."""
    return str(sorted(verdict)) if isinstance(verdict, frozenset) else repr(verdict)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
