"""Every request that was recorded of OpenMetadata's client, sent again in order: what is answered is what it took then.

The recording is of a stand-in that kept to what is known of OpenMetadata's server; where this service does otherwise, the
difference stands in `differences.json` with its reason, and no other is left. What the stand-in was told to answer is left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.acceptance.openmetadata.conftest import BULK, asked
from tests.acceptance.openmetadata.replay import FORCED, RECORDED_AT, Exchange, Replay, exchanges
from tests.acceptance.serving import Served, served
from tests.servers import report

FIXTURES = Path(__file__).parents[2] / "fixtures" / "openmetadata"
RECORDED = exchanges((FIXTURES / "wire.jsonl").read_text(encoding="utf-8"))
SENT = [one for one in RECORDED if one.forced is None]
DIFFERENCES = json.loads((FIXTURES / "differences.json").read_text(encoding="utf-8"))

Outcomes = dict[int, list[str]]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """Where each answer differs."""
    with served(tmp_path_factory.mktemp("replay") / "data") as one, one.client() as http:
        replay = Replay(http, dict(_stand_ins(one, http)))
        return {exchange.number: replay.send(exchange) for exchange in SENT}


def _stand_ins(one: Served, http: httpx.Client) -> Iterator[tuple[str, str]]:
    """Yield what the recording took for granted, with what there is here: the host, a user, a table and a dashboard."""
    yield RECORDED_AT, f"{one.url}/sdk/2.0/api"
    yield "15b95636-90a3-4661-838e-c3c6e1bd7650", asked(http, "GET", "/sdk/2.0/api/v1/users/loggedInUser")["id"]
    made = [
        {"typeName": name, "guid": guid, "attributes": {"name": "t", "qualifiedName": "svc.db.s.t"}}
        for name, guid in (("Table", "-1"), ("LookerDashboard", "-2"))
    ]
    guids = asked(http, "POST", BULK, json={"entities": made})["guidAssignments"]
    yield "2893989a-e5af-4b82-b0d2-949872173aa8", guids["-1"]
    yield "5deaceb0-4c09-4cee-9a77-fb52f79d6d3f", guids["-2"]


@pytest.mark.parametrize("exchange", SENT, ids=lambda each: f"{each.number}-{each.step}")
def test_answer_is_what_was_recorded(outcomes: Outcomes, exchange: Exchange) -> None:
    """But for differences that are written down, which are all there still."""
    known = DIFFERENCES.get(str(exchange.number), {})

    assert outcomes[exchange.number] == known.get("where", [])
    assert known.get("why", "") or not known


def test_what_is_left_out_was_made_up() -> None:
    """Every reason to leave something out is one of something that was recorded, and all that has no answer is among it."""
    left = Counter(one.forced for one in RECORDED if one.forced)

    assert set(left) == set(FORCED.values())
    assert all(one.forced for one in RECORDED if one.status is None)


def test_most_are_the_same(outcomes: Outcomes) -> None:
    """Two in three, at the least; most of the others tell more than the stand-in knew."""
    same = sum(not where for where in outcomes.values())

    report.say("openmetadata's recording", f"{same} of {len(SENT)} answers are as recorded")
    assert 3 * same >= 2 * len(SENT)
