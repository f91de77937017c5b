"""What a command says of attributes, as it is to be kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from muster.catalog.entity import Status
from muster.catalog.validate import validate
from muster.errors import InvalidInput
from muster.service.domains import DOMAIN, PRODUCT
from muster.service.save.commands import Command, Ref
from muster.service.save.naming import CATEGORY, GLOSSARY
from muster.service.save.rules.contracts import ASSET, CONTRACT, VERSION
from muster.service.save.rules.domains import ABOVE
from muster.service.save.rules.marks import STAMPS
from muster.service.save.rules.products import PORTS
from muster.service.save.working import TERM, Working

KNOWN_HERE: Mapping[str, frozenset[str]] = {
    DOMAIN: STAMPS | ABOVE,
    PRODUCT: STAMPS | ABOVE,
    CONTRACT: STAMPS | {VERSION, ASSET},
}
"""Attributes that are worked out, by type: whoever read an entity sends them back."""

USUAL = STAMPS | {"qualifiedName", "hasContract"}

NAMED = frozenset({DOMAIN, PRODUCT, GLOSSARY, TERM, CATEGORY})
"""Types of which nothing but the name tells people which is which."""


def stated(working: Working, command: Command) -> Working:
    """Return a copy with the attributes and the status of a command: None and an empty list take a value away.

    Raises:
        InvalidInput: a value that the attribute may not hold, or a new entity without the name that it needs.
    """
    worked_out = KNOWN_HERE.get(command.type_name, frozenset()) | USUAL
    said = {name: value for name, value in command.attributes.items() if name not in worked_out}
    if working.fresh:
        said = {name: value for name, value in said.items() if value not in (None, [])}
    kept = validate(command.type_name, said, f"{command.path}/attributes")
    after = working.with_attributes({name: None if value == [] else value for name, value in kept.items()})
    if working.key.type_name in NAMED and not after.draft.attributes.get("name"):
        raise InvalidInput(f"a {command.type_name} needs a name", path=f"{command.path}/attributes/name")
    return replace(after, status=Status.ACTIVE if command.status is Status.ACTIVE else after.status)


def with_ports(command: Command) -> Command:
    """Return a command that states the ports of a product as relationships, also where it lists their guids only.

    Raises:
        InvalidInput: such a list is none of texts.
    """
    lists = {listed: name for name, listed in PORTS.items() if listed in command.attributes}
    if command.type_name != PRODUCT or not lists:
        return command
    guids = {listed: command.attributes[listed] or [] for listed in lists}
    checked = validate(PRODUCT, guids, f"{command.path}/attributes")
    refs = {lists[listed]: _refs(values, f"{command.path}/attributes/{listed}") for listed, values in checked.items()}
    others = {name: value for name, value in command.attributes.items() if name not in lists}
    relating = replace(command.relating, set_={**refs, **command.relating.set_})
    return replace(command, attributes=others, relating=relating)


def without_known_ports(command: Command, working: Working) -> Command:
    """Return a command without the ports that a product lists already: some of these may have been purged since."""
    known = {name: working.before.get(listed) for name, listed in PORTS.items()}
    stated = command.relating.set_
    kept = {name: refs for name, refs in stated.items() if not refs or [one.guid for one in refs] != known.get(name)}
    return command if len(kept) == len(stated) else replace(command, relating=replace(command.relating, set_=kept))


def _refs(guids: Any, path: str) -> tuple[Ref, ...]:
    return tuple(Ref("Asset", guid, path=f"{path}/{place}") for place, guid in enumerate(guids))
