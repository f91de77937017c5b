"""What was recorded of `pyatlan`, sent again: what its requests carry, and what its answers need not agree in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from tests.acceptance import replaying
from tests.acceptance.replaying import UUID, Json, rows

FULL = 300
"""Entities of a page that the client asks for unless it is told otherwise."""
REFERENCE = "relationshipStatus"
"""What only references to other entities have; their own `relationshipAttributes` are not read."""
MUTATED = ("CREATE", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Exchange(replaying.Exchange):
    """One recorded request with its answer, and the id that the client gave it."""

    request: str

    @property
    def is_by_chance(self) -> bool:
        """Whether the guids, which are made by chance, decide which entities are on the page."""
        dsl = json.loads(self.body).get("dsl", {}) if self.path.endswith("indexsearch") and self.body else {}
        return {"__guid": {"order": "asc"}} in dsl.get("sort", ()) and 0 < dsl.get("size", 0) < FULL


@dataclass
class Replay(replaying.Replay[Exchange]):
    """One run of the recording."""

    ID: ClassVar[re.Pattern[str]] = re.compile(rf"{UUID}|[A-Za-z0-9]{{21}}")
    KEY: ClassVar[str] = "guid"
    TIMES: ClassVar[frozenset[str]] = frozenset({"createTime", "updateTime", "createdTimestamp"})
    UNREAD: ClassVar[frozenset[str]] = frozenset(
        {
            *("searchParameters", "errorId", "id"),
            *("email", "emailVerified", "firstName", "lastName"),
            *("relationshipType", "relationshipGuid"),
            *("meanings", "meaningNames"),
        }
    )
    """What clients of the recorded kind do not read, or take as it comes; terms, which the stand-in did not keep."""

    def headers(self, exchange: Exchange) -> dict[str, str]:
        """Return what a request says beside its body, the client's id among it."""
        return {**super().headers(exchange), "x-atlan-request-id": exchange.request}

    def expected(self, exchange: Exchange, said: Json) -> Json:
        """Return a recorded page whose entities say nothing where the guids brought others onto this one."""
        recorded = exchange.response
        if not exchange.is_by_chance:
            return recorded
        here = {one["guid"] for one in said.get("entities", ())}
        page = [one if self.ids.get(one["guid"]) in here else {} for one in recorded.get("entities", ())]
        return {**recorded, "entities": page}

    def aligned(self, recorded: Mapping[str, Json], said: Mapping[str, Json]) -> tuple[Mapping[str, Json], ...]:
        """Return two objects without what clients do not read, and answers to writes with what was asked for."""
        if "guidAssignments" in recorded or "mutatedEntities" in recorded:
            recorded, said = named(recorded, said)
        if REFERENCE in recorded:
            recorded = {key: value for key, value in recorded.items() if key != "relationshipAttributes"}
        return super().aligned(recorded, said)


def named(recorded: Mapping[str, Json], said: Mapping[str, Json]) -> tuple[Mapping[str, Json], Mapping[str, Json]]:
    """Return both answers to a write with what became of the entities that the request named, and of no others.

    What is not there is an empty list, so that an update that should not be there shows.
    """
    before, after = (answer.get("mutatedEntities") or {} for answer in (recorded, said))
    own = set(said.get("guidAssignments", {}).values())
    lists = {
        key: [one for one in after.get(key) or [] if key != "UPDATE" or not own or one["guid"] in own]
        for key in MUTATED
    }
    return (
        {**recorded, "mutatedEntities": {key: before.get(key) or [] for key in MUTATED}},
        {**said, "mutatedEntities": lists},
    )


def exchanges(text: str) -> Iterator[tuple[str, Exchange]]:
    """Yield the exchanges of a recording, each with the run that it is of."""
    for number, row in rows(text):
        yield row.pop("run"), Exchange(number, **row)
