"""The index on a server: what stands behind the alias, what Muster remembers of it, and how it is made and replaced.

    ALIAS               what everybody reads and writes
    ALIAS-000001        the index behind it; the next one, while it is rebuilt, is ALIAS-000002
    ALIAS.state         by each index's UUID, how far it has got, and which record was the first to claim it

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

from muster.engines.opensearch.connection.address import VARIABLE
from muster.engines.opensearch.index.mapping import of_server, properties, sent
from muster.engines.opensearch.index.state import Stand, State, make
from muster.engines.opensearch.server import NOT_FOUND, ORDINAL, Json, Refused, Server
from muster.errors import EngineUnavailable
from muster.fields import Fields

KNOWN_FOR = 1.0
"""Seconds for which what an index says of itself is believed."""

USUAL_WINDOW = 10_000
"""The `max_result_window` of an index that names none."""

_ABOUT: Mapping[str, str] = {"filter_path": "*.settings.index.uuid,*.mappings._meta"}


@dataclass(frozen=True, slots=True)
class Meta:
    """What an index says of itself; one without a template was not made by Muster."""

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
        self._state = State(server, f"{alias}.state")
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
    def window(self) -> int:
        """How far from the first asset a page may end, as the index was made."""
        return int(self._template["settings"].get("index", {}).get("max_result_window", USUAL_WINDOW))

    @property
    def is_outdated(self) -> bool:
        """Whether the index was made by another template than the one at hand."""
        return self.physical().meta.template != self._fingerprint

    def physical(self) -> Physical:
        """Return the index behind the name, read at most `KNOWN_FOR` seconds ago; made when there is none.

        Raises:
            EngineUnavailable: the name stands for something that Muster did not make, or for several indices.
        """
        physical = self._physical
        if physical is None or time.monotonic() - self._read_at > KNOWN_FOR:
            physical = self._physical = self._found() or self._made()
            self._read_at = time.monotonic()
        return physical

    def forget(self) -> None:
        """Ask the server the next time."""
        self._physical = None

    def fields(self, of: Physical | None = None) -> Fields:
        """Return the searchable fields of the index, or of the one given."""
        physical = of or self.physical()
        wanted = (physical.uuid, physical.meta.stamp)
        if self._fields_of != wanted:
            answer = self.server.request("GET", f"/{physical.name}/_mapping")
            self._fields = of_server(self._mapped, answer[physical.name]["mappings"])
            self._fields_of = wanted
        return self._fields

    def grow(self, before: Fields, grown: Fields) -> None:
        """Map the fields that are new in `grown`; they are read back with those that others have mapped meanwhile.

        Raises:
            Refused: another process has given one of the names another kind; read the fields again.
        """
        physical = self.physical()
        meta = replace(physical.meta, stamp=uuid4().hex)
        self._fields_of = ("", "")
        try:
            self._describe(physical, meta, properties(before, grown))
        except Refused:
            self.forget()
            raise

    def claim(self, owner: str) -> None:
        """Remember the record that the index is made from; of several that claim it, the first."""
        physical = self.physical()
        first = self._state.first_owner(physical.uuid, owner)
        self._describe(physical, replace(physical.meta, owner=first), {})

    def _describe(self, physical: Physical, meta: Meta, added: Json) -> None:
        said = {"_meta": meta.written(), **({"properties": added} if added else {})}
        self.server.request("PUT", f"/{physical.name}/_mapping", body=said)
        self._physical = replace(physical, meta=meta)

    def position(self, of: Physical | None = None) -> int:
        """Return how far the index has got, or the one given."""
        return self.stand(of or self.physical()).position

    def stand(self, physical: Physical) -> Stand:
        """Return how far an index has got, and how many documents it had then."""
        return self._state.stand(physical.uuid)

    def reached(self, physical: Physical, stand: Stand) -> None:
        """Remember how far an index has got; it never goes back."""
        self._state.reached(physical.uuid, stand)

    def confirm(self, physical: Physical) -> None:
        """See that the name of an index still means that one.

        Raises:
            Refused: 404, when it was deleted since, whether or not another one was made in its place.
        """
        answer = self.server.request("GET", f"/{physical.name}", params=_ABOUT)
        if answer[physical.name]["settings"]["index"]["uuid"] != physical.uuid:
            raise Refused(NOT_FOUND, "", f"the index `{physical.name}` is another one now")

    def _found(self) -> Physical | None:
        behind = self._behind(self.name)
        if len(behind) > 1:
            raise EngineUnavailable(
                f"`{self.name}` stands for {len(behind)} indices",
                hint="let the alias name one, or run `muster reindex`",
            )
        return next(iter(behind), None)

    def _behind(self, name: str) -> list[Physical]:
        """Return the indices behind a name.

        Raises:
            EngineUnavailable: Muster did not make one of them.
        """
        try:
            answer = self.server.request("GET", f"/{name}", params=_ABOUT)
        except Refused as refusal:
            if refusal.status == NOT_FOUND:
                return []
            raise
        behind = [_physical(one, said) for one, said in answer.items()]
        for one in behind:
            if not one.meta.template:
                raise EngineUnavailable(
                    f"`{name}` stands for the index `{one.name}`, which Muster did not make",
                    hint=f"name another alias in `{VARIABLE}`, or delete that index if nobody needs it",
                )
        return behind

    def _made(self) -> Physical:
        """Make the first index behind the alias; another process may have been quicker."""
        if not self.serves:
            raise EngineUnavailable(f"the index `{self.name}` is gone", hint="run `muster reindex` again")
        number = self._next_number()
        found = self._found()  # made since it was looked for: the number is of another one then
        if found is None:
            self._make_index(number, {self._alias: {}}, building=False)
            found = self._found()
        if found is None:
            raise EngineUnavailable(f"`{self._alias}` is deleted as it is made", hint="see who else writes there")
        return found

    def _next_number(self) -> int:
        return max(self._state.last_number(), *self._numbers(), 0) + 1

    def _make_index(self, number: int, aliases: Json, *, building: bool) -> None:
        content = sent(self._template, shards=self._shards)
        self._install(content)
        meta = Meta(self._fingerprint, building=building, stamp=uuid4().hex).written()
        make(
            self.server,
            _numbered(self._alias, number),
            {**content, "mappings": {**content["mappings"], "_meta": meta}, "aliases": aliases},
        )
        self._state.numbered(number)

    def _install(self, content: Json) -> None:
        """Install the index template, by which an index of this name is made right whoever makes it.

        Its pattern leaves other aliases alone that begin like this one; where both patterns fit, the longer alias wins.
        """
        body = {
            "index_patterns": [f"{self._alias}-0*"],
            "priority": 200 + len(self._alias),
            "_meta": Meta(self._fingerprint).written(),
            "template": content,
        }
        try:
            self.server.request("PUT", f"/_index_template/{self._alias}", body=body)
        except Refused as refusal:
            raise EngineUnavailable(
                f"the index template `{self._alias}` cannot be installed: {refusal.reason}",
                hint=f"name another alias in `{VARIABLE}`, or delete what is in its way",
            ) from refusal

    def successor(self, *, fresh: bool = False) -> "Index":
        """Return the index that is being built beside the one that serves; a new one when there is none, or `fresh`."""
        serving = {one.uuid for one in self._behind(self._alias)}
        numbers = self._numbers()
        unfinished = [number for number, one in numbers.items() if self._is_unfinished(one) and one.uuid not in serving]
        number = self._next_number() if fresh or not unfinished else max(unfinished)
        if number not in numbers:
            self._make_index(number, {}, building=True)
        return Index(self.server, self._template, self._alias, shards=self._shards, name=_numbered(self._alias, number))

    def _is_unfinished(self, physical: Physical) -> bool:
        return physical.meta.building and physical.meta.template == self._fingerprint

    def _numbers(self) -> dict[int, Physical]:
        """Return the indices that are, or were, or will be behind the alias, by number."""
        answer = self.server.request("GET", f"/{self._alias}-*", params=_ABOUT)
        ours = re.compile(rf"{re.escape(self._alias)}-(\d{{6}})")
        return {
            int(found[1]): _physical(name, said) for name, said in answer.items() if (found := ours.fullmatch(name))
        }

    def left_over(self) -> list[str]:
        """Return the names of indices that nobody reads: what was never finished, or is no longer behind the alias."""
        serving = {one.uuid for one in self._behind(self._alias)}
        return sorted(one.name for one in self._numbers().values() if one.uuid not in serving and one.meta.template)

    def take_over(self) -> None:
        """Put this index behind the alias in the place of what is there, in one step, and delete that.

        It is called finished afterwards: killed in between, it serves all the same.
        """
        physical = self.physical()
        gone = [{"remove_index": {"index": one.name}} for one in self._behind(self._alias) if one.uuid != physical.uuid]
        added = {"add": {"index": physical.name, "alias": self._alias}}
        self.server.request("POST", "/_aliases", body={"actions": [added, *gone]})
        self._describe(physical, replace(physical.meta, building=False), {})


def _with_ordinal(template: Json) -> Json:
    """Return a template that maps the key by which the record knows an asset, whatever else it maps."""
    mappings = template["mappings"]
    return {
        **template,
        "mappings": {**mappings, "properties": {ORDINAL: {"type": "integer"}, **mappings["properties"]}},
    }


def _numbered(alias: str, number: int) -> str:
    return f"{alias}-{number:06}"


def _physical(name: str, said: Any) -> Physical:
    return Physical(name, said["settings"]["index"]["uuid"], Meta.of(said.get("mappings", {}).get("_meta", {})))
