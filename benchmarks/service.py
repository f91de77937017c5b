"""The service in a process of its own, as its users run it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

STARTING = 120.0
"""Seconds that the service may take until it is ready."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service that runs: where, as which process, and what opens it."""

    port: int
    process: int
    token: str

    def memory(self) -> float:
        """Return what its processes hold now, in MB; Linux only."""
        return sum(map(_resident, (self.process, *_children(self.process))))


@contextmanager
def serving(folder: Path, settings: Mapping[str, str], *, workers: int = 1) -> Iterator[Service]:
    """Serve a data folder until the end of the block."""
    port = _free_port()
    command = [sys.executable, "-m", "muster", "serve", "--data", str(folder), "--port", str(port)]
    if workers > 1:
        command += ["--workers", str(workers)]
    log = (folder / "service.log").open("wb")
    process = subprocess.Popen(command, env=os.environ | settings, stdout=log, stderr=log)  # noqa: S603 - our own
    try:
        _wait(process, port, folder)
        yield Service(port, process.pid, (folder / "admin.token").read_text().strip())
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        log.close()


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + STARTING
    while not _ready(port):
        if process.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"the service did not start: {(folder / 'service.log').read_text()[-2000:]}")
        time.sleep(0.2)


def _ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _resident(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _children(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
