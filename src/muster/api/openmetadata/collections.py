"""Domains and products as collections: what is the same for both is written once, what is not is said here."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from muster.api.openmetadata.commands import Change, domain_command, product_command
from muster.api.openmetadata.wanted import Common, DomainSaid, DomainWanted, ProductSaid, ProductWanted, Reference
from muster.api.pointing import pointed
from muster.catalog.entity import Entity, Status
from muster.catalog.product import Product
from muster.errors import NotFound
from muster.service import dotted
from muster.service.domains import DOMAIN, PRODUCT
from muster.service.mesh import STATES, Include
from muster.service.save.commands import Command
from muster.service.workspace import Workspace

Find = Callable[[Workspace, str, Include], Entity]


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection: its path, OpenMetadata's word for what is in it, our type, what its bodies say.

    `find` returns one by guid or name, `namesake` the one that an upsert is about, `command` what a body comes to.
    """

    path: str
    kind: str
    type_name: str
    wanted: type[Common]
    said: type[Common]
    find: Find
    namesake: Callable[[Workspace, Any], Entity | None]
    command: Callable[[Workspace, Any, Change], Command]
    settled: frozenset[str]
    """What an upsert says to name the entity, and not to change it."""


def _product(work: Workspace, ref: str, include: Include) -> Entity:
    """Return a product, one in use before an archived one.

    Raises:
        NotFound: there is none of what is wanted.
    """
    if include is Include.PRESENT:
        return dotted.product(work, ref).entity
    if include is Include.DELETED:
        return dotted.archived_product(work, ref)
    found = work.record.find([ref], [])
    return found[0] if found and found[0].key.type_name == PRODUCT else _either(work, ref)


def _either(work: Workspace, ref: str) -> Entity:
    try:
        return dotted.product(work, ref).entity
    except NotFound:
        return dotted.archived_product(work, ref)


def _domain(work: Workspace, ref: str, include: Include) -> Entity:
    found = dotted.domain(work, ref, archived=include is not Include.PRESENT)
    if found.status not in STATES[include]:
        raise dotted.missing("domain", ref)
    return found


def _product_namesake(work: Workspace, wanted: ProductWanted) -> Entity | None:
    """Return the product of the name in the domain that is said."""
    said = [one for one in (wanted.domain, *(wanted.domains or ())) if one is not None]
    found = work.record.products_called(wanted.name)
    if not found or not said:
        return None
    with pointed("/domains/0" if wanted.domains else "/domain"):
        home = dotted.domain(work, said[0].id if isinstance(said[0], Reference) else said[0])
    return next(_in(work, home, [one.entity for one in found]), None)


def _in(work: Workspace, home: Entity, entities: Sequence[Entity]) -> Iterator[Entity]:
    homes = dotted.homes_of(work, entities)
    return (one for one in entities if (place := homes.home(one)) and place.guid == home.guid)


def _domain_namesake(work: Workspace, wanted: DomainWanted) -> Entity | None:
    """Return the domain of the name below the parent that is said."""
    above = []
    if wanted.parent is not None:
        with pointed("/parent"):
            parent = dotted.domain(work, wanted.parent.id if isinstance(wanted.parent, Reference) else wanted.parent)
        above = [dotted.homes_of(work, [parent]).name(parent)]
    try:
        return dotted.domain(work, ".".join([*above, dotted.quoted(wanted.name)]))
    except NotFound:
        return None


def _product_command(work: Workspace, wanted: ProductSaid, change: Change) -> Command:
    return product_command(work, wanted, change, _current(work, change.before))


def _current(work: Workspace, before: Entity | None) -> Product | None:
    return work.record.product(before.guid) if before and before.status is Status.ACTIVE else None


PRODUCTS: Final = Collection(
    "dataProducts",
    "dataProduct",
    PRODUCT,
    ProductWanted,
    ProductSaid,
    _product,
    _product_namesake,
    _product_command,
    frozenset({"name", "domain", "domains", "fully_qualified_name", "assets"}),
)
DOMAINS: Final = Collection(
    "domains",
    "domain",
    DOMAIN,
    DomainWanted,
    DomainSaid,
    _domain,
    _domain_namesake,
    domain_command,
    frozenset({"name", "parent", "fully_qualified_name"}),
)
