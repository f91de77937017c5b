"""Sweeps answered by the export script, and page by page where a server does not run it."""

import time
from collections.abc import Callable, Sequence
from itertools import chain, islice
from typing import Any

from pyroaring import BitMap

from muster.engines.opensearch.server import Json, Refused, Server
from muster.engines.opensearch.sets.reading import WANTED, sets
from muster.engines.opensearch.sets.scan import scanned
from muster.engines.opensearch.sets.sweeps import Alone, Sweep, body, divided, queries
from muster.engines.opensearch.sets.views import TooMuch, View, live, opened

OFF_FOR = 300.0
"""Seconds for which a server that refused the script is not asked to run it again."""

BUCKETS = 10_000
"""Sets of one sweep: a server accounts 5 KB to each, and makes 65,535 for a request unless it is told otherwise."""
ORDINALS = 16_000_000
"""Ordinals of one request, as far as can be known before: 2 octets each on the wire, some 8 in the server's heap."""
SEARCHES = 256
"""Searches of one request."""


class Exports:
    """Answers sweeps, and remembers for some time that a server runs no scripts; safe to share between threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._off_until = clock()

    @property
    def runs_scripts(self) -> bool:
        """Whether the server runs the script, for all that is known."""
        return self._clock() >= self._off_until

    def members(self, server: Server, index: str, query: Json) -> BitMap:
        """Return the set of one query: one request to the index as it is, or a point in time of its own.

        Raises:
            EngineUnavailable: the server does not answer, or not in full.
            Refused: the server cannot read the query, or 404, when there is no such index.
        """
        alone = Alone(query)
        refusal: Refused | None = None
        if self.runs_scripts:
            (answer,) = live(server, index).search([body(alone)], WANTED)
            if not isinstance(answer, Refused):
                return sets(alone, answer)[0]
            refusal = answer
        with opened(server, index) as view:
            return self._by_pages(view, [alone], refusal)[0][0]

    def answered(self, view: View, sweeps: Sequence[Sweep], assets: int) -> list[list[BitMap]]:
        """Return the sets of each sweep, all of one point in time; `assets` is about how many the index has.

        Raises:
            EngineUnavailable: the server does not answer, or not in full.
            Refused: the server cannot read one of the queries.
        """
        size = max(1, min(SEARCHES, ORDINALS // max(assets, 1)))
        parts = [divided(sweep, BUCKETS) for sweep in sweeps]
        flat = list(chain.from_iterable(parts))
        batches = (flat[start : start + size] for start in range(0, len(flat), size))
        found = iter([one for batch in batches for one in self._batch(view, batch)])
        return [list(chain.from_iterable(islice(found, len(of_one)))) for of_one in parts]

    def _batch(self, view: View, sweeps: Sequence[Sweep]) -> list[list[BitMap]]:
        if not self.runs_scripts:
            return self._by_pages(view, sweeps, None)
        answers = view.search([body(sweep) for sweep in sweeps], WANTED)
        found = [self._read(view, sweep, answer) for sweep, answer in zip(sweeps, answers, strict=True)]
        left = [number for number, one in enumerate(found) if one is None]
        instead = iter(self._by_pages(view, [sweeps[number] for number in left], _first_refusal(answers)))
        return [next(instead) if one is None else one for one in found]

    def _read(self, view: View, sweep: Sweep, answer: Any) -> list[BitMap] | None:
        """Return the sets of an answer, asked for in halves where they are too much; None when it was refused."""
        if not isinstance(answer, Refused):
            return sets(sweep, answer)
        halves = divided(sweep, (size + 1) // 2) if (size := len(queries(sweep))) > 1 else []
        if not isinstance(answer, TooMuch) or not halves:
            return None
        return [one for half in halves for one in self._batch(view, [half])[0]]

    def _by_pages(self, view: View, sweeps: Sequence[Sweep], refusal: Refused | None) -> list[list[BitMap]]:
        """Read pages; when these answer what was refused before, it was the script that the server did not run."""
        asked = [queries(sweep) for sweep in sweeps]
        found = iter(scanned(view, list(chain.from_iterable(asked))))
        if refusal is not None and not isinstance(refusal, TooMuch):
            self._off_until = self._clock() + OFF_FOR
        return [list(islice(found, len(of_one))) for of_one in asked]


def _first_refusal(answers: Sequence[Any]) -> Refused | None:
    """Return the refusal that says most: one of the script rather than of its size."""
    refusals = [answer for answer in answers if isinstance(answer, Refused)]
    return min(refusals, key=lambda refusal: isinstance(refusal, TooMuch), default=None)
