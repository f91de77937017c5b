"""Which entity each command is about: one that is stored, one that the request makes, or one it made before."""

import re
from dataclasses import replace
from uuid import uuid4

from muster.catalog.entity import EntityDraft, Key, Status
from muster.errors import InvalidInput, NotFound, Stale
from muster.service.save.commands import Command
from muster.service.save.naming import GENERATED
from muster.service.save.rules.contracts import CONTRACT, version_for
from muster.service.save.working import Desk, Working, made

_FRIENDLY = re.compile(r"default/(domain|product)/[^/]+(/super)?")
NAMED_HERE = GENERATED | {CONTRACT}
"""The types whose qualified names are made here, whatever a client sends beside the guid."""


def is_placeholder(guid: str | None) -> bool:
    """Whether a guid is none but the name of an entity within one request."""
    return guid is not None and guid.startswith("-")


def match(desk: Desk, command: Command) -> Working:
    """Return the copy that a command is about, laid on the desk; a new entity is empty yet.

    Raises:
        NotFound: no entity has the guid.
        InvalidInput: the entity is of another type or has another qualified name, or a new one lacks its qualified name.
        Stale: it is at another version than the command was made from.
    """
    found = _by_guid(desk, command) or _by_name(desk, command) or _new(desk, command)
    _refuse_other_type(found, command)
    _refuse_stale(found, command)
    if command.guid is not None and is_placeholder(command.guid):
        desk.placeholders[command.guid] = found.guid
    selection = command.selection or found.selection
    subject = replace(found, path=command.path, selection=selection, alone=found.alone or command.alone)
    desk.put(subject)
    desk.subjects[subject.guid] = None
    return subject


def _by_guid(desk: Desk, command: Command) -> Working | None:
    if command.guid is None:
        return None
    if is_placeholder(command.guid):
        guid = desk.placeholders.get(command.guid)
        return None if guid is None else desk.get(guid)
    found = desk.of(command.guid)
    if found is None:
        raise NotFound(
            f"there is no entity `{command.guid}`",
            path=f"{command.path}/guid",
            hint="leave the guid out, or begin it with `-`, to name the entity by type and qualified name",
        )
    _refuse_other_name(found, command)
    return found


def _refuse_other_type(found: Working, command: Command) -> None:
    if found.key.type_name != command.type_name:
        raise InvalidInput(
            f"`{found.guid}` is a {found.key.type_name}, not a {command.type_name}", path=f"{command.path}/typeName"
        )


def _refuse_stale(found: Working, command: Command) -> None:
    if command.version is not None and found.stored is not None and found.stored.version != command.version:
        raise Stale(
            f"`{found.guid}` is at version {found.stored.version}, not {command.version}",
            path=command.path or None,
            hint="read it again, and repeat the change on what is there now",
        )


def _refuse_other_name(found: Working, command: Command) -> None:
    name = command.qualified_name
    if name not in {None, found.key.qualified_name} and command.type_name not in NAMED_HERE:
        raise InvalidInput(
            f"`{found.guid}` is `{found.key.qualified_name}`, and keeps that qualified name",
            path=f"{command.path}/attributes/qualifiedName",
            hint="create another entity, and delete this one",
        )


def _by_name(desk: Desk, command: Command) -> Working | None:
    """Find a command's entity by what it says; one that is archived only to revive it."""
    if command.qualified_name is None:
        return None
    key = Key(command.type_name, command.qualified_name)
    friend = desk.befriended.get(key) if is_friendly(command.qualified_name) else None
    found = desk.at(key) or (desk.get(friend) if friend else None)
    revives = command.status is Status.ACTIVE
    return found if found is not None and (found.status is Status.ACTIVE or revives) else None


def is_friendly(name: str) -> bool:
    """Whether a command may mean what is there by a friendly name: creators send names of products below domains."""
    return _FRIENDLY.fullmatch(name) is not None


def _new(desk: Desk, command: Command) -> Working:
    """Make a new entity; of the types whose names are generated it has its guid for a name until then.

    A name that an archived entity has is taken over with that entity's guid, and with nothing else of it.
    """
    if command.type_name == CONTRACT:
        return version_for(desk, command)
    guid, name = str(uuid4()), command.qualified_name
    if command.type_name in GENERATED:
        desk.wanted |= {guid: name} if name else {}
        return Working(EntityDraft(Key(command.type_name, guid), {}, guid=guid), fresh=True)
    if name is None:
        raise InvalidInput(
            f"a new {command.type_name} needs a `qualifiedName`", path=f"{command.path}/attributes/qualifiedName"
        )
    return made(desk, Key(command.type_name, name), guid)
