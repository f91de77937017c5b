"""Send recorded requests again, and compare what they are answered with what they were answered.

Ids differ from run to run: wherever the recording has one for the first time, the answer's stands for it from then on,
in requests and answers. What is recorded has to be in the answer; null and nothing are the same, and times are any.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

import httpx

Json = Any

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
LONG_AGO = 10**12
"""Milliseconds before which nothing was recorded."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One recorded request with its answer."""

    number: int
    step: str
    method: str
    path: str
    query: str
    body: str | None
    status: int
    response: Json


E = TypeVar("E", bound=Exchange)


@dataclass
class Replay(Generic[E]):
    """One run of a recording; `ids` has for each recorded id the one of this run, and times likewise."""

    http: httpx.Client
    ids: dict[str, str] = field(default_factory=dict)

    ID: ClassVar[re.Pattern[str]] = re.compile(UUID)
    """What is made by chance, between slashes."""
    KEY: ClassVar[str] = "id"
    """Where entities say which one they are."""
    TIMES: ClassVar[frozenset[str]] = frozenset()
    OPAQUE: ClassVar[frozenset[str]] = frozenset()
    """Names of texts that clients send back as they come: each stands for the recorded one."""
    UNREAD: ClassVar[frozenset[str]] = frozenset()
    """What clients do not read, or take as it comes."""

    def send(self, exchange: E) -> list[str]:
        """Send a request as recorded, and return where its answer differs."""
        query, body = self.translated(exchange.query), self.translated(exchange.body or "")
        answer = self.http.request(
            exchange.method,
            self.path(exchange) + (f"?{query}" if query else ""),
            content=body.encode() or None,
            headers=self.headers(exchange),
        )
        if answer.status_code != exchange.status:
            return [f"status {answer.status_code}"]
        said = answer.json() if answer.content else None
        return list(self.compare(self.expected(exchange, said), said, ""))

    def path(self, exchange: E) -> str:
        """Return where a request goes to."""
        return self.translated(exchange.path)

    def headers(self, exchange: E) -> dict[str, str]:
        """Return what a request says beside its body."""
        del exchange
        return {"content-type": "application/json"}

    def expected(self, exchange: E, said: Json) -> Json:
        """Return what is expected for an answer: what is recorded, where it does not hang on chance."""
        del said
        return exchange.response

    def aligned(self, recorded: Mapping[str, Json], said: Mapping[str, Json]) -> tuple[Mapping[str, Json], ...]:
        """Return two objects without what need not agree."""
        return {key: value for key, value in recorded.items() if key not in self.UNREAD}, said

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
            case str() if path.rsplit("/", 1)[-1] in self.OPAQUE and isinstance(said, str):
                self.ids.setdefault(recorded, said)
            case str():
                self._learn(recorded, said)
                if self.translated(recorded) != said:
                    yield path
            case _ if path.rsplit("/", 1)[-1] in self.TIMES:
                if not isinstance(said, int):
                    yield path
                if recorded > LONG_AGO:
                    self.ids.setdefault(str(recorded), str(said))
            case _:
                if recorded != said:
                    yield path

    def _objects(self, recorded: dict[str, Json], said: Json, path: str) -> Iterator[str]:
        wanted, there = self.aligned(recorded, said if isinstance(said, dict) else {})
        for key, value in wanted.items():
            if not (value == [] and there.get(key) is None):
                self._learn(key, key)
                yield from self.compare(value, there.get(self.translated(key)), f"{path}/{key}")

    def _lists(self, recorded: list[Json], said: Json, path: str) -> Iterator[str]:
        """Compare lists; entities that were seen are found by their ids, others by their places."""
        there = said if isinstance(said, list) else []
        if len(recorded) != len(there):
            yield path
            return
        for at, one in enumerate(recorded):
            yield from self.compare(one, self._like(one, there, at), f"{path}/{at}")

    def _like(self, recorded: Json, there: list[Json], at: int) -> Json:
        known = self.ids.get(recorded.get(self.KEY, "")) if isinstance(recorded, dict) else None
        if recorded == {}:
            return {}
        return next((one for one in there if known is not None and one.get(self.KEY) == known), there[at])

    def _learn(self, recorded: str, said: Json) -> None:
        """Take the ids of an answer for those that are recorded in their places for the first time."""
        pairs = zip(recorded.split("/"), said.split("/") if isinstance(said, str) else (), strict=False)
        for one, other in pairs:
            if self.ID.fullmatch(one) and self.ID.fullmatch(other):
                self.ids.setdefault(one, other)


def rows(text: str) -> Iterator[tuple[int, dict[str, Json]]]:
    """Yield the lines of a recording, each with its number."""
    for number, line in enumerate(text.splitlines()):
        yield number, json.loads(line)
