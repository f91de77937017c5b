"""The index on a server: what stands behind the alias, what Muster remembers of it, and how it is made and replaced.

    ALIAS               what everybody reads and writes
    ALIAS-000001        the index behind it; the next one, while it is rebuilt, is ALIAS-000002
    ALIAS.state         one document per index, by the index's UUID: how far it has got

Of itself an index says, in the `_meta` of its mapping: the fingerprint of the template that it was made by, the record
that it was made from, whether it is still being built, and a stamp that changes with its fields.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from uuid import uuid4

import orjson

from muster.engines.opensearch.mapping import of_server, properties, sent
from muster.engines.opensearch.server import NOT_FOUND, ORDINAL, Json, Refused, Server
from muster.errors import EngineUnavailable
from muster.fields import Fields

KNOWN_FOR = 1.0
"""Seconds for which what an index says of itself is believed."""

NEWER_THERE = 409


@dataclass(frozen=True, slots=True)
class Meta:
    """What an index says of itself."""

    template: str
    owner: str | None = None
    building: bool = False
    stamp: str = ""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Meta":
        """Read it; what Muster did not make says nothing."""
        known = said.get("muster", {})
        return cls(known.get("template", ""), known.get("owner"), known.get("building", False), known.get("stamp", ""))

    def written(self) -> Json:
        """Write it."""
        return {
            "muster": {
                "template": self.template,
                "owner": self.owner,
                "building": self.building,
                "stamp": self.stamp,
            }
        }


@dataclass(frozen=True, slots=True)
class Physical:
    """The index behind a name."""

    name: str
    uuid: str
    meta: Meta


class Index:
    """One index by its name: the alias that serves, or an index that is being built.

    `template` holds `settings` and `mappings`; `shards` is the number of primary shards of an index that is made.
    """

    def __init__(self, server: Server, template: Json, alias: str, *, shards: int = 1, name: str | None = None) -> None:
        self.server = server
        self.name = name or alias
        self._template = _with_ordinal(template)
        self._alias = alias
        self._shards = shards
        self._fingerprint = sha256(orjson.dumps(self._template, option=orjson.OPT_SORT_KEYS)).hexdigest()
        self._physical: Physical | None = None
        self._read_at = 0.0
        self._mapped = Fields.from_mapping(self._template["settings"], self._template["mappings"])
        self._fields = self._mapped
        self._fields_of = ("", "")

    @property
    def serves(self) -> bool:
        """Whether this is what everybody reads."""
        return self.name == self._alias

    @property
    def is_outdated(self) -> bool:
        """Whether the index was made by another template than the one at hand."""
        return self.physical().meta.template != self._fingerprint

    def physical(self) -> Physical:
        """Return the index behind the name, read at most `KNOWN_FOR` seconds ago; made when there is none."""
        if self._physical is None or time.monotonic() - self._read_at > KNOWN_FOR:
            self._physical = self._found() or self._made()
            self._read_at = time.monotonic()
        return self._physical

    def forget(self) -> None:
        """Ask the server the next time."""
        self._physical = None

    def fields(self) -> Fields:
        """Return the searchable fields of the index."""
        physical = self.physical()
        wanted = (physical.uuid, physical.meta.stamp)
        if self._fields_of != wanted:
            answer = self.server.request("GET", f"/{physical.name}/_mapping")
            self._fields = of_server(self._mapped, answer[physical.name]["mappings"])
            self._fields_of = wanted
        return self._fields

    def grow(self, grown: Fields) -> None:
        """Map the fields that are new in `grown`.

        Raises:
            Refused: another process has given one of the names another kind; read the fields again.
        """
        physical = self.physical()
        meta = replace(physical.meta, stamp=uuid4().hex)
        added = properties(self.fields(), grown)
        try:
            self._describe(physical, meta, added)
        except Refused:
            self.forget()
            self._fields_of = ("", "")
            raise
        self._fields, self._fields_of = grown, (physical.uuid, meta.stamp)

    def claim(self, owner: str) -> None:
        """Remember the record that the index is made from."""
        physical = self.physical()
        self._describe(physical, replace(physical.meta, owner=owner), {})

    def _describe(self, physical: Physical, meta: Meta, added: Json) -> None:
        said = {"_meta": meta.written(), **({"properties": added} if added else {})}
        self.server.request("PUT", f"/{physical.name}/_mapping", body=said)
        self._physical = replace(physical, meta=meta)

    def position(self) -> int:
        """Return how far the index has got."""
        try:
            answer = self.server.request("GET", f"/{self._state}/_doc/{self.physical().uuid}")
        except Refused as refusal:
            if refusal.status == NOT_FOUND:
                return 0
            raise
        position: int = answer["_source"]["position"]
        return position

    def reached(self, position: int) -> None:
        """Remember how far the index has got; it never goes back."""
        path = f"/{self._state}/_doc/{self.physical().uuid}"
        versioned = {"version": str(position), "version_type": "external_gte"}
        try:
            self.server.request("PUT", path, body={"position": position}, params=versioned)
        except Refused as refusal:
            if refusal.status != NEWER_THERE:
                raise

    @property
    def _state(self) -> str:
        return f"{self._alias}.state"

    def _found(self) -> Physical | None:
        try:
            wanted = {"filter_path": "*.settings.index.uuid,*.mappings._meta"}
            answer = self.server.request("GET", f"/{self.name}", params=wanted)
        except Refused as refusal:
            if refusal.status == NOT_FOUND:
                return None
            raise
        if len(answer) != 1:
            raise EngineUnavailable(
                f"`{self.name}` stands for {len(answer)} indices", hint="let the alias name one of them"
            )
        return _physical(*next(iter(answer.items())))

    def _made(self) -> Physical:
        """Make the first index behind the alias; another process may have been quicker."""
        if not self.serves:
            raise EngineUnavailable(f"the index `{self.name}` is gone", hint="run `muster reindex` again")
        self._make(_numbered(self._alias, 1), {self._alias: {}}, building=False)
        found = self._found()
        if found is None:
            raise EngineUnavailable(
                f"`{_numbered(self._alias, 1)}` is there, but not behind the alias `{self._alias}`",
                hint="add it to the alias, or delete it",
            )
        return found

    def _make(self, name: str, aliases: Json, *, building: bool) -> None:
        content = sent(self._template, shards=self._shards)
        self._install(content)
        meta = Meta(self._fingerprint, building=building, stamp=uuid4().hex).written()
        body = {**content, "mappings": {**content["mappings"], "_meta": meta}, "aliases": aliases}
        try:
            self.server.request("PUT", f"/{name}", body=body)
        except Refused as refusal:
            if refusal.kind != "resource_already_exists_exception":
                raise EngineUnavailable(f"the index `{name}` cannot be made: {refusal.reason}") from refusal

    def _install(self, content: Json) -> None:
        """Install the index template, by which an index of this name is made right whoever makes it."""
        body = {
            "index_patterns": [f"{self._alias}-*"],
            "priority": 200,
            "_meta": Meta(self._fingerprint).written(),
            "template": content,
        }
        self.server.request("PUT", f"/_index_template/{self._alias}", body=body)

    def successor(self) -> "Index":
        """Return the index that is being built beside this one, made when there is none."""
        building, last = self._all_built()
        name = building or _numbered(self._alias, last + 1)
        if building is None:
            self.physical()
            self._make(name, {}, building=True)
        return Index(self.server, self._template, self._alias, shards=self._shards, name=name)

    def _all_built(self) -> tuple[str | None, int]:
        """Return the unfinished index made by the template at hand, and the highest number in use."""
        wanted = {"filter_path": "*.settings.index.uuid,*.mappings._meta"}
        answer = self.server.request("GET", f"/{self._alias}-*", params=wanted)
        numbers = {int(name.rpartition("-")[2]): name for name in answer if re.fullmatch(r".*-\d{6}", name)}
        found = [_physical(name, answer[name]) for name in numbers.values()]
        building = [one.name for one in found if one.meta.building and one.meta.template == self._fingerprint]
        return max(building, default=None), max(numbers, default=0)

    def take_over(self) -> None:
        """Put this index behind the alias in the place of the one that is there, in one step, and delete that one."""
        physical = self.physical()
        self._describe(physical, replace(physical.meta, building=False), {})
        serving = self.server.request("GET", f"/_alias/{self._alias}")
        gone = [{"remove_index": {"index": name}} for name in serving if name != physical.name]
        added = {"add": {"index": physical.name, "alias": self._alias}}
        self.server.request("POST", "/_aliases", body={"actions": [added, *gone]})


def _with_ordinal(template: Json) -> Json:
    """Return a template that maps the key by which the record knows an asset, whatever else it maps."""
    mappings = template["mappings"]
    return {**template, "mappings": {**mappings, "properties": {ORDINAL: {"type": "integer"}, **mappings["properties"]}}}


def _numbered(alias: str, number: int) -> str:
    return f"{alias}-{number:06}"


def _physical(name: str, said: Any) -> Physical:
    return Physical(name, said["settings"]["index"]["uuid"], Meta.of(said.get("mappings", {}).get("_meta", {})))
