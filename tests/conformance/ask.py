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
from tests.conformance.agreement import agrees, expected, shown
from tests.conformance.on_opensearch import OnOpenSearch
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
    """Print the differing answers, or all of them, and return how many differ."""
    now = dt.datetime.now(dt.UTC)
    differing = 0
    for scenario in scenarios:
        (verdict,) = judge(moments.fill(scenario.assets, now), loading.MAPPING, [scenario.selection], now)
        differs = not agrees(scenario, verdict, "opensearch")
        differing += differs
        if differs or everything:
            print("differs" if differs else "agrees ", scenario)
            print(f"    expected {expected(scenario, 'opensearch')}\n    got      {shown(verdict)}")
    print(f"{len(scenarios)} scenarios, {differing} differ")
    return differing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
