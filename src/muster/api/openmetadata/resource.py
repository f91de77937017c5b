"""A collection over HTTP, of domains or products: made, listed, read, changed, deleted, restored."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import uuid4

from fastapi import Header, Query, Response
from pydantic import BaseModel

from muster.api.access import Caller
from muster.api.bodies import read, taken
from muster.api.openmetadata import answering as say
from muster.api.openmetadata.around import around
from muster.api.openmetadata.collections import Collection
from muster.api.openmetadata.commands import PLACES, SELECTION, Change
from muster.api.openmetadata.listing import Asked, list_page
from muster.api.openmetadata.patching import Operation, Patch, patched, same
from muster.api.openmetadata.rendering import FIELDS, whole
from muster.api.openmetadata.voice import Speaking, Voice
from muster.api.openmetadata.wanted import Restored
from muster.api.pointing import placed
from muster.api.web import Body, Editor, Viewer, told
from muster.catalog.entity import Entity, Status
from muster.errors import Conflict, Stale, Taken
from muster.service.domains import DOMAIN
from muster.service.dotted import missing
from muster.service.mesh import Include, below
from muster.service.save.commands import Command, Removal
from muster.service.save.deleting import delete
from muster.service.save.saving import save
from muster.service.save.turns import in_turn

SERVER: Final = frozenset(
    {
        *("id", "fullyQualifiedName", "version", "updatedAt", "updatedBy", "impersonatedBy", "href", "deleted"),
        *("changeDescription", "incrementalChangeDescription", "followers", "votes", "assets", "children"),
        *("childrenCount", "certification"),
    }
)
"""What only the server says: a patch that names it is passed over there (contract, section 6.2)."""

IfMatch = Annotated[str | None, Header(alias="If-Match", description="The `ETag` that the patch was made from.")]
FieldsWanted = Annotated[
    str | None, Query(alias="fields", description="What to tell besides, with commas; `*` for all.")
]
Including = Annotated[Include, Query(alias="include", description="Archived ones as well, or alone.")]


class Removing(BaseModel):
    """How an entity goes."""

    hardDelete: bool = False  # noqa: N815 - as on the wire
    recursive: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """The routes of one collection."""

    of: Collection

    def list_all(self, caller: Viewer, asking: Asked, voice: Speaking) -> Response:
        """List them in order of name."""
        return list_page(caller.work, self.of, asking, voice)

    def create(self, caller: Editor, body: Body, voice: Speaking) -> Response:
        """Create one."""
        wanted = read(self.of.wanted, body)
        return self._saved(caller, wanted, Change(None, frozenset(wanted.model_fields_set), merges=True), voice)

    def upsert(self, caller: Editor, body: Body, voice: Speaking) -> Response:
        """Create one, or update the one that has its name: what is not said stays, tags are added."""
        wanted = read(self.of.wanted, body)

        def attempt() -> Response:
            before = self.of.namesake(caller.work, wanted)
            said = frozenset(wanted.model_fields_set) - (self.of.settled if before else frozenset())
            change = Change(before, said, merges=True, version=before.version if before else None)
            try:
                return self._saved(caller, wanted, change, voice)
            except Taken as error:
                if before is None and self.of.namesake(caller.work, wanted):
                    raise Stale("it was created meanwhile") from error
                raise

        return anew(attempt)

    def read_one(
        self,
        caller: Viewer,
        ref: str,
        voice: Speaking,
        fields: FieldsWanted = None,
        include: Including = Include.PRESENT,
    ) -> Response:
        """Read one."""
        wanted = say.read_fields(fields, self.of.type_name)
        found = self.of.find(caller.work, ref, include)
        answer = told(say.told_of(caller.work, found, voice, wanted))
        answer.headers["ETag"] = say.tag_of(found.version)
        return answer

    def patch(self, caller: Editor, ref: str, body: Body, voice: Speaking, if_match: IfMatch = None) -> Response:
        """Change one by JSON Patch, on all that there is to tell of it."""
        steps, version = read(Patch, body).root, say.wanted_version(if_match)

        def attempt() -> Response:
            before = self.of.find(caller.work, ref, Include.PRESENT)
            doc = whole(before, around(caller.work, [before], FIELDS[self.of.type_name]), voice)
            wanted = taken(self.of.said, _said(doc, steps))
            made_from = before.version if version is None else version
            change = Change(before, frozenset(wanted.model_fields_set), merges=False, version=made_from)
            return self._saved(caller, wanted, change, voice)

        return anew(attempt) if version is None else attempt()

    def remove(self, caller: Editor, ref: str, how: Annotated[Removing, Query()], voice: Speaking) -> Response:
        """Archive one, or delete it for good; a domain with all that is in it where `recursive` says so."""
        found = self.of.find(caller.work, ref, Include.ALL if how.hardDelete else Include.PRESENT)
        inside = below(caller.work, found) if how.recursive and self.of.type_name == DOMAIN else []
        guids = [found.guid, *(one.guid for one in inside if how.hardDelete or one.status is Status.ACTIVE)]
        removal = Removal.PURGE if how.hardDelete else Removal.SOFT
        told_before = say.told_of(caller.work, found, voice, ()) if how.hardDelete else {}
        mutation = delete(caller.work, guids, removal, within=caller.within)
        if how.hardDelete:
            return _gone(told_before | ({"deleted": True} if "deleted" in told_before else {}), say.DELETED)
        gone = next((one for one in mutation.deleted if one.guid == found.guid), found)
        return _gone(say.told_of(caller.work, gone, voice, ()), say.ARCHIVED)

    def remove_later(self, caller: Editor, ref: str, how: Annotated[Removing, Query()], voice: Speaking) -> Response:
        """Delete one as `DELETE` does, for clients that would wait for it elsewhere."""
        self.remove(caller, ref, how, voice)
        return _job("deleted")

    def restore(
        self, caller: Editor, body: Body, voice: Speaking, *, later: Annotated[bool, Query(alias="async")] = False
    ) -> Response:
        """Bring an archived one back, and with a domain what was archived together with it."""
        wanted = read(Restored, body)
        found = self.of.find(caller.work, wanted.id, Include.ALL)
        inside = below(caller.work, found) if self.of.type_name == DOMAIN else []
        together = [one for one in (found, *inside) if _went_with(one, found)]
        commands = [Command(one.key.type_name, one.guid, status=Status.ACTIVE, alone=True) for one in together]
        with placed({}):
            save(caller.work, commands, within=caller.within)
        if later:
            return _job("restored")
        back = self.of.find(caller.work, found.guid, Include.PRESENT)
        return say.answered_with(caller.work, back, voice, say.RESTORED if commands else say.UNCHANGED)

    def _saved(self, caller: Caller, wanted: Any, change: Change, voice: Voice) -> Response:
        command = self.of.command(caller.work, wanted, change)
        with placed(PLACES):
            mutation = save(caller.work, [command], within=caller.within)
        if mutation.created:
            return say.answered_with(caller.work, mutation.created[0], voice, say.CREATED, status=201)
        if change.before is None:
            raise missing(self.of.kind, str(wanted.name))
        after = next((one for one in mutation.updated if one.guid == change.before.guid), change.before)
        changed = after.version != change.before.version
        return say.answered_with(caller.work, after, voice, say.UPDATED if changed else say.UNCHANGED)


def anew(attempt: Callable[[], Response]) -> Response:
    """Return what an attempt comes to: made again, on what is there by then, when others wrote the same meanwhile.

    Raises:
        Conflict: they keep writing it.
    """
    try:
        return in_turn(Stale)(attempt)
    except Stale as error:
        raise Conflict("others keep writing this", hint="send it again") from error


def _said(doc: dict[str, Any], steps: list[Operation]) -> dict[str, Any]:
    """Return what a patch says: each property that it leaves otherwise than it was, None for what it takes away."""
    after = patched(doc, steps)
    both = [name for name in dict.fromkeys((*doc, *after)) if name not in SERVER]
    names = [name for name in both if not same(doc.get(name), after.get(name))]
    said = {name: after.get(name) for name in names}
    if isinstance(said.get("extension", {}), dict | None) and "extension" in said:
        said["extension"] = _free(doc.get("extension") or {}, said["extension"] or {}, steps)
    return said


def _free(before: dict[str, Any], after: dict[str, Any], steps: list[Operation]) -> dict[str, Any]:
    """Return the free properties, the selection only where it is another: leaving it out does not take it away."""
    others = {name: value for name, value in after.items() if name != SELECTION}
    removed = any(one.path == f"/extension/{SELECTION}" and one.op == "remove" for one in steps)
    if removed or not same(after.get(SELECTION, before.get(SELECTION)), before.get(SELECTION)):
        return {**others, SELECTION: after.get(SELECTION)}
    return others


def _went_with(one: Entity, home: Entity) -> bool:
    """Whether something was archived together with a domain, or is what is to be restored itself."""
    return one.status is Status.DELETED and (one.guid == home.guid or one.updated_at == home.updated_at)


def _gone(doc: dict[str, Any], change: str) -> Response:
    answer = told(doc)
    answer.headers[say.CHANGE] = change
    return answer


def _job(done: str) -> Response:
    return told({"jobId": str(uuid4()), "message": f"it is {done}"}, 202)
