"""Read what a request needs, all of it in a few questions to the record, whatever the number of its commands."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from muster.catalog.entity import Entity, Key
from muster.catalog.schema import Relation, is_exclusive, relation
from muster.errors import NotFound
from muster.service.domains import DOMAIN, PRODUCT, befriended
from muster.service.save.commands import Command, Ref
from muster.service.save.matching import is_friendly, is_placeholder
from muster.service.save.naming import PARENTS, has_moved
from muster.service.save.resolving import meant
from muster.service.save.rules import contracts
from muster.service.save.working import Desk, Working
from muster.service.workspace import Workspace

EVERY = 1 << 40
"""More links than anything has: where relationships are replaced, all that there are must be known."""


def load(work: Workspace, commands: Sequence[Command]) -> Desk:
    """Return a desk with everything that commands name: their entities, those they refer to, and what these bring.

    Raises:
        Conflict: a friendly name means several domains or products.
        EngineUnavailable: a friendly name is used, and the index cannot be asked.
    """
    desk = Desk()
    refs = [ref for command in commands for ref in references(command)]
    stated = [*(command.guid for command in commands), *(ref.guid for ref in refs)]
    guids = {guid for guid in stated if guid and not is_placeholder(guid)}
    keys = {key for command in commands for key in _keys(command)} | {key for ref in refs for key in _key(ref)}
    desk.take(work.record.find(list(guids), list(keys)))
    _befriend(work, desk, commands, refs)
    about = {key for command in commands if (key := contracts.asset_key(command))}
    load_versions(work, desk, {_contracted(work, desk, key) for key in about})
    _load_ancestors(work, desk)
    return desk


def references(command: Command) -> Iterator[Ref]:
    """Yield every reference of a command."""
    relating = command.relating
    for part in (relating.set_, relating.added, relating.removed):
        for refs in part.values():
            yield from refs


def _keys(command: Command) -> Iterator[Key]:
    if command.qualified_name:
        yield Key(command.type_name, command.qualified_name)
    if key := contracts.asset_key(command):
        yield key


def _key(ref: Ref) -> Iterator[Key]:
    if ref.qualified_name:
        yield Key(ref.type_name, ref.qualified_name)


def _befriend(work: Workspace, desk: Desk, commands: Sequence[Command], refs: Iterable[Ref]) -> None:
    """Find out what friendly names mean that no entity has for a qualified name."""
    keys = {Key(command.type_name, command.qualified_name or "") for command in commands if _may_be_friendly(command)}
    for key in keys | {key for ref in refs for key in _key(ref) if ref.type_name in {DOMAIN, PRODUCT}}:
        if desk.at(key) is None and (found := befriended(work, key)):
            desk.take([found])
            desk.befriended[key] = found.guid


def _may_be_friendly(command: Command) -> bool:
    named_by_guid = command.guid is not None and not is_placeholder(command.guid)
    return not named_by_guid and is_friendly(command.qualified_name or "")


def _contracted(work: Workspace, desk: Desk, key: Key) -> Key:
    """Return the key of a contract's asset; where no entity has the type that it tells, the qualified name decides."""
    if desk.at(key) is None:
        try:
            found = work.record.entity(key.qualified_name)
        except NotFound:
            return key
        desk.take([found])
        desk.contracted[key] = found.key
    return desk.contracted.get(key, key)


def load_versions(work: Workspace, desk: Desk, about: Collection[Key] = ()) -> None:
    """Bring the assets of contracts, and all versions of an asset's contract, also of those that a contract is about."""
    held = {working.guid: working for working in desk if working.key.type_name == contracts.CONTRACT}
    guids = {str(working.draft.attributes.get(contracts.ASSET)) for working in held.values()}
    if guids:
        desk.take(work.record.find(list(guids), []))
    keys = {
        key
        for working in desk
        if working.key in about or _has_contract(working, guids)
        for key in contracts.version_keys(working)
    }
    if keys:
        desk.take(work.record.find([], list(keys)))


def _has_contract(working: Working, guids: Collection[str]) -> bool:
    return working.guid in guids or working.one(contracts.LATEST) is not None


