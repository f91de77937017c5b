"""Phrases over the positions of a text's tokens, by the rules of Lucene's phrase matchers.

An exact phrase is an intersection of shifted positions. A sloppy one walks every slot through its positions at once,
the least first, and takes the narrowest window of each stop; slots that share terms keep off each other's tokens.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from muster.binding.tests import Slot
from muster.indexing import Tokens

Places = Mapping[str, Sequence[int]]
"""The positions of each term, in order."""


def places(tokens: Tokens) -> dict[str, list[int]]:
    """Return the positions of each term of a text."""
    found: dict[str, list[int]] = {}
    for term, position in zip(tokens.terms, tokens.positions, strict=True):
        found.setdefault(term, []).append(position)
    return found


def holds(slots: Sequence[Slot], slop: int, where: Places) -> bool:
    """Whether the phrase appears with at most `slop` moves; slots are expanded already, at positions all different."""
    runs = [_run(slot, where) for slot in slots]
    if not all(runs):
        return False
    if slop == 0 or len(slots) == 1:
        return _exact(slots, runs)
    return _Sloppy(slots, runs).found(slop)


def _run(slot: Slot, where: Places) -> Sequence[int]:
    """Return the positions of any of the slot's terms, in order."""
    if len(slot.terms) == 1:
        return where.get(slot.terms[0], ())
    return sorted(position for term in dict.fromkeys(slot.terms) for position in where.get(term, ()))


def _exact(slots: Sequence[Slot], runs: Sequence[Sequence[int]]) -> bool:
    """Shift and intersect sets of positions as bits: both the phrase and its text may have thousands of one word."""
    distinct = {slot.terms: run for slot, run in zip(slots, runs, strict=True)}
    whole = {terms: BitMap(run) for terms, run in distinct.items()}
    starts = whole[slots[0].terms]
    for slot in slots[1:]:
        starts = starts & whole[slot.terms].shift(slots[0].position - slot.position)
        if not starts:
            return False
    return bool(starts)


@dataclass(slots=True, eq=False)
class _Walker:
    """One slot on its way through its positions; `at` is where the phrase would start if it went by this slot alone."""

    order: int
    offset: int
    run: Sequence[int]
    stop: int = 0
    group: "tuple[_Walker, ...]" = ()

    @property
    def at(self) -> int:
        return self.run[self.stop] - self.offset

    @property
    def position(self) -> int:
        return self.run[self.stop]

    def advance(self) -> bool:
        if self.stop + 1 >= len(self.run):
            return False
        self.stop += 1
        return True

    def key(self) -> tuple[int, int, int]:
        return self.at, self.offset, self.order


class _Sloppy:
    """The walk of one phrase through one text."""

    def __init__(self, slots: Sequence[Slot], runs: Sequence[Sequence[int]]) -> None:
        self._walkers = [
            _Walker(order, slot.position, run) for order, (slot, run) in enumerate(zip(slots, runs, strict=True))
        ]
        self._groups = _sharing(slots, self._walkers)
        self._many = any(len(slots[walker.order].terms) > 1 for group in self._groups for walker in group)
        self._queue: list[tuple[tuple[int, int, int], _Walker]] = []
        self._end = 0

    def found(self, slop: int) -> bool:
        """Whether some window is at most `slop` wide."""
        if not all(self._spread(group) for group in self._groups):
            return False
        self._end = max(walker.at for walker in self._walkers)
        self._requeue(self._walkers)
        return self._walk(slop)

    def _walk(self, slop: int) -> bool:
        walker = heapq.heappop(self._queue)[1]
        width, following = self._end - walker.at, self._queue[0][1].at
        while self._advance(walker) and self._settle(walker):
            if walker.at <= following:
                width = min(width, self._end - walker.at)
                continue
            if width <= slop:
                return True
            walker = heapq.heappushpop(self._queue, (walker.key(), walker))[1]
            width, following = self._end - walker.at, self._queue[0][1].at
        return width <= slop

    def _advance(self, walker: _Walker) -> bool:
        if not walker.advance():
            return False
        self._end = max(self._end, walker.at)
        return True

    def _settle(self, moved: _Walker) -> bool:
        """Move on while two walkers of a group stand on one token; False when one of them is at its end."""
        walker, disturbed = moved, False
        while (other := _collision(walker)) is not None:
            walker = min(walker, other, key=lambda one: (one.at, one.offset))
            if not self._advance(walker):
                return False
            disturbed = True
        if disturbed:
            self._requeue([queued for _, queued in self._queue])
        return True

    def _requeue(self, walkers: Sequence[_Walker]) -> None:
        self._queue = [(walker.key(), walker) for walker in walkers]
        heapq.heapify(self._queue)

    def _spread(self, group: "tuple[_Walker, ...]") -> bool:
        """Give the walkers of a group different tokens to start from."""
        if not self._many:
            return all(walker.advance() for index, walker in enumerate(group) for _ in range(index))
        return all(self._place(group, index) for index in range(len(group)))

    def _place(self, group: "tuple[_Walker, ...]", index: int) -> bool:
        walker = group[index]
        while (other := _collision(walker)) is not None:
            later = min(walker, other, key=lambda one: (one.at, one.offset))
            if not self._advance(later):
                return False
        return True


def _collision(walker: _Walker) -> _Walker | None:
    """Return the first walker of the group that stands on the same token."""
    return next((other for other in walker.group if other is not walker and other.position == walker.position), None)


def _sharing(slots: Sequence[Slot], walkers: Sequence[_Walker]) -> "list[tuple[_Walker, ...]]":
    """Group the walkers whose slots share terms, directly or through others; each group in order of offset."""
    groups: list[tuple[set[str], list[_Walker]]] = []
    for slot, walker in zip(slots, walkers, strict=True):
        terms, members = set(slot.terms), [walker]
        for group in [group for group in groups if group[0] & terms]:
            groups.remove(group)
            terms, members = terms | group[0], members + group[1]
        groups.append((terms, members))
    return [_grouped(members) for _, members in groups if len(members) > 1]


def _grouped(members: "list[_Walker]") -> "tuple[_Walker, ...]":
    group = tuple(sorted(members, key=lambda one: one.offset))
    for walker in group:
        walker.group = group
    return group
