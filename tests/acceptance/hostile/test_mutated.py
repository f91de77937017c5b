"""Recorded requests, each changed in one place: whatever is sent, the answer says what is wrong with it, and soon.

Some of the cases in every run, all of them with `MUSTER_TEST_HOSTILE=all`.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx

from tests.acceptance.atlan.clients import connected, quiet
from tests.acceptance.atlan.replay import Exchange, Replay
from tests.acceptance.atlan.test_replay import RECORDED, _stand_ins
from tests.acceptance.command import answer
from tests.acceptance.hostile.mutations import mutated, places
from tests.acceptance.serving import Served, served

SHARE = 1.0 if os.environ.get("MUSTER_TEST_HOSTILE") == "all" else 0.03
EXPECTED = {200, 204, 400, 404, 409}
SECONDS = 5.0


def test_no_body_is_too_strange(tmp_path: Path) -> None:
    """Every answer is a success or tells the client what to mend, none takes long, and record and index stay sound."""
    found: list[str] = []
    sent = 0
    for run, rows in groupby(RECORDED, key=lambda row: row[0]):
        with served(tmp_path / run) as one, one.client() as http:
            for told in _attacked(http, run, [exchange for _, exchange in rows]):
                sent += 1
                found += [told] if told else []
            _read_all(one)
        assert all(finding["ok"] for finding in answer(one.data, "doctor")["findings"])
        assert "Traceback" not in one.log.read_text()
    assert found == []
    assert sent > 300


def _read_all(one: Served) -> None:
    """See that Atlan's client can still read all entities that there are."""
    with connected(one) as client, quiet():
        from pyatlan.model.fluent_search import FluentSearch  # noqa: PLC0415 - slow to import

        for asset in client.asset.search(FluentSearch(_includes_on_results=["ownerUsers"]).to_request()):
            assert asset.guid


def _attacked(http: httpx.Client, run: str, rows: list[Exchange]) -> Iterator[str]:
    """Send what differs from each kind of request, and the request itself after it; yield what was not well, or nothing."""
    replay, chance, seen = Replay(http, dict(_stand_ins(http, run))), random.Random(run), set()
    for exchange in rows:
        if exchange.body and (shape := _shape(exchange)) not in seen:
            seen.add(shape)
            for place, body in mutated(json.loads(replay.translated(exchange.body))):
                if chance.random() < SHARE:
                    yield _told(http, replay, exchange, place, body)
        replay.send(exchange)


def _shape(exchange: Exchange) -> str:
    """Return what tells requests apart, but for the values in them."""
    return f"{exchange.method} {exchange.path} {exchange.query} {sorted(map(str, places(json.loads(exchange.body or ''))))}"


def _told(http: httpx.Client, replay: Replay, exchange: Exchange, place: str, body: Any) -> str:
    began, query = time.monotonic(), replay.translated(exchange.query)
    path = replay.translated(exchange.path) + (f"?{query}" if query else "")
    said = http.request(exchange.method, path, content=json.dumps(body), headers={"content-type": "application/json"})
    if said.status_code in EXPECTED and time.monotonic() - began < SECONDS:
        return ""
    return f"{exchange.number} {exchange.step}, {place}: {said.status_code} {said.text[:300]}"
