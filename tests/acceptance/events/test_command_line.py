"""Webhooks from the command line: without a service and with one, made, tried, changed, told and deleted."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance import command, shop
from tests.acceptance.events.moving import QUICK
from tests.acceptance.serving import served
from tests.integration.receiver import Receiver


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalog with a product that was synced."""
    data = tmp_path / "data"
    command.run(data, "import", "ndjson", str(shop.write(tmp_path, 0)), "--scope", shop.ROOT)
    command.run(data, "product", "create", "Gold tables", "type:Table tag:Gold", "--domain", "Sales")
    command.run(data, "sync")
    return data


@contextmanager
def telling(data: Path, *, service: bool) -> Iterator[None]:
    """Have webhooks told until the end of the block, by a service or by a worker."""
    if service:
        with served(data, QUICK):
            yield
        return
    process = command.begin(data, "worker", settings=QUICK)
    try:
        yield
        time.sleep(1)  # until it has noted how the last one went: who is told to stop breaks off what is on its way
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def said(data: Path, *words: str, code: int = 0) -> Any:
    """Type a verb of webhooks, and return its JSON."""
    return command.answer(data, "webhook", *words, code=code, settings=QUICK)


@pytest.mark.parametrize("service", [False, True], ids=["alone", "through a service"])
def test_a_webhook_from_the_first_to_the_last(folder: Path, receiver: Receiver, *, service: bool) -> None:
    """Each verb does what it says, and no secret is shown twice."""
    assert "no webhooks yet" in command.run(folder, "webhook", "list").stderr
    made = said(
        folder, "create", receiver.url, "--domain", "Sales", "--type", "moved", "--after", "0", "--description", "d"
    )
    hook, first = made["id"], made["secret"]
    assert said(folder, "ping", hook)["delivered"] is True
    assert receiver.received.pop().is_signed(first)
    second = said(folder, "rotate", hook, "--overlap", "3600")["secret"]
    assert said(folder, "update", hook, "--pause")["paused"] is True
    assert "paused by tester" in command.run(folder, "webhook", "update", hook, "--description", "e").stdout
    said(folder, "update", hook, "--resume", "--everything")

    with telling(folder, service=service):
        receiver.wait(lambda found: len(found.received) == 1)
        if service:
            said(folder, "replay", hook, "--after", "0")
            receiver.wait(lambda found: len(found.received) == 2)
    told = receiver.received[0]
    assert (told.event["data"]["run"]["joined"], told.is_signed(first), told.is_signed(second)) == (400, True, True)
    (delivered,) = said(folder, "deliveries", hook, "--status", "delivered")["data"]
    assert delivered["number"] == command.answer(folder, "events")["data"][0]["musternumber"] == 1
    assert said(folder, "redeliver", hook, "1")["status"] == "again"
    assert "again" in command.run(folder, "webhook", "deliveries", hook).stdout
    (listed,) = said(folder, "list")
    assert (listed["types"], listed["domain"], "secret" in listed) == (["muster.membership.moved"], None, False)
    said(folder, "delete", hook)
    assert said(folder, "list") == []


@pytest.mark.parametrize("service", [False, True], ids=["alone", "through a service"])
def test_what_a_webhook_is_of_is_named(folder: Path, *, service: bool) -> None:
    """By its dotted name; a product that is there no more by its guid."""
    command.run(folder, "product", "create", "Old", "type:Table")
    for words in (("--domain", "Sales"), ("--product", "Gold tables"), ("--product", "Old"), ()):
        said(folder, "create", "http://127.0.0.1:1/in", *words)
    gone = command.answer(folder, "product", "delete", "Old")["guid"]

    with served(folder, QUICK) if service else nullcontext():
        listed = command.run(folder, "webhook", "list").stdout
    for name in ("Sales ", "Sales.Gold tables ", f"{gone} ", "everything "):
        assert f"http://127.0.0.1:1/in  {name}" in listed


def test_a_receiver_that_is_not_there(folder: Path) -> None:
    """A ping says so, and ends with 1; what leads inside is refused where that is not allowed."""
    hook = said(folder, "create", "http://127.0.0.1:1/in")["id"]
    assert said(folder, "ping", hook, code=1)["delivered"] is False
    refused = command.run(folder, "webhook", "create", "http://127.0.0.1:1/in", code=1)
    assert "MUSTER_HOOKS_ALLOW_PRIVATE" in refused.stderr


@pytest.mark.parametrize("words", [("update", "x"), ("update", "x", "--everything", "--product", "P"), ("create",)])
def test_what_says_nothing_is_wrong_usage(tmp_path: Path, words: tuple[str, ...]) -> None:
    """And ends with 2."""
    assert "Usage: muster webhook" in command.run(tmp_path / "data", "webhook", *words, code=2).stderr
