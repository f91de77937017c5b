"""Working copies: how a request would leave each entity that it touches, before anything is stored."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from muster.catalog.entity import Entity, EntityDraft, Key, Status
from muster.catalog.product import Selection

TERM = "AtlasGlossaryTerm"
MEANINGS = "meanings"


@dataclass(frozen=True, slots=True)
class Working:
    """One entity as a request would leave it.

    The draft has the guid. `stored` is how the entity was read, None for a new one; `fresh` says that the request
    creates it, also where it takes the place of an archived one. `alone` says that nothing beside it may have its name. `path` is that of the last command about it, empty
    when the request does not name it.
    """

    draft: EntityDraft
    stored: Entity | None = None
    status: Status = Status.ACTIVE
    fresh: bool = False
    selection: Selection | None = None
    alone: bool = False
    path: str = ""

    @property
    def guid(self) -> str:
        """The guid, which new entities have from the start."""
        return self.draft.guid or ""

    @property
    def key(self) -> Key:
        """The key that it shall have."""
        return self.draft.key

    @property
    def before(self) -> Mapping[str, Any]:
        """The attributes that it had."""
        return {} if self.stored is None or self.fresh else self.stored.attributes

    @property
    def changed(self) -> bool:
        """Whether anything of it differs from what is stored."""
        stored = self.stored
        return (
            stored is None
            or self.selection is not None
            or _content(self.draft) != _content(stored.draft())
            or (self.status is not stored.status)
        )

    def with_attributes(self, said: Mapping[str, Any]) -> "Working":
        """Return it with these attributes; None takes one away."""
        merged = {**self.draft.attributes, **said}
        kept = {name: value for name, value in merged.items() if value is not None}
        return replace(self, draft=replace(self.draft, attributes=kept))

    def naming(self, name: str, keys: Iterable[Key]) -> "Working":
        """Return it with these entities under a name; terms are kept by their qualified names."""
        unique = tuple(dict.fromkeys(keys))
        if name == MEANINGS:
            return replace(self, draft=replace(self.draft, terms=tuple(key.qualified_name for key in unique)))
        others = {other: found for other, found in self.draft.relationships.items() if other != name}
        relationships = {**others, name: unique} if unique else others
        return replace(self, draft=replace(self.draft, relationships=relationships))

    def named(self, name: str) -> tuple[Key, ...]:
        """Return the entities that it names under a name."""
        if name == MEANINGS:
            return tuple(Key(TERM, term) for term in self.draft.terms)
        return tuple(self.draft.relationships.get(name, ()))

    def one(self, name: str) -> Key | None:
        """Return the one entity that it names under a name."""
        return next(iter(self.named(name)), None)


def copy(entity: Entity) -> Working:
    """Return the working copy of an entity that nothing has changed yet."""
    return Working(entity.draft(), entity, entity.status)


def made(desk: "Desk", key: Key, guid: str) -> Working:
    """Return a new entity; where an archived one has its key, it takes that one's place and guid, and nothing else."""
    archived = desk.at(key)
    if archived is None:
        return Working(EntityDraft(key, {}, guid=guid), fresh=True)
    return replace(archived, draft=EntityDraft(key, {}, guid=archived.guid), status=Status.ACTIVE, fresh=True)


def _content(draft: EntityDraft) -> tuple[Any, ...]:
    """Return what a draft says, apart from its guid: what is empty says nothing."""
    parts = (draft.attributes, draft.relationships, draft.custom, draft.attachments)
    said = tuple({name: value for name, value in part.items() if value != ()} for part in parts)
    return (draft.key, tuple(draft.tags), tuple(draft.terms), *said)


class Desk:
    """The working copies of one request, by guid and by key, and who names whom as far as that was read.

    `placeholders` are those of the request with the guids they stand for, `subjects` the guids of the entities that its
    commands are about, `befriended` what friendly qualified names mean, `contracted` the assets of contracts that tell no type or
    another, `wanted` the names that new entities ask for,
    `related` who was told of a relationship that others keep.
    """

    def __init__(self) -> None:
        self.placeholders: dict[str, str] = {}
        self.subjects: dict[str, None] = {}
        self.befriended: dict[Key, str] = {}
        self.contracted: dict[Key, Key] = {}
        self.wanted: dict[str, str] = {}
        self.related: set[str] = set()
        self._copies: dict[str, Working] = {}
        self._guids: dict[Key, str] = {}
        self._holders: defaultdict[tuple[Key, str], dict[str, None]] = defaultdict(dict)

    def take(self, entities: Iterable[Entity]) -> None:
        """Lay copies of entities on the desk; those that lie there stay as they are."""
        for entity in entities:
            if entity.guid not in self._copies:
                self.put(copy(entity))

    def put(self, working: Working) -> None:
        """Lay a working copy on the desk in the place of the one before."""
        before = self._copies.get(working.guid)
        if before is not None and before.key != working.key and self._guids.get(before.key) == working.guid:
            del self._guids[before.key]
        self._copies[working.guid] = working
        self._guids[working.key] = working.guid

    def of(self, guid: str) -> Working | None:
        """Return the copy of a guid."""
        return self._copies.get(guid)

    def get(self, guid: str) -> Working:
        """Return the copy of a guid that is known to be here."""
        return self._copies[guid]

    def at(self, key: Key) -> Working | None:
        """Return the copy that has a key."""
        guid = self._guids.get(key)
        return None if guid is None else self._copies[guid]

    def __iter__(self) -> Iterator[Working]:
        """Yield all copies."""
        return iter(list(self._copies.values()))

    def hold(self, target: Key, name: str, source: str) -> None:
        """Remember that the copy of guid `source` names `target`."""
        self._holders[target, name][source] = None

    def holders(self, target: Key, name: str) -> list[Working]:
        """Return the copies that name a target under a name now, of those that are remembered."""
        held = (self._copies[guid] for guid in self._holders[target, name])
        return [working for working in held if target in working.named(name)]

    def relate(self, guid: str, name: str, keys: Iterable[Key]) -> bool:
        """Let the copy of a guid name these entities; in another order they are the same. Return whether it changed."""
        working, wanted = self._copies[guid], tuple(dict.fromkeys(keys))
        if set(wanted) == set(working.named(name)):
            return False
        for key in wanted:
            self.hold(key, name, guid)
        self.put(working.naming(name, wanted))
        return True
