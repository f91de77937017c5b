"""`muster serve` in a process of its own, and a client that asks it over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.acceptance import warm
from tests.acceptance.command import environment

STARTING = 60.0
"""Seconds that a service may take until it is ready."""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass
class Started:
    """A process that was started."""

    process: warm.Process | None = field(default=None, init=False)

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(30)

    def stop(self) -> int:
        """Ask it to end, and return its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


@dataclass
class Served(Started):
    """A data folder that is served on a port of the test's own; started, killed and started again."""

    data: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        """Where it answers; Atlan's Python client takes no `localhost`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it printed."""
        return self.data.with_suffix(".log")

    @property
    def token(self) -> str:
        """The secret that the first start made."""
        return (self.data / "admin.token").read_text().strip()

    def start(self) -> None:
        """Start it and wait until it is ready."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start it, and do not wait."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        words = ("serve", "--port", str(self.port), *self.words)
        files = (Path(os.devnull), self.log, self.log)
        self.process = warm.Process(warm.Start(words, environment(self.data) | dict(self.settings), files, Path.cwd()))

    def client(self, token: str | None = None) -> httpx.Client:
        """Return a client that shows a token, the first one unless another is said."""
        headers = {"authorization": f"Bearer {token or self.token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)

    def wait(self) -> None:
        """Wait until it is ready."""
        until = time.monotonic() + STARTING
        while not self._ready():
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()[-4000:]
            assert time.monotonic() < until, f"not ready: {self.log.read_text()[-4000:]}"
            time.sleep(0.05)

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False


@contextmanager
def served(data: Path, settings: Mapping[str, str] | None = None, *words: str) -> Iterator[Served]:
    """Serve a data folder until the end of the block."""
    one = Served(data, settings or {}, words)
    try:
        one.start()
        yield one
    finally:
        if one.process is not None and one.process.poll() is None:
            one.stop()
