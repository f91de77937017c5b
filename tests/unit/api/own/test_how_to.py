"""Every request of the page on keeping products right is answered, in the order of the page."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from muster.views import time
from tests.unit.api.own.asking import Asking

PAGE = Path(__file__).parents[4] / "docs" / "how-to" / "keep-products-right.md"
HOUR = 3_600_000
SCOPE = "default/duckdb/shop"


def requests() -> Iterator[tuple[str, str, Any]]:
    """Yield method, path and body of each request of the page."""
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", "").splitlines():
            words = shlex.split(line.partition(">")[0])
            if words and words[0] == "curl":
                method = words[words.index("-X") + 1] if "-X" in words else "GET"
                body = json.loads(words[words.index("-d") + 1]) if "-d" in words else None
                (path,) = (word.removeprefix("$MUSTER") for word in words if word.startswith("$MUSTER"))
                yield method, path, body


REQUESTS = list(requests())


@pytest.fixture(scope="module")
def story(api: Asking) -> Iterator[dict[str, str]]:
    """What the page is about: a product of the domain Finance that had a ledger, and what it calls its runs and times.

    Ada owns a table elsewhere.
    """
    api.tables(SCOPE, ["ledger", "journal"])
    api.tables("default/duckdb/elsewhere", ["orders"], ownerUsers=["ada"])
    product = api.product(f'type:Table state:ACTIVE qualifiedName:"{SCOPE}/*"', domain="Finance")
    guid = product.entity.guid
    first = api.sync(product)
    api.clock.time += HOUR
    yield {"Finance.MonthEnd": guid, "388": str(first.number), "2026-09-30T22:00:00Z": time(first.at)}
    api.ask("DELETE", "/policy", code=204)


def held(api: Asking, guid: str) -> str:
    """Let a run of the product be held, and return its number."""
    api.tables(SCOPE, ["ledger", "journal"])
    api.ask("POST", f"/dataProducts/{guid}/sync", {"force": True})
    api.tables(SCOPE, [])
    (run,) = [api.ask("POST", f"/dataProducts/{guid}/sync", {})["run"]]
    assert run["outcome"] == "held"
    return str(run["run"])


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS, ids=[f"{method} {path}" for method, path, _ in REQUESTS])
def test_each_request_is_answered(api: Asking, story: dict[str, str], method: str, path: str, body: Any) -> None:
    """With the numbers, times and names of this story in the places of those of the page."""
    known = {**story, "412": held(api, story["Finance.MonthEnd"])} if "412" in path else story
    text = json.dumps(body)
    for said, meant in known.items():
        path, text = path.replace(said, meant), text.replace(said, meant)
    answer = api.sent(method, path, **({} if body is None else {"json": json.loads(text)}))
    assert answer.is_success, answer.text


def test_the_reports_of_the_page_are_there(api: Asking) -> None:
    """Each that its table names."""
    named = re.findall(r"`(?:GET )?(/reports/[^`]*)`", PAGE.read_text(encoding="utf-8"))
    assert len(named) == 5
    for path in named:
        assert api.sent("GET", path).is_success
