"""Every request that was recorded of `pyatlan`, sent again in order: what is answered is what was accepted then.

The recording is of a stand-in that took everything for granted; where this service knows better, the difference stands in
`differences.json` with its reason, and no other is left.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import httpx
import pytest

from tests.acceptance.atlan.replay import Exchange, Replay, exchanges
from tests.acceptance.serving import served

FIXTURES = Path(__file__).parents[2] / "fixtures" / "atlan"
RECORDED = list(exchanges((FIXTURES / "wire.jsonl").read_text(encoding="utf-8")))
DIFFERENCES = json.loads((FIXTURES / "differences.json").read_text(encoding="utf-8"))

Outcomes = dict[int, list[str]]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """Where each answer differs; each run has a catalog of its own."""
    return dict(_replayed(tmp_path_factory.mktemp("replay")))


def _replayed(folder: Path) -> Iterator[tuple[int, list[str]]]:
    for run, rows in groupby(RECORDED, key=lambda row: row[0]):
        with served(folder / run) as one, one.client() as http:
            replay = Replay(http, dict(_stand_ins(http, run)))
            for _, exchange in rows:
                yield exchange.number, replay.send(exchange)


def _stand_ins(http: httpx.Client, run: str) -> Iterator[tuple[str, str]]:
    """Yield what the recording took for granted, with what there is here: a user, two tables, and two terms."""
    yield "svc_user", http.get("/api/service/users/current").json()["username"]
    if run != "snippets":
        return
    glossary = {"typeName": "AtlasGlossary", "guid": "-1", "attributes": {"name": "g", "qualifiedName": "g"}}
    made = [
        {"typeName": name, "guid": f"-{guid}", "attributes": {"name": guid, "qualifiedName": f"default/x/1/{guid}"}}
        for name, guid in (("Table", "10"), ("Table", "11"), ("AtlasGlossaryTerm", "12"), ("AtlasGlossaryTerm", "13"))
    ]
    for term in made[2:]:
        term["attributes"]["anchor"] = {"typeName": "AtlasGlossary", "guid": "-1"}
    saved = http.post("/api/meta/entity/bulk", json={"entities": [glossary, *made]}).json()
    guids = saved["guidAssignments"]
    yield from (("tbl-guid", guids["-10"]), ("tbl-guid2", guids["-11"]), ("term-guid-1", guids["-12"]))
    names = {one["guid"]: one["attributes"]["qualifiedName"] for one in saved["mutatedEntities"]["CREATE"]}
    yield "x@y", names[guids["-13"]]


@pytest.mark.parametrize("exchange", [each for _, each in RECORDED], ids=lambda each: f"{each.number}-{each.step}")
def test_answer_is_what_was_recorded(outcomes: Outcomes, exchange: Exchange) -> None:
    """But for differences that are written down, which are all there still."""
    known = DIFFERENCES.get(str(exchange.number), {})

    assert outcomes[exchange.number] == known.get("where", [])
    assert known.get("why", "") or not known


def test_most_are_the_same(outcomes: Outcomes) -> None:
    """Four in five, at the least."""
    same = sum(not where for where in outcomes.values())

    assert same >= 0.8 * len(RECORDED), f"{same} of {len(RECORDED)}"
