"""Queries on products inside a transaction that the caller holds."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, insert, select, update

from muster.catalog.entity import Status
from muster.catalog.product import Face, Product, Selection
from muster.errors import Conflict, NotFound
from muster.record.bodies import unpack
from muster.record.entity_rows import WHOLE, Stamp
from muster.record.tables import entities, products, revisions
from muster.record.within import within

_CURRENT = (revisions.c.product == products.c.ordinal) & (revisions.c.revision == products.c.revision)

PRODUCTS: Select[Any] = (
    WHOLE.add_columns(
        products.c.domain,
        products.c.name,
        revisions.c.revision,
        revisions.c.text,
        revisions.c.face,
        revisions.c.wire,
        revisions.c.digest,
    )
    .join(products, products.c.ordinal == entities.c.ordinal)
    .join(revisions, _CURRENT)
)
"""Products with their entities and current selections: what `product_of` reads."""

ACTIVE = entities.c.status == Status.ACTIVE.value


def product_of(row: Row[Any]) -> Product:
    """Read a product from a row of `PRODUCTS`."""
    return Product(unpack(row), selection_of(row))


def selection_of(row: Row[Any]) -> Selection:
    """Read a selection from a row with the columns of `revisions`."""
    return Selection(text=row.text, face=Face(row.face), wire=row.wire, digest=row.digest, revision=row.revision)


def finding(where: ColumnElement[bool]) -> Select[Any]:
    """Return the query for the ACTIVE products that fit a condition, in order of name."""
    return PRODUCTS.where(ACTIVE, where).order_by(products.c.name, products.c.ordinal)


def find(connection: Connection, where: ColumnElement[bool]) -> list[Product]:
    """Return the ACTIVE products that fit a condition, in order of name."""
    return [product_of(row) for row in connection.execute(finding(where))]


def active(connection: Connection, guid: str) -> Product:
    """Return the ACTIVE product with a guid, or raise NotFound."""
    if found := find(connection, entities.c.guid == guid):
        return found[0]
    raise missing(guid)


def missing(ref: str) -> NotFound:
    """Return the error for a product that is not there."""
    return NotFound(f"there is no product `{ref}`", hint="`muster product list` shows them")


def ordinals(connection: Connection, guids: Collection[str]) -> dict[str, int]:
    """Return the ordinal of each product by guid, DELETED ones among them; unknown guids are left out."""
    query = (
        select(entities.c.guid, products.c.ordinal).join_from(products, entities).where(within(entities.c.guid, guids))
    )
    return {row.guid: row.ordinal for row in connection.execute(query)}


def ordinal(connection: Connection, guid: str) -> int:
    """Return the ordinal of a product by guid, ACTIVE or not, or raise NotFound."""
    found = ordinals(connection, [guid])
    if guid not in found:
        raise missing(guid)
    return found[guid]


def settle_name(connection: Connection, ordinal: int) -> None:
    """Take over name and domain from the product's entity; raise Conflict when an ACTIVE one has both.

    Names are told apart by case; products without a domain share one.
    """
    entity = unpack(connection.execute(WHOLE.where(entities.c.ordinal == ordinal)).one())
    domain = str(entity.attributes.get("parentDomainQualifiedName") or "")
    same = (products.c.name == entity.name) & (products.c.domain == domain) & (products.c.ordinal != ordinal)
    if others := find(connection, same):
        place = f"domain `{domain}`" if domain else "no domain"
        raise Conflict(
            f"product `{entity.name}` is in {place} already",
            hint=f"choose another name, or update `{others[0].entity.guid}`",
        )
    named = update(products).where(products.c.ordinal == ordinal).values(name=entity.name, domain=domain)
    connection.execute(named)


def add_revision(connection: Connection, ordinal: int, selection: Selection, revision: int, stamp: Stamp) -> None:
    """Store a selection as the given revision, and make it the current one."""
    connection.execute(
        insert(revisions).values(
            product=ordinal,
            revision=revision,
            text=selection.text,
            face=selection.face.value,
            wire=selection.wire,
            digest=selection.digest,
            at=stamp.at,
            author=stamp.by,
        )
    )
    connection.execute(update(products).where(products.c.ordinal == ordinal).values(revision=revision))
