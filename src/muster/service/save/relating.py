"""Relationships: whichever side a request states them from, the side that keeps them is written."""

from collections.abc import Callable, Collection, Sequence

from rapidfuzz import process

from muster.catalog.entity import Key
from muster.catalog.schema import Relation, is_exclusive, relation, relations
from muster.catalog.types import ancestors
from muster.errors import InvalidInput
from muster.service.save.commands import Command, Ref
from muster.service.save.resolving import resolve
from muster.service.save.working import Desk

ALIKE = 70
"""How alike two names must be, of 100, for one to be suggested in place of the other."""


def relate(desk: Desk, guid: str, command: Command) -> None:
    """Let the relationships of the copy of a guid be what a command says.

    Raises:
        InvalidInput: the type has no such relationship, it holds one entity and several are named, or one is not of the
            type that it holds.
        NotFound: an entity that the command names is not there.
    """
    parts = (
        (command.relating.set_, "attributes", _replaced),
        (command.relating.added, "appendRelationshipAttributes", _extended),
        (command.relating.removed, "removeRelationshipAttributes", _reduced),
    )
    for stated, place, change in parts:
        for name, refs in stated.items():
            path = f"{command.path}/{place}/{name}"
            side = _side(command.type_name, name, path)
            _write(desk, guid, side, _keys(desk, side, refs, path), change)


def _replaced(_: Sequence[Key], keys: Sequence[Key], __: Relation) -> Sequence[Key]:
    return keys


def _extended(held: Sequence[Key], keys: Sequence[Key], side: Relation) -> Sequence[Key]:
    return (*held, *keys) if side.many else keys or held


def _reduced(held: Sequence[Key], keys: Sequence[Key], _: Relation) -> Sequence[Key]:
    return [key for key in held if key not in set(keys)]


_Change = Callable[[Sequence[Key], Sequence[Key], Relation], Sequence[Key]]


def _write(desk: Desk, guid: str, side: Relation, keys: Sequence[Key], change: _Change) -> None:
    """Write a relationship to whoever keeps it; between equals that is either of them."""
    own = desk.get(guid).named(side.name) if side.owner else ()
    others = () if side.owner and side.inverse != side.name else _holding(desk, guid, side.inverse or "", keys)
    wanted = change(tuple(dict.fromkeys((*own, *others))), keys, side)
    if side.owner:
        desk.relate(guid, side.name, [key for key in wanted if key not in others])
        if is_exclusive(side):
            _take(desk, guid, side.name, wanted)
    else:
        _tell(desk, guid, side.inverse or "", [key for key in wanted if key not in others], dropped=False)
    _tell(desk, guid, side.inverse or "", [key for key in others if key not in set(wanted)], dropped=True)


def _take(desk: Desk, guid: str, name: str, keys: Collection[Key]) -> None:
    """Take what only one may name away from whoever named it before."""
    for key in keys:
        for holder in desk.holders(key, name):
            if holder.guid != guid:
                desk.relate(holder.guid, name, [held for held in holder.named(name) if held != key])


def _holding(desk: Desk, guid: str, name: str, keys: Collection[Key]) -> tuple[Key, ...]:
    """Return who names the copy of a guid: those that are remembered, and those of these keys that do."""
    own = desk.get(guid).key
    stating = [key for key in keys if (found := desk.at(key)) and own in found.named(name)]
    return tuple(dict.fromkeys((*(one.key for one in desk.holders(own, name)), *stating)))


def _tell(desk: Desk, guid: str, name: str, keys: Collection[Key], *, dropped: bool) -> None:
    """Let others name the copy of a guid, or name it no longer; who holds one entity drops the one before."""
    own = desk.get(guid).key
    for key in keys:
        other = desk.at(key)
        back = relation(key.type_name, name)
        if other is None or back is None:
            continue
        kept = [named for named in other.named(name) if named != own] if dropped or back.many else []
        if desk.relate(other.guid, name, kept if dropped else [*kept, own]):
            desk.related.add(guid)


def _side(type_name: str, name: str, path: str) -> Relation:
    found = relation(type_name, name)
    if found is None:
        near = process.extractOne(name, relations(type_name).keys(), score_cutoff=ALIKE)
        raise InvalidInput(
            f"a {type_name} has no relationship `{name}`",
            path=path,
            hint=f"did you mean `{near[0]}`?" if near else "leave it out",
        )
    return found


def _keys(desk: Desk, side: Relation, refs: Sequence[Ref], path: str) -> list[Key]:
    """Return the keys of the entities that references mean, each once."""
    if not side.many and len(refs) > 1:
        raise InvalidInput(f"`{side.name}` holds one entity, not {len(refs)}", path=path, hint="name one")
    paths = [f"{path}/{place}" if side.many else path for place in range(len(refs))]
    found = [_key(desk, side, ref, at) for ref, at in zip(refs, paths, strict=True)]
    return list(dict.fromkeys(found))


def _key(desk: Desk, side: Relation, ref: Ref, path: str) -> Key:
    key = resolve(desk, ref, path).key
    if side.target not in {key.type_name, *ancestors(key.type_name)}:
        raise InvalidInput(
            f"`{side.name}` holds a {side.target}, and `{key.qualified_name}` is a {key.type_name}",
            path=ref.path or path,
        )
    return key
