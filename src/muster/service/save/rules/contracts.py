"""Data contracts: versions of one asset's contract, of which the asset names the latest and the latest certified one.

A contract is sent for `<asset>/contract`. While the latest version is a draft it is that version which changes; after
it was verified, whatever differs from it makes the next one. Draft or verified says the `status` in the contract itself.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from muster.catalog.entity import Key, Status
from muster.errors import InvalidInput, NotFound
from muster.service.save.commands import Command
from muster.service.save.working import Desk, Working, made

CONTRACT = "DataContract"
LATEST = "dataContractLatest"
CERTIFIED = "dataContractLatestCertified"
PREVIOUS = "dataContractPreviousVersion"
VERSION = "dataContractVersion"
ASSET = "dataContractAssetGuid"
BODIES = ("dataContractJson", "dataContractSpec")
VERIFIED = "VERIFIED"
MOST_DIGITS = 4
"""Of the number of a version."""

_VERSIONED = re.compile(r"(?P<asset>.+)/(?P<type>[A-Za-z0-9]+)/contract/V[0-9]+", re.DOTALL)
_WORD = re.compile("[A-Za-z0-9]+")
_LINES = {name: re.compile(rf"^{name}:[ \t]*[\"']?([A-Za-z0-9]+)", re.MULTILINE) for name in ("status", "type")}


def asset_key(command: Command) -> Key | None:
    """Return the key of the asset that a contract is about; its type is empty where nothing tells that."""
    name = command.qualified_name or ""
    if command.type_name != CONTRACT:
        return None
    if versioned := _VERSIONED.fullmatch(name):
        return Key(versioned["type"], versioned["asset"])
    asset = name.removesuffix("/contract")
    return Key(_stated(command.attributes, "type") or "", asset) if asset and asset != name else None


def version_keys(asset: Working) -> Iterator[Key]:
    """Yield the keys of all versions of an asset's contract, and of the one that would be next."""
    latest = asset.one(LATEST)
    last = "" if latest is None else latest.qualified_name.removeprefix(version_key(asset.key, "").qualified_name)
    numbers = range(1, int(last) + 2) if last.isdecimal() and len(last) <= MOST_DIGITS else range(1, 2)
    yield from (version_key(asset.key, number) for number in numbers)


def version_key(asset: Key, number: int | str) -> Key:
    """Return the key of one version of the contract of an asset."""
    return Key(CONTRACT, f"{asset.qualified_name}/{asset.type_name}/contract/V{number}")


def version_for(desk: Desk, command: Command) -> Working:
    """Return the version of a contract that a command is about: the latest, or a new one after it.

    Raises:
        InvalidInput: the qualified name is not that of a contract.
        NotFound: there is no such asset.
    """
    asset = _asset(desk, command)
    key = asset.one(LATEST)
    latest = None if key is None else desk.at(key)
    if latest is not None and (not is_verified(latest.draft.attributes) or _repeats(latest, command)):
        return latest
    number = 1 if latest is None else int(latest.draft.attributes.get(VERSION, 1)) + 1
    version = made(desk, version_key(asset.key, number), str(uuid4()))
    version = version.with_attributes({VERSION: number, ASSET: asset.guid})
    desk.put(version if latest is None else version.naming(PREVIOUS, [latest.key]))
    desk.relate(asset.guid, LATEST, [version.key])
    return desk.get(version.guid)


def _asset(desk: Desk, command: Command) -> Working:
    path, key = f"{command.path}/attributes/qualifiedName", asset_key(command)
    if key is None:
        raise InvalidInput(
            "a data contract needs the qualified name of its asset", path=path, hint="send `<asset>/contract`"
        )
    found = desk.at(desk.contracted.get(key, key))
    if found is None or found.status is not Status.ACTIVE:
        raise NotFound(
            f"there is no asset `{key.qualified_name}` for the data contract",
            path=path,
            hint="send `<qualified name of the asset>/contract`, and its type as `type` in the contract",
        )
    return found


def _repeats(latest: Working, command: Command) -> bool:
    """Whether a command says nothing new of a version."""
    said = {name: command.attributes[name] for name in BODIES if command.attributes.get(name)}
    return all(latest.draft.attributes.get(name) == value for name, value in said.items())


def contract(desk: Desk, working: Working) -> Working:
    """Let the asset of a version name it, when it is the latest, and when it is verified."""
    said = {name: working.draft.attributes.get(name) for name in BODIES}
    changed = [name for name in BODIES if said[name] and said[name] != working.before.get(name)]
    if len(changed) == 1 and working.before:
        working = working.with_attributes({name: None for name in BODIES if name not in changed})
    asset = desk.of(str(working.draft.attributes.get(ASSET)))
    if asset is not None and working.status is Status.ACTIVE:
        desk.put(working)
        _point(desk, asset, LATEST, working)
        if is_verified(working.draft.attributes):
            _point(desk, asset, CERTIFIED, working)
        desk.put(desk.get(asset.guid).with_attributes({"hasContract": True}))
    return working


def _point(desk: Desk, asset: Working, name: str, version: Working) -> None:
    """Let an asset name a version, unless it names a later one."""
    key = asset.one(name)
    other = None if key is None else desk.at(key)
    if other is None or _number(other) <= _number(version) or other.status is not Status.ACTIVE:
        desk.relate(asset.guid, name, [version.key])


def release(desk: Desk, asset: Working) -> None:
    """Let an asset name the latest versions that remain ACTIVE, or none."""
    remaining = sorted(
        (one for key in version_keys(asset) if (one := desk.at(key)) and one.status is Status.ACTIVE), key=_number
    )
    verified = [one for one in remaining if is_verified(one.draft.attributes)]
    desk.relate(asset.guid, LATEST, [one.key for one in remaining[-1:]])
    desk.relate(asset.guid, CERTIFIED, [one.key for one in verified[-1:]])
    desk.put(desk.get(asset.guid).with_attributes({"hasContract": bool(remaining)}))


def _number(version: Working) -> int:
    return int(version.draft.attributes.get(VERSION, 0))


def is_verified(attributes: Any) -> bool:
    """Whether a contract says that it is verified."""
    return (_stated(attributes, "status") or "").upper() == VERIFIED


def _stated(attributes: Any, name: str) -> str | None:
    """Return what a contract says of itself, in JSON or in YAML."""
    text, spec = (attributes.get(body) for body in BODIES)
    if isinstance(text, str) and text:
        try:
            said = json.loads(text)
        except ValueError:
            return None
        value = said.get(name) if isinstance(said, dict) else None
        return value if isinstance(value, str) and _WORD.fullmatch(value) else None
    found = _LINES[name].search(spec) if isinstance(spec, str) else None
    return found[1] if found else None
