"""What the catalog moved of late, kept at hand: guards count it with what moves now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyroaring import BitMap

from muster.membership import OF_THE_CATALOG, TOGETHER, Outcome, Proposal, Run, moved

HALF: Final = TOGETHER // 2


@dataclass(frozen=True, slots=True)
class _Halves:
    """What moved in the half of the time that began last, and in the one before."""

    began: int
    newer: BitMap
    older: BitMap

    def at(self, now: int) -> "_Halves":
        """Return the same some time later."""
        match (now - self.began) // HALF:
            case 0:
                return self
            case 1:
                return _Halves(self.began + HALF, BitMap(), self.newer)
            case _:
                return _Halves(now, BitMap(), BitMap())


@dataclass(slots=True)
class Lately:
    """The assets that moved, by product; of late means at least half of `TOGETHER`, and at most all of it."""

    of: dict[str, _Halves] = field(default_factory=dict)

    def about(self, guid: str, now: int) -> BitMap:
        """Return which assets the catalog moved by itself, and that are not back."""
        if guid not in self.of:
            return BitMap()
        found = self.of[guid] = self.of[guid].at(now)
        if not found.newer and not found.older:
            del self.of[guid]
        return found.newer ^ found.older

    def took(self, runs: Iterable[Run], proposals: Iterable[Proposal]) -> None:
        """Count what was just committed."""
        for run, proposal in zip(runs, proposals, strict=True):
            if run.outcome is Outcome.APPLIED:
                joined, left = moved(one for one in proposal.moves if one.cause in OF_THE_CATALOG)
                self._add(run.product, run.at, joined | left)

    def read(self, guids: Iterable[str], found: Mapping[str, BitMap], now: int) -> None:
        """Take what the record says of products in the place of what was known."""
        for guid in guids:
            self.of.pop(guid, None)
            if guid in found:
                self.of[guid] = _Halves(now, found[guid], BitMap())

    def _add(self, guid: str, at: int, assets: BitMap) -> None:
        if assets:
            before = self.of.get(guid, _Halves(at, BitMap(), BitMap())).at(at)
            self.of[guid] = _Halves(before.began, before.newer ^ assets, before.older)
