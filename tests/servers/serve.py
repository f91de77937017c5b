"""Runs a server for a developer, in the foreground, until Ctrl-C.

    python -m tests.servers.serve opensearch|elasticsearch

It says what to export, so that Muster and its tests use this server. The exit code is 1 when none could be started,
or when it ended by itself.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.servers import clients, finding
from tests.servers.answer import Running
from tests.servers.keeper import ENDINGS, leave
from tests.servers.kinds import Kind

_LOOK_SECONDS = 2
_PATIENCE_SECONDS = 30


def serve(kind: Kind) -> int:
    """Start a server of that kind, and stay with it until told to end; the exit code."""
    for ending in ENDINGS:
        signal.signal(ending, leave)
    print(f"starting {kind.title} (the first time it is fetched, which takes a minute)", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix=f"muster-{kind.name}-") as folder,
        finding.started(kind, Path(folder)) as found,
    ):
        if not isinstance(found, Running):
            print(found.reason, file=sys.stderr)
            return 1
        print(_instructions(kind, found), flush=True)
        while _answers(found.url):
            time.sleep(_LOOK_SECONDS)
    print(f"{kind.title} ended by itself", file=sys.stderr)
    return 1


def _instructions(kind: Kind, found: Running) -> str:
    with clients.sending(kind.name, found.url) as send:
        version = clients.version(send)
    return f"""
{kind.title} {version} from {found.origin} is ready. In another terminal:

export MUSTER_ENGINE_URL={found.url.replace("http", kind.name, 1)}
export {kind.url_variable}={found.url}

Ctrl-C ends it, and what it holds goes with it."""


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=_PATIENCE_SECONDS):  # noqa: S310 (always http, a server of our own)
            return True
    except OSError:
        return False


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.servers.serve")
    parser.add_argument("name", choices=finding.KINDS)
    sys.exit(serve(finding.KINDS[parser.parse_args().name]))
