"""Who answers selections: each judge is a function of assets, mapping, selections and the moment `now`."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from tests.conformance import moments
from tests.conformance.loading import MAPPING, Corpus, Json, Scenario


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """The selection is no valid query: OpenSearch answers with this status, Muster raises an error and has none."""

    reason: str
    status: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Unsupported:
    """The judge understands the selection and says that it cannot evaluate it."""

    reason: str


KEPT = 50
"""Corpora that a judge on a server keeps: a node has room for a thousand shards."""

Verdict = frozenset[str] | Refused | Unsupported


class Judge(Protocol):
    """Answers the ids of the assets in `corpus` that each of `selections` (wire form) selects, in their order."""

    def __call__(self, corpus: Corpus, mapping: Json, selections: Sequence[Json], now: dt.datetime) -> list[Verdict]:
        """Answer all selections on one corpus at one moment."""
        ...


def judged(judge: Judge, scenario: Scenario) -> Verdict:
    """What a judge answers to a scenario."""

    def asked(now: dt.datetime) -> Verdict:
        (verdict,) = judge(moments.fill(scenario.assets, now), MAPPING, [scenario.selection], now)
        return verdict

    return moments.on_one_day(asked)
