"""Asks a real server what it thinks of scenarios, and prints where it disagrees.

    python -m tests.conformance.ask [--all] [--of opensearch|elasticsearch] FILE...

With `--all`, agreeing answers are printed too. The server is found as in the tests; exit code 1 when any differs.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.conformance import loading
from tests.conformance.agreement import SERVERS, agrees, expected, shown
from tests.conformance.judges import judged
from tests.conformance.on_server import OnServer
from tests.servers import answer, clients, finding


def main(arguments: Sequence[str]) -> int:
    """Ask about every scenario of the named files (none named: of all) and say how many differ."""
    asked = _parser().parse_args(arguments)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        found = stack.enter_context(finding.served(finding.KINDS[asked.of], Path(folder)))
        if not isinstance(found, answer.Running):
            sys.exit(found.reason)
        send = stack.enter_context(clients.sending(asked.of, found.url))
        judge = OnServer(send)
        stack.callback(judge.forget)
        return int(_ask(judge, asked, int(clients.version(send).partition(".")[0])) > 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.ask")
    parser.add_argument("--all", action="store_true", help="print agreeing answers too")
    parser.add_argument("--of", choices=SERVERS, default="opensearch", help="the server to ask")
    parser.add_argument("files", nargs="*", type=Path)
    return parser


def _ask(judge: OnServer, asked: argparse.Namespace, major: int) -> int:
    """Print the differing answers, or all of them, and return how many differ."""
    scenarios = loading.scenarios(asked.files or None)
    differing = 0
    for scenario in scenarios:
        verdict = judged(judge, scenario)
        differs = not agrees(scenario, verdict, asked.of, major)
        differing += differs
        if differs or asked.all:
            print("differs" if differs else "agrees ", scenario)
            print(f"    expected {expected(scenario, asked.of, major)}\n    got      {shown(verdict)}")
    print(f"{len(scenarios)} scenarios, {differing} differ")
    return differing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
