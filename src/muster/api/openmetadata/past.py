"""The versions of domains and products, and who follows them."""

from dataclasses import dataclass
from typing import Annotated

import orjson
from fastapi import Path, Response

from muster.api.access import Caller
from muster.api.openmetadata import answering as say
from muster.api.openmetadata.collections import Collection
from muster.api.openmetadata.rendering import FIELDS, as_text, shown
from muster.api.openmetadata.versions import history
from muster.api.openmetadata.voice import Speaking
from muster.api.pointing import decode
from muster.api.web import Body, Viewer, told
from muster.catalog.entity import Entity
from muster.catalog.token import Role
from muster.errors import Forbidden, InvalidInput, NotFound
from muster.service import people
from muster.service.mesh import Include
from muster.service.people import Kind

MOST = 1_000
"""Versions that are listed, the newest ones."""

UserId = Annotated[str, Path(max_length=2_600, description="The id of a user.")]


@dataclass(frozen=True, slots=True)
class Past:
    """The routes about one collection's entities as they were, and about who follows them."""

    of: Collection

    def versions(self, caller: Viewer, ref: str, voice: Speaking) -> Response:
        """List the versions, newest first."""
        found = caller.work.record.versions(self._find(caller, ref).guid, limit=MOST)
        type_name, fields = self.of.type_name, FIELDS[self.of.type_name]
        docs = (shown(doc, type_name, fields, voice.form) for doc in history(caller.work, found, voice))
        return told({"entityType": self.of.kind, "versions": [as_text(doc) for doc in docs]})

    def version(self, caller: Viewer, ref: str, version: str, voice: Speaking) -> Response:
        """Read one version."""
        entity, wanted = self._find(caller, ref), say.parsed_version(version)
        found = caller.work.record.versions(entity.guid, limit=2, before=(wanted or 0) + 1)
        if not found or found[0].version != wanted:
            raise NotFound(f"{self.of.kind} instance for {ref} and version {version} not found")
        (doc, *_) = history(caller.work, found, voice)
        return told(shown(doc, self.of.type_name, FIELDS[self.of.type_name], voice.form))

    def follow(self, caller: Viewer, ref: str, body: Body) -> Response:
        """Let a user follow it; the body is the user's id as a JSON text."""
        said = decode(body)
        if not isinstance(said, str):
            raise InvalidInput("the id of a user is expected here", path="", hint="send it as a JSON text")
        entity, name = self._find(caller, ref), _user(caller, said)
        caller.work.record.follow(entity.ordinal, name, at=caller.work.clock())
        return self._event(caller, entity)

    def unfollow(self, caller: Viewer, ref: str, user: UserId) -> Response:
        """Let a user no longer follow it."""
        entity, name = self._find(caller, ref), _user(caller, user)
        caller.work.record.unfollow(entity.ordinal, name)
        return self._event(caller, entity)

    def _find(self, caller: Caller, ref: str) -> Entity:
        return self.of.find(caller.work, ref, Include.ALL)

    def _event(self, caller: Caller, entity: Entity) -> Response:
        event = {"eventType": "entityUpdated", "entityType": self.of.kind, "entityId": entity.guid}
        return Response(orjson.dumps(event | {"timestamp": caller.work.clock()}), media_type="application/json")


def _user(caller: Caller, id_: str) -> str:
    """Return the name of a user; a viewer speaks for nobody else.

    Raises:
        NotFound: there is no such user.
        Forbidden: it is another one, and the caller is a viewer.
    """
    own = caller.token.name
    name = people.by_id(caller.work, Kind.USER, id_, [own]).name
    if name != own and caller.token.role is Role.VIEWER:
        raise Forbidden("a viewer follows for nobody else", hint="use a token with the role `editor`")
    return name
