"""What is around domains and products, read at once for all of a page."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from muster.catalog.entity import Entity, Key, Status
from muster.catalog.naming import TagNames
from muster.catalog.product import Selection
from muster.query.nodes import MatchNone
from muster.query.wire import canonical
from muster.service.domains import DOMAIN, PRODUCT
from muster.service.dotted import Homes, homes_of
from muster.service.save.working import TERM
from muster.service.tags import tag_names
from muster.service.workspace import Workspace

NOTHING = canonical(MatchNone())


@dataclass(frozen=True, slots=True)
class Around:
    """The domains above entities, names of tags, terms with their glossaries by key, who follows, what is below.

    `selections` are those of products by guid, without the ones that select nothing; `inside` the domains in a domain,
    by ordinal.
    """

    homes: Homes
    tags: TagNames
    terms: Mapping[Key, Entity] = field(default_factory=dict)
    followers: Mapping[int, Sequence[str]] = field(default_factory=dict)
    selections: Mapping[str, Selection] = field(default_factory=dict)
    inside: Mapping[int, Sequence[Entity]] = field(default_factory=dict)

    def glossary(self, term: Entity) -> str | None:
        """Return the name of a term's glossary."""
        anchor = next(iter(term.relationships.get("anchor", ())), None)
        found = self.terms.get(anchor) if anchor else None
        return found.name if found else None


def around(work: Workspace, entities: Sequence[Entity], fields: Collection[str]) -> Around:
    """Read what the fields that are wanted tell of the surroundings of some entities."""
    ordinals = [one.ordinal for one in entities]
    inside = _inside(work, entities) if {"children", "childrenCount"} & set(fields) else {}
    return Around(
        homes_of(work, [*entities, *(one for some in inside.values() for one in some)]),
        tag_names(work.record),
        _terms(work, entities) if "tags" in fields else {},
        work.record.followers(ordinals) if "followers" in fields else {},
        dict(_selections(work, entities)) if "extension" in fields else {},
        inside,
    )


def _terms(work: Workspace, entities: Iterable[Entity]) -> dict[Key, Entity]:
    keys = {Key(TERM, name) for one in entities for name in one.terms}
    terms = work.record.find([], list(keys)) if keys else []
    anchors = {key for one in terms for key in one.relationships.get("anchor", ())}
    return {one.key: one for one in (*terms, *(work.record.find([], list(anchors)) if anchors else ()))}


def _selections(work: Workspace, entities: Iterable[Entity]) -> Iterable[tuple[str, Selection]]:
    """Yield the selections that products have now; of an archived one nobody asks."""
    guids = [one.guid for one in entities if one.key.type_name == PRODUCT]
    for one in work.record.products_of(guids):
        if one.selection.wire != NOTHING:
            yield one.entity.guid, one.selection


def _inside(work: Workspace, entities: Iterable[Entity]) -> dict[int, list[Entity]]:
    domains = [one.ordinal for one in entities if one.key.type_name == DOMAIN]
    links = work.record.links(domains, limit=_MOST) if domains else []
    links = [link for link in links if link.name == "parentDomain"]
    found = {one.ordinal: one for one in work.record.entities(sorted({link.source for link in links}))}
    below: dict[int, list[Entity]] = {ordinal: [] for ordinal in domains}
    for link in links:
        child = found.get(link.source)
        if child is not None and child.status is Status.ACTIVE:
            below[link.target].append(child)
    return {ordinal: sorted(some, key=lambda one: one.name) for ordinal, some in below.items()}


_MOST = 10_000
"""Domains of one domain that are told."""
