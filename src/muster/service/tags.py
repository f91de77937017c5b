"""Tags by the names that people give them, wherever one is said or shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pyroaring import BitMap

from muster.catalog.entity import Entity, EntityDraft
from muster.catalog.naming import TAG_FIELDS, TagNames, meant, meant_aggregations, meant_leaf
from muster.catalog.typedef import Category, Typedef, TypedefDraft
from muster.fields import Fields
from muster.protocols import Digest, Engine, Finding, Found, Page, Postings, Record, Refusal, Typedefs, Update
from muster.query.aggregations import Aggregations, Results
from muster.query.nodes import Leaf, Node
from muster.service.domains import new_id
from muster.service.workspace import Workspace

LOOKS = {"color": "Gray", "iconType": "icon", "iconName": "atlanTags"}
"""How Atlan's clients show a tag that came without being defined."""


def tag_names(record: Record) -> TagNames:
    """Return what all tags are called now."""
    return TagNames.of(record.typedefs().by_name.values())


def shown(entity: Entity, names: TagNames) -> Entity:
    """Return an entity with its tags as people read them."""
    return replace(
        entity,
        tags=tuple(map(names.shown_of, entity.tags)),
        attachments={names.shown_of(tag): how for tag, how in entity.attachments.items()},
    )


def admit(work: Workspace, drafts: Sequence[EntityDraft]) -> list[EntityDraft]:
    """Return drafts with the internal names of their tags, which come as people call them.

    A name that no tag has is one from now on, and its own internal name where that is free. So a tag that was renamed
    since is found again by whoever brings it under its first name.
    """
    said = {tag for draft in drafts for tag in draft.tags}
    known = work.record.typedefs().by_name
    internal = _internal(known, said)
    fresh = [_tag(name, tag) for tag, name in sorted(internal.items()) if name not in known]
    if fresh:
        work.record.put_typedefs(fresh, by=work.by, at=work.clock())
    return [_renamed(draft, internal) if draft.tags else draft for draft in drafts]


def _internal(known: Mapping[str, Typedef], said: Iterable[str]) -> dict[str, str]:
    names = TagNames.of(known.values())
    return {tag: names.internal.get(tag) or (tag if _is_free(known.get(tag)) else new_id()) for tag in said}


def _is_free(taken: Typedef | None) -> bool:
    return taken is None or taken.category is Category.CLASSIFICATION


def _tag(name: str, display_name: str) -> TypedefDraft:
    return TypedefDraft(Category.CLASSIFICATION, name, display_name, {"options": LOOKS, "attributeDefs": []})


def _renamed(draft: EntityDraft, internal: Mapping[str, str]) -> EntityDraft:
    return replace(
        draft,
        tags=tuple(dict.fromkeys(internal[tag] for tag in draft.tags)),
        attachments={internal.get(tag, tag): how for tag, how in draft.attachments.items()},
    )


class TagNaming:
    """An engine that is asked in the names that people give tags and types, and tells tags by them.

    Everything else is the engine's own. What a name means is looked up for every question, so that a renamed tag is
    found by its new name at once.
    """

    def __init__(self, engine: Engine, record: Record) -> None:
        self._engine = engine
        self._record = record
        self._known: tuple[Typedefs, TagNames] | None = None

    @property
    def names(self) -> TagNames:
        """What all tags are called now."""
        typedefs = self._record.typedefs()
        if self._known is None or self._known[0] is not typedefs:
            self._known = typedefs, TagNames.of(typedefs.by_name.values())
        return self._known[1]

    def fields(self) -> Fields:
        """Return the searchable fields."""
        return self._engine.fields()

    def count(self, query: Node, *, now: int) -> int:
        """Return the exact number of assets that match."""
        return self._engine.count(meant(query, self.names), now=now)

    def search(self, query: Node, page: Page, *, now: int, within: BitMap | None = None) -> Found:
        """Return one page of the assets that match."""
        return self._engine.search(meant(query, self.names), page, now=now, within=within)

    def aggregate(self, query: Node, wanted: Aggregations, *, now: int) -> Results:
        """Return what aggregations find over all assets that match; buckets of tags are told by internal names."""
        names = self.names
        return self._engine.aggregate(meant(query, names), meant_aggregations(wanted, names), now=now)

    def members(self, query: Node, *, now: int) -> BitMap:
        """Return all assets that match."""
        return self._engine.members(meant(query, self.names), now=now)

    def postings(self, leaves: Sequence[Leaf], *, now: int) -> Postings:
        """Return the assets of each leaf, in order."""
        names = self.names
        return self._engine.postings([meant_leaf(leaf, names) for leaf in leaves], now=now)

    def tally(self, members: BitMap, field: str, *, limit: int) -> list[tuple[Any, int]]:
        """Count a member set by the values of a field."""
        return self._told(field, self._engine.tally(members, field, limit=limit))

    def terms(self, field: str, *, limit: int) -> list[tuple[Any, int]]:
        """Return a field's values with the number of assets that have each."""
        return self._told(field, self._engine.terms(field, limit=limit))

    def _told(self, field: str, counted: list[tuple[Any, int]]) -> list[tuple[Any, int]]:
        if field not in TAG_FIELDS:
            return counted
        names = self.names
        return [(names.shown_of(str(value)), count) for value, count in counted]

    def apply(self, updates: Sequence[Update], *, position: int | None, after: int = 0) -> tuple[Refusal, ...]:
        """Index a batch."""
        return self._engine.apply(updates, position=position, after=after)

    def position(self) -> int:
        """Return the position of the last batch."""
        return self._engine.position()

    def owner(self) -> str | None:
        """Return the identity of the record that the index was made from."""
        return self._engine.owner()

    def claim(self, owner: str) -> None:
        """Remember whose index this is."""
        self._engine.claim(owner)

    def digests(self, span: int) -> dict[int, Digest]:
        """Return a digest per range of `span` ordinals."""
        return self._engine.digests(span)

    def successor(self, *, fresh: bool = False) -> Engine:
        """Return an engine over an index to rebuild."""
        return TagNaming(self._engine.successor(fresh=fresh), self._record)

    def take_over(self) -> None:
        """Put this rebuilt index in the place of the one that serves."""
        self._engine.take_over()

    def examine(self) -> list[Finding]:
        """Return what is to be said about the engine's own state."""
        return self._engine.examine()

    def close(self) -> None:
        """Let go of files and connections."""
        self._engine.close()
