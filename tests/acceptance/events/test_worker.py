"""`muster worker` in a process of its own: it keeps memberships right, and tells webhooks what happens."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.acceptance.command import run, start
from tests.acceptance.events.moving import QUICK, SCOPE, moving
from tests.integration.receiver import Receiver


def table(name: str) -> str:
    """A table of the product P, as a file of a catalog has it."""
    return json.dumps({"typeName": "Table", "qualifiedName": f"{SCOPE}/P/{name}", "attributes": {"name": name}})


@contextmanager
def working(data: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a worker until the end of the block; told to stop, it ends well."""
    process = start(data, "worker", "--json", settings=QUICK)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def test_a_worker_tells_webhooks(tmp_path: Path, receiver: Receiver) -> None:
    """What happened while nobody ran, and what it finds itself; each event once, signed, in order."""
    data = tmp_path / "data"
    with moving(data) as service:
        service.product("P")
        hook = service.hook(receiver.url)
    catalog = tmp_path / "catalog.ndjson"
    for name in ("one", "two"):
        catalog.write_text(table(name) + "\n")
        run(data, "import", "ndjson", str(catalog))
        if name == "one":
            run(data, "sync")

    with working(data) as process:
        receiver.wait(lambda found: len(found.received) >= 2)
        assert process.poll() is None
    said, _ = process.communicate()
    rounds: list[dict[str, Any]] = [json.loads(line) for line in said.splitlines()]

    assert process.returncode == 0
    assert [one.event["data"]["run"]["joined"] for one in receiver.received] == [1, 1]
    assert receiver.numbers == sorted(set(receiver.numbers))
    assert all(one.is_signed(hook["secret"]) for one in receiver.received)
    assert [one["total"] for done in rounds for one in done["runs"] if one["outcome"] == "applied"] == [2]
    assert all(done["differences"] == [] for done in rounds)
