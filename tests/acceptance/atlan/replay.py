"""Send recorded requests again, and compare what they are answered with what they were answered.

Ids differ from run to run: wherever the recording has one for the first time, the answer's stands for it from then on,
in requests and answers. What is recorded has to be in the answer; null and nothing are the same, and times are any.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

Json = Any

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9]{21}")
"""What is made by chance: guids, and the parts of qualified names."""
TIMES = frozenset({"createTime", "updateTime", "createdTimestamp"})
LONG_AGO = 10**12
"""Milliseconds before which nothing was recorded."""
FULL = 300
"""Entities of a page that the client asks for unless it is told otherwise."""
UNREAD = frozenset(
    {
        *("searchParameters", "errorId", "id"),
        *("email", "emailVerified", "firstName", "lastName"),
        *("relationshipType", "relationshipGuid"),
        *("meanings", "meaningNames"),
    }
)
"""What clients of the recorded kind do not read, or take as it comes; terms, which the stand-in did not keep."""
REFERENCE = "relationshipStatus"
"""What only references to other entities have; their own `relationshipAttributes` are not read."""
MUTATED = ("CREATE", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One recorded request with its answer."""

    number: int
    step: str
    method: str
    path: str
    query: str
    request: str
    body: str | None
    status: int
    response: Json

    @property
    def is_by_chance(self) -> bool:
        """Whether the guids, which are made by chance, decide which entities are on the page."""
        dsl = json.loads(self.body).get("dsl", {}) if self.path.endswith("indexsearch") and self.body else {}
        return {"__guid": {"order": "asc"}} in dsl.get("sort", ()) and 0 < dsl.get("size", 0) < FULL


@dataclass
class Replay:
    """One run of a recording; `ids` has for each recorded id the one of this run, and times likewise."""

    http: httpx.Client
    ids: dict[str, str] = field(default_factory=dict)

    def send(self, exchange: Exchange) -> list[str]:
        """Send a request as recorded, and return where its answer differs."""
        query, body = self.translated(exchange.query), self.translated(exchange.body or "")
        answer = self.http.request(
            exchange.method,
            self.translated(exchange.path) + (f"?{query}" if query else ""),
            content=body.encode() or None,
            headers={"content-type": "application/json", "x-atlan-request-id": exchange.request},
        )
        if answer.status_code != exchange.status:
            return [f"status {answer.status_code}"]
        said = answer.json() if answer.content else None
        recorded = self._certain(exchange.response, said) if exchange.is_by_chance else exchange.response
        return list(self.compare(recorded, said, ""))

    def _certain(self, recorded: Json, said: Json) -> Json:
        """Return a recorded page whose entities say nothing where the guids brought others onto this one."""
        here = {one["guid"] for one in said.get("entities", ())}
        page = [one if self.ids.get(one["guid"]) in here else {} for one in recorded.get("entities", ())]
        return {**recorded, "entities": page}

    def translated(self, text: str) -> str:
        """Return recorded text with the ids of this run."""
        known = sorted(self.ids, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, known)), lambda found: self.ids[found[0]], text) if known else text

    def compare(self, recorded: Json, said: Json, path: str) -> Iterator[str]:
        """Yield the places where an answer lacks what is recorded or says something else."""
        match recorded:
            case None:
                return
            case dict():
                yield from self._objects(recorded, said, path)
            case list():
                yield from self._lists(recorded, said, path)
            case str():
                self._learn(recorded, said)
                if self.translated(recorded) != said:
                    yield path
            case _ if path.rsplit("/", 1)[-1] in TIMES:
                if not isinstance(said, int):
                    yield path
                if recorded > LONG_AGO:
                    self.ids.setdefault(str(recorded), str(said))
            case _:
                if recorded != said:
                    yield path

    def _objects(self, recorded: dict[str, Json], said: Json, path: str) -> Iterator[str]:
        there = said if isinstance(said, dict) else {}
        unread = UNREAD | {"relationshipAttributes"} if REFERENCE in recorded else UNREAD
        if "guidAssignments" in recorded or "mutatedEntities" in recorded:
            recorded, there = named(recorded, there)
        for key, value in recorded.items():
            if key not in unread and not (value == [] and there.get(key) is None):
                self._learn(key, key)
                yield from self.compare(value, there.get(self.translated(key)), f"{path}/{key}")

    def _lists(self, recorded: list[Json], said: Json, path: str) -> Iterator[str]:
        """Compare lists; entities that were seen are found by their guids, others by their places."""
        there = said if isinstance(said, list) else []
        if len(recorded) != len(there):
            yield path
            return
        for at, one in enumerate(recorded):
            yield from self.compare(one, self._like(one, there, at), f"{path}/{at}")

    def _like(self, recorded: Json, there: list[Json], at: int) -> Json:
        guid = self.ids.get(recorded.get("guid", "")) if isinstance(recorded, dict) else None
        if recorded == {}:
            return {}
        return next((one for one in there if guid is not None and one.get("guid") == guid), there[at])

    def _learn(self, recorded: str, said: Json) -> None:
        """Take the ids of an answer for those that are recorded in their places for the first time."""
        pairs = zip(recorded.split("/"), said.split("/") if isinstance(said, str) else (), strict=False)
        for one, other in pairs:
            if ID.fullmatch(one) and ID.fullmatch(other):
                self.ids.setdefault(one, other)


def named(recorded: dict[str, Json], said: dict[str, Json]) -> tuple[dict[str, Json], dict[str, Json]]:
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
    for number, line in enumerate(text.splitlines()):
        row = json.loads(line)
        yield row.pop("run"), Exchange(number, **row)
