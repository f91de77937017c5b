"""What is remembered of indices beside them: documents of an index of its own, by the UUIDs of those that they are about.

    UUID            how far the index has got, and how many documents it had then
    UUID.owner      the record that was the first to claim it
    last            the highest number that an index was made with

An index that was deleted leaves its documents behind; one made in its place begins without any. It has a number of its
own as well: a name that is still in somebody's mind never comes to mean another index.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from muster.engines.opensearch.server import NOT_FOUND, Json, Refused, Server
from muster.errors import EngineUnavailable

SHARDS_WITHIN = "10s"
"""How long to wait for a shard that is away; a server's own defaults are as long as the time-out, or longer."""

SETTINGS: Json = {"settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}}
LAST = "last"
NEWER_THERE = 409
THERE_ALREADY = "resource_already_exists_exception"


@dataclass(frozen=True, slots=True)
class Stand:
    """How far an index has got, and how many documents it had then: one that has fewer has lost some."""

    position: int = 0
    documents: int = 0


class State:
    """The documents of one index of them, which is made when the first one is written."""

    def __init__(self, server: Server, name: str) -> None:
        self._server = server
        self._name = name
        self._is_made = False

    def stand(self, uuid: str) -> Stand:
        """Return how far an index has got; nowhere when nothing is remembered of it."""
        found = self._read(uuid)
        return Stand(int(found.get("position", 0)), int(found.get("documents", 0)))

    def reached(self, uuid: str, stand: Stand) -> None:
        """Remember how far an index has got; it never goes back."""
        self._write(uuid, asdict(stand), {"version": str(stand.position), "version_type": "external_gte"})

    def first_owner(self, uuid: str, owner: str) -> str:
        """Return the record that was the first to claim an index: this one, when no other was."""
        name = f"{uuid}.owner"
        self._write(name, {"owner": owner}, {"op_type": "create"})
        return str(self._read(name).get("owner", owner))

    def last_number(self) -> int:
        """Return the highest number that an index was made with, 0 when none is remembered."""
        return int(self._read(LAST).get("number", 0))

    def numbered(self, number: int) -> None:
        """Remember that an index was made with a number."""
        self._write(LAST, {"number": number}, {"version": str(number), "version_type": "external_gte"})

    def _read(self, name: str) -> Json:
        try:
            answer: Json = self._server.request("GET", f"/{self._name}/_doc/{name}")
        except Refused as refusal:
            if refusal.status == NOT_FOUND:
                return {}
            raise
        found: Json = answer["_source"]
        return found

    def _write(self, name: str, content: Json, versioned: Mapping[str, str]) -> None:
        """Write a document, unless there is one that stays."""
        try:
            self._put(name, content, versioned)
        except Refused as refusal:
            if refusal.status == NOT_FOUND:  # deleted meanwhile, on a server that makes no index by itself
                self._is_made = False
                self._put(name, content, versioned)
            elif refusal.status != NEWER_THERE:
                raise

    def _put(self, name: str, content: Json, versioned: Mapping[str, str]) -> None:
        if not self._is_made:
            make(self._server, self._name, SETTINGS)
            self._is_made = True
        params = {"timeout": SHARDS_WITHIN, **versioned}
        self._server.request("PUT", f"/{self._name}/_doc/{name}", body=content, params=params)


def make(server: Server, name: str, body: Json) -> None:
    """Make an index, unless it is there; its shards may be away still, when they take long.

    Raises:
        EngineUnavailable: the server does not let it be made.
    """
    try:
        server.request("PUT", f"/{name}", body=body, params={"timeout": SHARDS_WITHIN})
    except Refused as refusal:
        if refusal.kind != THERE_ALREADY:
            raise EngineUnavailable(f"the index `{name}` cannot be made: {refusal.reason}") from refusal
