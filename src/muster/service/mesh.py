"""Domains and products as lists: page by page in order of name, by domain, in use or archived; what domains hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from muster.catalog.entity import Entity, Status
from muster.catalog.product import Product
from muster.errors import InvalidInput
from muster.membership import resolve as with_decisions
from muster.query.nodes import Bool, Node, Prefix, Term, Terms
from muster.query.sorting import Sort
from muster.service.domains import DOMAIN, PRODUCT
from muster.service.evaluate import evaluate
from muster.service.project import project
from muster.service.search import Search, SearchAnswer, search
from muster.service.workspace import Workspace

ACTIVE = Term("__state", Status.ACTIVE.value)
PARENT = "parentDomainQualifiedName"


class Include(StrEnum):
    """Which entities are wanted: those in use, archived ones, or both."""

    PRESENT = "non-deleted"
    DELETED = "deleted"
    ALL = "all"


STATES = {
    Include.PRESENT: (Status.ACTIVE,),
    Include.DELETED: (Status.DELETED,),
    Include.ALL: (Status.ACTIVE, Status.DELETED),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """Which part of a list is wanted: `size` entities after the place of one (name and guid), or before it.

    `home` narrows the list to what is in a domain, at any depth.
    """

    type_name: str
    size: int
    after: tuple[str | None, str] | None = None
    before: tuple[str | None, str] | None = None
    home: Entity | None = None
    include: Include = Include.PRESENT


@dataclass(frozen=True, slots=True)
class Listed:
    """A part of a list; whether more comes before and after it."""

    total: int
    entities: tuple[Entity, ...]
    is_first: bool
    is_last: bool


def listed(work: Workspace, wanted: Listing) -> Listed:
    """Return a part of the list of domains or products, in order of name and guid, with the length of the whole.

    Raises:
        EngineUnavailable: the index cannot be asked.
    """
    project(work)
    if not wanted.size:
        return Listed(search(work, _search(wanted, 0)).total, (), is_first=True, is_last=True)
    found = search(work, _search(wanted, wanted.size + 1))
    some, more = found.entities[: wanted.size], len(found.entities) > wanted.size
    if wanted.before is None:
        return Listed(found.total, some, is_first=wanted.after is None, is_last=not more)
    return Listed(found.total, some[::-1], is_first=not more, is_last=False)


def _search(wanted: Listing, size: int) -> Search:
    back = wanted.before is not None
    order = (Sort("name.keyword", back), Sort("__guid", back))
    return Search(_query(wanted), size=size, sort=order, after=wanted.before or wanted.after)


def _query(wanted: Listing) -> Node:
    states = tuple(status.value for status in STATES[wanted.include])
    kind: tuple[Node, ...] = (Term("__typeName.keyword", wanted.type_name), Terms("__state", states))
    return Bool(filter=kind if wanted.home is None else (*kind, _inside(wanted.home)))


def _inside(home: Entity) -> Node:
    """Return the query for what is in a domain, or in one below it."""
    name = home.key.qualified_name
    return Bool(should=(Term(PARENT, name), Prefix(PARENT, f"{name}/")), minimum_should_match=1)


def below(work: Workspace, home: Entity) -> list[Entity]:
    """Return the domains and products in a domain, at any depth, archived ones among them.

    Raises:
        EngineUnavailable: the index cannot be asked.
    """
    project(work)
    types = Terms("__typeName.keyword", (DOMAIN, PRODUCT))
    found = work.engine.members(Bool(filter=(types, _inside(home))), now=work.clock())
    return work.record.entities(list(found))


def assets_of(work: Workspace, home: Entity, *, offset: int, size: int) -> SearchAnswer:
    """Return a page of the assets that are assigned to a domain or one below it, in order of name.

    Raises:
        EngineUnavailable: the index cannot be asked.
    """
    domains = [home, *(one for one in below(work, home) if one.key.type_name == DOMAIN)]
    order = (Sort("name.keyword"), Sort("__guid"))
    return search(work, Search(assigned(domains), offset=offset, size=size, sort=order))


def assigned(domains: Sequence[Entity]) -> Node:
    """Return the query for the assets that are assigned to any of some domains."""
    return Bool(filter=(ACTIVE, Terms("domainGUIDs", tuple(one.guid for one in domains))))


def sizes(work: Workspace) -> list[tuple[Product, int]]:
    """Return how many members each product has now, all from one view of the index.

    Those whose selection cannot be evaluated are left out.
    """
    project(work)
    now, products = work.clock(), list(work.record.products())
    standings = work.record.standings([one.entity.guid for one in products])
    return [
        (product, len(with_decisions(one.selected, standings.get(product.entity.guid, ()), now)))
        for product, one in zip(products, evaluate(work, products, now=now), strict=True)
        if not isinstance(one.selected, InvalidInput)
    ]