def _load_ancestors(work: Workspace, desk: Desk) -> None:
    """Bring every domain above the domains and products on the desk: one of them may be moved below another."""
    wanted = {key for working in desk for key in _above(working) if desk.at(key) is None}
    if wanted:
        desk.take(work.record.find([], list(wanted)))


def _above(working: Working) -> Iterator[Key]:
    if working.key.type_name in {DOMAIN, PRODUCT}:
        parts = working.key.qualified_name.split("/")
        yield from (Key(DOMAIN, "/".join(parts[:end])) for end in range(4, len(parts), 2))


def load_holders(work: Workspace, desk: Desk, matched: Iterable[tuple[Command, str]]) -> None:
    """Bring who names the commands' entities under relationships that others keep, where all of those are replaced.

    And who names the one that only one may name, which a command is about to name.
    """
    wanted = {
        (stored.ordinal, side.inverse or ""): desk.get(guid).key
        for command, guid in matched
        if (stored := desk.get(guid).stored)
        for side in _kept_elsewhere(command)
    }
    wanted |= {
        (claimed.stored.ordinal, name): claimed.key
        for command, _ in matched
        for name, claimed in _claimed(desk, command)
        if claimed.stored
    }
    ordinals = sorted({ordinal for ordinal, _ in wanted})
    links = work.record.links(ordinals, limit=EVERY) if ordinals else []
    links = [link for link in links if (link.target, link.name) in wanted]
    sources = _by_ordinal(work, desk, {link.source for link in links})
    for link in links:
        if link.source in sources:
            desk.hold(wanted[link.target, link.name], link.name, sources[link.source].guid)


def _kept_elsewhere(command: Command) -> Iterator[Relation]:
    """Yield the relationships of a command that others keep, or may keep, as far as all of those must be known."""
    relating = command.relating
    for name in dict.fromkeys((*relating.set_, *relating.added, *relating.removed)):
        side = relation(command.type_name, name)
        replaces = name in relating.set_ or name in relating.added
        if side is not None and (side.inverse == name or (replaces and not side.owner)):
            yield side


def _claimed(desk: Desk, command: Command) -> Iterator[tuple[str, Working]]:
    """Yield what a command names that only one may name, with the name of the relationship."""
    for stated in (command.relating.set_, command.relating.added):
        for name, refs in stated.items():
            side = relation(command.type_name, name)
            if side is not None and is_exclusive(side):
                yield from ((name, found) for ref in refs if (found := meant(desk, ref)))


def _by_ordinal(work: Workspace, desk: Desk, ordinals: Collection[int]) -> dict[int, Entity]:
    """Bring entities by ordinal and return them; those that are gone meanwhile are left out."""
    found = work.record.entities(sorted(ordinals))
    desk.take(found)
    return {entity.ordinal: entity for entity in found}


def load_moved(work: Workspace, desk: Desk) -> None:
    """Bring everything below the domains that move: it moves with them."""
    below = {working.stored.ordinal for working in desk if working.stored and _moves(working)}
    seen: set[int] = set()
    while below:
        seen |= below
        sources = {
            link.source for link in work.record.links(sorted(below), limit=EVERY) if link.name in PARENTS.values()
        }
        found = _by_ordinal(work, desk, sources - seen)
        below = {ordinal for ordinal, entity in found.items() if entity.key.type_name == DOMAIN}


def _moves(working: Working) -> bool:
    return working.key.type_name == DOMAIN and has_moved(working)


def load_naming(work: Workspace, desk: Desk, keys: Collection[Key]) -> None:
    """Bring everything that names entities whose keys change."""
    stored = [found.stored.ordinal for key in keys if (found := desk.at(key)) and found.stored]
    if stored:
        _by_ordinal(work, desk, {link.source for link in work.record.links(stored, limit=EVERY)})


def load_keys(work: Workspace, desk: Desk, keys: Collection[Key]) -> None:
    """Bring the entities of keys that are not on the desk."""
    wanted = [key for key in keys if desk.at(key) is None]
    if wanted:
        desk.take(work.record.find([], wanted))
