"""The sets of many clauses, and of all assets, from one point in time."""

from collections.abc import Sequence

from pyroaring import BitMap

from muster.engines.opensearch.server import Json
from muster.engines.opensearch.sets.export import Exports
from muster.engines.opensearch.sets.plan import Asked, Plan, Share, planned
from muster.engines.opensearch.sets.sweeps import Alone
from muster.engines.opensearch.sets.views import View
from muster.fields import Fields

EVERYTHING: Json = {"match_all": {}}


def postings(exports: Exports, view: View, asked: Sequence[Asked], fields: Fields) -> tuple[BitMap, list[BitMap]]:
    """Return all assets, and the assets of each clause in order; clauses may share a set.

    Raises:
        EngineUnavailable: the server does not answer, or not in full.
        Refused: the server cannot read one of the queries.
    """
    ((universe,),) = exports.answered(view, [Alone(EVERYTHING)], 0)
    plan = planned(asked, fields, len(universe))
    return universe, united(plan, exports.answered(view, plan.sweeps, len(universe)))


def united(plan: Plan, answers: Sequence[Sequence[BitMap]]) -> list[BitMap]:
    """Return the set of each clause, given those of each sweep."""
    pieces = [Pieces(sets) for sets in answers]
    return [_of(share, pieces[share.sweep]) for share in plan.shares]


def _of(share: Share, pieces: "Pieces") -> BitMap:
    if isinstance(share.numbers, range):
        return pieces.run(share.numbers.start, share.numbers.stop)
    return union([pieces.sets[number] for number in share.numbers])


class Pieces:
    """Sets in a row, of which runs are united without uniting all that is in them each time."""

    def __init__(self, sets: Sequence[BitMap]) -> None:
        self.sets = sets
        self._levels: list[Sequence[BitMap]] = [sets]

    def run(self, start: int, stop: int) -> BitMap:
        """Return the union of the sets from one number up to, without, another."""
        found: list[BitMap] = []
        level = 0
        while start < stop:
            if start % 2:
                found.append(self._level(level)[start])
            if stop % 2:
                found.append(self._level(level)[stop - 1])
            start, stop, level = (start + 1) // 2, stop // 2, level + 1
        return union(found)

    def _level(self, number: int) -> Sequence[BitMap]:
        """Return the unions of each 2, 4, 8 … sets that follow each other."""
        while len(self._levels) <= number:
            below = self._levels[-1]
            self._levels.append([union(below[start : start + 2]) for start in range(0, len(below), 2)])
        return self._levels[number]


def union(sets: Sequence[BitMap]) -> BitMap:
    """Return the union of any number of sets; of one, that one."""
    if len(sets) == 1:
        return sets[0]
    return BitMap.union(*sets) if sets else BitMap()
