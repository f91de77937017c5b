"""Measure Muster on a search server, beside the official client on the same server: `make bench-opensearch`.

What is compared is measured in turns in one run, and must give the same ids. The server is the one that
`MUSTER_ENGINE_URL` names, where nothing but the alias `muster-bench` is touched, or else a node that is started for it.
Two subjects: the whole path through record, projection, engine and commit, and the engine alone.
"""

import argparse
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from lag import measure_lag
from loading import measure_load
from measure import Report
from reading import measure_first_pages, measure_members
from selections import selections
from server import serving
from stand import Plan, Stand, engine_stand, whole_stand
from syncing import measure_sync

SUBJECTS: Mapping[str, Callable[[Plan, Report, str, Path], AbstractContextManager[Stand]]] = {
    "engine": engine_stand,
    "whole": whole_stand,
}


def main() -> None:
    """Measure one subject, and write the figures down."""
    said = _arguments()
    plan = Plan(said.assets, said.products, said.sample, said.rounds, said.seconds, said.rate)
    report = Report()
    with serving() as url, tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        print(f"{said.subject}, {plan.assets:,} assets")
        with SUBJECTS[said.subject](plan, report, url, Path(folder)) as stand:
            _measure(stand)
            server = stand.raw.usual.info()["version"]
    report.write(said.out / f"opensearch-{said.subject}-{plan.assets}.json", server=server)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=1_000_000)
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=100, help="products that one scan each is measured on")
    parser.add_argument("--rounds", type=int, default=5, help="how often each way of reading is tried")
    parser.add_argument("--seconds", type=int, default=60, help="how long changes come, for the lag of the index")
    parser.add_argument("--rate", type=int, default=500, help="changes a second")
    parser.add_argument("--subject", choices=SUBJECTS, default="whole")
    parser.add_argument("--out", type=Path, default=Path(".bench"), help="folder of the JSON report")
    return parser.parse_args()


def _measure(stand: Stand) -> None:
    measure_load(stand)
    wanted = list(selections(stand.plan.products, stand.plan.assets))
    sizes = measure_sync(stand, wanted)
    measure_members(stand, wanted)
    measure_first_pages(stand, wanted, sizes)
    measure_lag(stand)


if __name__ == "__main__":
    main()
