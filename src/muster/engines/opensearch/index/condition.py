"""What is to be said about a server and its index."""

from collections.abc import Iterator
from typing import Any

from muster.engines.opensearch.index.index import Index
from muster.protocols import Finding

HEALTH = {
    "green": Finding(True, "every shard of the index has its copies"),
    "yellow": Finding(True, "every shard of the index answers; some copies of them are missing"),
    "red": Finding(False, "shards of the index are missing: answers are void", "see `GET _cat/shards` on the server"),
}


def findings(index: Index) -> Iterator[Finding]:
    """Yield the server's version, the health of the index, its template, whether it takes writes, and what lies about."""
    physical = index.physical()
    settings = index.server.request(
        "GET", f"/{physical.name}/_settings", params={"filter_path": "*.settings.index.blocks"}
    )  # first of all: of an index that is gone there is no health, and its wait is in vain
    yield Finding(True, f"{index.server.dialect} holds the index `{physical.name}`")
    health = index.server.request("GET", f"/_cluster/health/{physical.name}")
    yield HEALTH[health["status"]]
    if index.is_outdated:
        yield Finding(False, "the index was made by another index template", "rebuild it with `muster reindex`")
    if blocks := _blocks(settings):
        message = f"the index is blocked: {', '.join(blocks)}"
        yield Finding(False, message, "a full disk blocks writing: make room, then remove the block")
    if names := index.left_over():
        message = f"nobody reads {', '.join(f'`{name}`' for name in names)}: a rebuild that was stopped, or the alias was removed"
        yield Finding(True, message, "`muster reindex` goes on with what is unfinished; delete the others")


def _blocks(settings: Any) -> list[str]:
    said = (one["settings"]["index"]["blocks"] for one in settings.values())
    return sorted(name for blocks in said for name, value in blocks.items() if value == "true")
