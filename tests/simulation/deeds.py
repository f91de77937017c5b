"""What was done to a world and when, as the one knows it who did it; what a move can have come of is told by that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyroaring import BitMap

from muster.membership import Cause, Decision

TAG_FIELD = "__traitNames"
NOW = "now-"
NEVER = -1


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision about an asset: in which turn it was made, and when it ends by itself."""

    turn: int
    ordinal: int
    decision: Decision
    ends: int | None


@dataclass(frozen=True, slots=True)
class Span:
    """From the last run of a product until now: the turn of that run and its time, and the time of this one."""

    turn: int
    since: int
    now: int


@dataclass
class Deeds:
    """What was done, by the turn in which it was; members are looked at between two turns.

    Assets go by ordinal, products by guid; of what may come again the last turn counts.
    """

    turn: int = 0
    touched: dict[int, int] = field(default_factory=dict)
    edited: dict[str, int] = field(default_factory=dict)
    rulings: dict[str, list[Ruling]] = field(default_factory=lambda: defaultdict(list))
    withdrawn: dict[tuple[str, int], int] = field(default_factory=dict)
    purged: dict[int, int] = field(default_factory=dict)
    renamed: int = NEVER

    def touch(self, ordinals: Iterable[int]) -> None:
        """Take down that assets came, went, or are otherwise."""
        self.touched |= dict.fromkeys(ordinals, self.turn)

    def purge(self, ordinals: Iterable[int]) -> None:
        """Take down that assets went for good, and what was decided about them with them."""
        self.purged |= dict.fromkeys(ordinals, self.turn)

    def edit(self, product: str) -> None:
        """Take down that a product asks for something else."""
        self.edited[product] = self.turn

    def decide(self, product: str, ordinals: Iterable[int], decision: Decision, ends: int | None) -> None:
        """Take down what was decided by hand."""
        self.rulings[product] += [Ruling(self.turn, one, decision, ends) for one in ordinals]

    def withdraw(self, product: str, ordinals: Iterable[int]) -> None:
        """Take down that decisions were taken back."""
        self.withdrawn |= {(product, one): self.turn for one in ordinals}

    def rename(self) -> None:
        """Take down that a tag has another name."""
        self.renamed = self.turn

    def joins(self, product: str, wire: str, moved: BitMap, span: Span) -> Mapping[Cause, BitMap]:
        """Return which of the assets that joined can have joined for each cause."""
        pinned = self._ruled(product, Decision.PIN, span)
        lifted = self._withdrawn(product, moved, span)
        changed = {Cause.ASSET: self.touched_since(moved, span)}
        return (
            self._of_the_selection(product, wire, moved, span)
            | changed
            | {
                Cause.PIN: pinned,
                Cause.EXCLUSION: lifted | pinned,
                Cause.EXPIRY: self._expired(product, span),
            }
        )

    def leaves(self, product: str, wire: str, moved: BitMap, gone: BitMap, span: Span) -> Mapping[Cause, BitMap]:
        """Return which of the assets that left can have left for each cause; `gone` went since."""
        touched = self.touched_since(moved, span)
        return self._of_the_selection(product, wire, moved, span) | {
            Cause.ASSET: touched - gone,
            Cause.ARCHIVE: touched & gone,
            Cause.EXCLUSION: self._ruled(product, Decision.EXCLUSION, span),
            Cause.PIN: self._withdrawn(product, moved, span),
            Cause.EXPIRY: self._expired(product, span),
        }

    def _of_the_selection(self, product: str, wire: str, moved: BitMap, span: Span) -> dict[Cause, BitMap]:
        holds = {
            Cause.SELECTION: self.edited.get(product, NEVER) > span.turn,
            Cause.TIME: NOW in wire,
            Cause.MEANING: TAG_FIELD in wire and self.renamed > span.turn,
        }
        return {cause: moved if so else BitMap() for cause, so in holds.items()}

    def touched_since(self, moved: BitMap, span: Span) -> BitMap:
        """Return which of these assets came, went, or are otherwise since the last run of a product."""
        return BitMap(one for one in moved if self.touched.get(one, NEVER) > span.turn)

    def _ruled(self, product: str, decision: Decision, span: Span) -> BitMap:
        made = self.rulings.get(product, ())
        return BitMap(one.ordinal for one in made if one.decision is decision and one.turn > span.turn)

    def _withdrawn(self, product: str, moved: BitMap, span: Span) -> BitMap:
        ended = ((one, self.withdrawn.get((product, one), NEVER), self.purged.get(one, NEVER)) for one in moved)
        return BitMap(one for one, *turns in ended if max(turns) > span.turn)

    def _expired(self, product: str, span: Span) -> BitMap:
        made = self.rulings.get(product, ())
        return BitMap(one.ordinal for one in made if one.ends is not None and span.since < one.ends <= span.now)
