"""Changed assets evaluated against all selections, as a round does, without what it reads and writes."""

import random
from collections.abc import Callable, Mapping
from statistics import median

from catalog import NEWEST
from measure import Report, timed
from muster.catalog.document import document
from muster.service.holding import Meaning, apart, fields_asked, held, indexed
from muster.service.tags import tag_names
from muster.service.workspace import Workspace

BATCHES = (50, 500, 5_000)
"""Changed assets that are evaluated together."""

TIMES = 9

Turn = Callable[[], int]
"""Evaluates some assets once, and says how many they are."""


def measure_evaluation(report: Report, catalogs: Mapping[str, Workspace]) -> None:
    """Report assets a second, and of several catalogs, by name, what the first costs beside each: they take turns."""
    for size in BATCHES:
        turns = {name: _turn(work, size) for name, work in catalogs.items()}
        for turn in turns.values():
            turn()
        times = [{name: timed(turn) for name, turn in turns.items()} for _ in range(TIMES)]
        costs = {}
        for name in turns:
            (assets, _), seconds = times[0][name], median(one[name][1].clock for one in times)
            report.row(f"{size:,} changed assets{name}", {"ms median": 1000 * seconds, "assets/s": assets / seconds})
            costs[name] = seconds / assets
        first, *others = costs
        for other in others:
            report.add(f"{size:,} changed assets: cost beside the one{other}", costs[first] / costs[other], "x")


def _turn(work: Workspace, size: int) -> Turn:
    chosen = [apart(one.wire) for one in work.record.outlines()]
    meaning = Meaning(work.fields, tag_names(work.record), NEWEST)
    drawn = random.Random(size).sample(range(1, work.record.position()), min(2 * size, work.record.position() - 1))
    entities = work.record.entities(sorted(drawn))
    entities = random.Random(size).sample(entities, min(size, len(entities)))  # some numbers are of changes alone
    asked, documents = fields_asked(chosen, meaning), {one.ordinal: document(one) for one in entities}

    def turn() -> int:
        held(chosen, indexed(documents, asked, meaning.fields), meaning, lambda _: [])
        return len(documents)

    return turn
