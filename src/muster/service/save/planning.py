"""From commands to one transaction: read, match, apply, hold to the rules, name, and see what differs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from muster.catalog.entity import Entity, Key
from muster.catalog.writing import Write
from muster.errors import Forbidden
from muster.service.domains import DOMAIN, PRODUCT
from muster.service.save.commands import Command
from muster.service.save.customizing import customized
from muster.service.save.loading import load, load_holders, load_keys, load_moved, load_naming
from muster.service.save.matching import is_placeholder, match
from muster.service.save.naming import CATEGORY, PARENTS, has_moved, names, parent_of, rename
from muster.service.save.relating import relate
from muster.service.save.rules.contracts import ASSET, CONTRACT, contract
from muster.service.save.rules.domains import housed, placed
from muster.service.save.rules.glossaries import anchored
from muster.service.save.rules.marks import stamped
from muster.service.save.rules.products import PORTS, completed, ported, selecting
from muster.service.save.stating import stated, with_ports, without_known_ports
from muster.service.save.tagging import tagged
from muster.service.save.working import TERM, Desk, Working
from muster.service.workspace import Workspace

Rule = Callable[[Desk, Working], Working]

RULES: Mapping[str, tuple[Rule, ...]] = {
    DOMAIN: (housed,),
    PRODUCT: (completed, housed, ported),
    TERM: (anchored,),
    CATEGORY: (anchored,),
    CONTRACT: (contract,),
}
"""What holds for the entities of a type, in order."""

CHILDREN: Mapping[str, str] = {
    DOMAIN: "parentDomain",
    PRODUCT: "dataDomain",
    "Schema": "database",
    "Table": "atlanSchema",
    "View": "atlanSchema",
    "MaterialisedView": "atlanSchema",
    "Column": "table",
    "Readme": "asset",
    "Link": "asset",
}
"""By type, the relationship to the parent that Atlan's clients expect among what a new entity updated."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a request comes to: writes, and the guids of what it creates, updates and names by placeholders.

    `renamed` are the ordinals of those that get another key.
    """

    writes: tuple[Write, ...]
    renamed: tuple[int, ...]
    created: tuple[str, ...]
    updated: tuple[str, ...]
    assigned: Mapping[str, str]


def plan(work: Workspace, commands: Sequence[Command], *, within: Sequence[str], at: int) -> Plan:
    """Return what commands come to, as the record is now; nothing is written.

    Raises:
        InvalidInput, NotFound, Conflict: as the parts of this folder raise them, with the path in the request.
        Forbidden: something outside the domains `within` would be written.
    """
    commands = [with_ports(command) for command in commands]
    desk = load(work, commands)
    subjects = [(command, match(desk, command)) for command in commands]
    matched = [(without_known_ports(command, subject), subject.guid) for command, subject in subjects]
    load_holders(work, desk, matched)
    known = work.record.typedefs()
    for command, guid in matched:
        working = stated(desk.get(guid), command)
        desk.put(customized(tagged(working, command, known), command, known))
        relate(desk, guid, command)
    _hold_to_rules(work, desk, at)
    written = [working for working in desk if working.changed]
    _rename(work, desk)
    refuse_outside((desk.get(working.guid) for working in written), within)
    return _planned(desk, {c.guid: guid for c, guid in matched if c.guid and is_placeholder(c.guid)})


def _hold_to_rules(work: Workspace, desk: Desk, at: int) -> None:
    touched = desk.subjects | dict.fromkeys(working.guid for working in desk if working.changed)
    load_keys(work, desk, {key for guid in touched for name in PORTS for key in desk.get(guid).named(name)})
    load_keys(work, desk, {key for guid in touched for key in _homes(desk.get(guid))})
    for guid in touched:
        for rule in RULES.get(desk.get(guid).key.type_name, ()):
            desk.put(rule(desk, desk.get(guid)))
        working = stamped(desk.get(guid), by=work.by, at=at)
        desk.put(selecting(working, work.limits) if working.key.type_name == PRODUCT else working)


def _homes(working: Working) -> Iterable[Key]:
    return working.named(PARENTS.get(working.key.type_name, ""))


def _rename(work: Workspace, desk: Desk) -> None:
    """Give new entities their names, and those that move, with everything below and whoever names them."""
    load_moved(work, desk)
    renamed = names(desk)
    load_naming(work, desk, renamed.keys())
    rename(desk, renamed)
    for working in desk:
        if working.key.type_name in {DOMAIN, PRODUCT}:
            desk.put(placed(working))


def refuse_outside(written: Iterable[Working], within: Sequence[str]) -> None:
    """See that whoever is bound to domains writes there only: where an entity was, and where it shall be.

    Raises:
        Forbidden: something is outside.
    """
    for working in written if within else ():
        for key in {working.key, *([working.stored.key] if working.stored else [])}:
            _refuse_key(key, within, working.path)


def refuse_elsewhere(entity: Entity, within: Sequence[str]) -> None:
    """See that an entity is in the domains that a caller may write in.

    Raises:
        Forbidden: it is not.
    """
    if within:
        _refuse_key(entity.key, within, "")


def _refuse_key(key: Key, within: Sequence[str], path: str) -> None:
    if not is_within(key, within):
        raise Forbidden(
            f"the {key.type_name} `{key.qualified_name}` is outside the domains of this token",
            path=path or None,
            hint=f"it may write at or below {', '.join(f'`{name}`' for name in within)}",
        )


def is_within(key: Key, domains: Iterable[str]) -> bool:
    """Whether an entity is at or below one of these domains."""
    return any(key.qualified_name == name or key.qualified_name.startswith(f"{name}/") for name in domains)


def _planned(desk: Desk, assigned: Mapping[str, str]) -> Plan:
    changed = {working.guid: working for working in desk if working.changed}
    created = dict.fromkeys(guid for guid in desk.subjects if desk.get(guid).fresh)
    touched = dict.fromkeys(guid for guid in desk.subjects if guid in changed or guid in desk.related)
    parents = dict.fromkeys(parent for guid in created for parent in _parents(desk, desk.get(guid)))
    updated = tuple(guid for guid in touched | parents if guid not in created)
    writes = {**changed, **{home.guid: home for home in _homes_of(desk, changed.values())}}
    renamed = tuple(one.stored.ordinal for one in changed.values() if one.stored and one.key != one.stored.key)
    return Plan(tuple(map(write_of, writes.values())), renamed, tuple(created), updated, assigned)


def _homes_of(desk: Desk, changed: Iterable[Working]) -> Iterable[Working]:
    """Yield the homes of what comes to them: written as they are, they have to be as they were read."""
    for working in changed:
        home = None if (key := parent_of(working)) is None else desk.at(key)
        if home is not None and (
            working.stored is None or working.status is not working.stored.status or has_moved(working)
        ):
            yield home


def _parents(desk: Desk, child: Working) -> Iterable[str]:
    """Yield the guid of the entity that a new one belongs to."""
    key = child.one(CHILDREN.get(child.key.type_name, ""))
    parent = desk.at(key) if key else desk.of(str(child.draft.attributes.get(ASSET, "")))
    if parent is not None and (key or child.key.type_name == CONTRACT):
        yield parent.guid


def write_of(working: Working) -> Write:
    """Return what the record is to store of a copy."""
    stored = working.stored
    return Write(
        working.draft,
        ordinal=stored.ordinal if stored else 0,
        version=stored.version if stored else 0,
        status=working.status,
        selection=working.selection,
        alone=working.alone,
    )
