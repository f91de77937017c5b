"""Queries on products inside a transaction that the caller holds."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, insert, select, update

from muster.catalog.entity import EntityDraft, Status
from muster.catalog.product import Face, Outline, Product, Selection
from muster.errors import Conflict, NotFound
from muster.record.bodies import unpack
from muster.record.entity_rows import WHOLE, Stamp
from muster.record.tables import entities, products, revisions
from muster.record.within import within

CURRENT_REVISION = (revisions.c.product == products.c.ordinal) & (revisions.c.revision == products.c.revision)

SELECTED = (
    revisions.c.revision,
    revisions.c.text,
    revisions.c.face,
    revisions.c.wire,
    revisions.c.digest,
)
"""What `selection_of` reads."""

PRODUCTS: Select[Any] = (
    WHOLE.add_columns(products.c.domain, products.c.name, *SELECTED)
    .join(products, products.c.ordinal == entities.c.ordinal)
    .join(revisions, CURRENT_REVISION)
)
"""Products with their entities and current selections: what `product_of` reads."""

OUTLINES: Select[Any] = (
    select(
        products.c.ordinal,
        entities.c.guid,
        products.c.name,
        entities.c.qualified_name,
        revisions.c.revision,
        revisions.c.wire,
    )
    .join_from(products, entities, entities.c.ordinal == products.c.ordinal)
    .join(revisions, CURRENT_REVISION)
)
"""Products with nothing but their current selections."""

ACTIVE = entities.c.status == Status.ACTIVE.value


def outline_of(row: Row[Any]) -> Outline:
    """Read what a product asks for from a row of `OUTLINES`."""
    return Outline(row.ordinal, row.guid, row.name, row.qualified_name, row.revision, row.wire)


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


def differs(selection: Selection, stored: Selection) -> bool:
    """Whether a selection says anything else than the stored one, whatever its revision."""
    return replace(selection, revision=stored.revision) != stored


def settle_name(connection: Connection, ordinal: int) -> None:
    """Take over name and domain from the product's entity; raise Conflict when an ACTIVE one has both.

    Names are told apart by case; products without a domain share one.
    """
    draft = unpack(connection.execute(WHOLE.where(entities.c.ordinal == ordinal)).one()).draft()
    name, domain = _place(draft)
    same = (products.c.name == name) & (products.c.domain == domain) & (products.c.ordinal != ordinal)
    if others := find(connection, same):
        place = f"domain `{domain}`" if domain else "no domain"
        raise Conflict(
            f"product `{name}` is in {place} already",
            hint=f"choose another name, or update `{others[0].entity.guid}`",
        )
    rename(connection, {ordinal: draft})


def begin(connection: Connection, drafts: Mapping[int, EntityDraft]) -> None:
    """Make entities products, which have no revision yet."""
    places = ((ordinal, *_place(draft)) for ordinal, draft in drafts.items())
    rows = [{"ordinal": ordinal, "name": name, "domain": domain, "revision": 0} for ordinal, name, domain in places]
    if rows:
        connection.execute(insert(products), rows)


def rename(connection: Connection, drafts: Mapping[int, EntityDraft]) -> None:
    """Take over name and domain of products from what their entities say, whoever else has them."""
    if drafts:
        here = products.c.ordinal == bindparam("here")
        named = update(products).where(here).values(name=bindparam("to"), domain=bindparam("in"))
        places = ((ordinal, *_place(draft)) for ordinal, draft in drafts.items())
        connection.execute(named, [{"here": ordinal, "to": name, "in": domain} for ordinal, name, domain in places])


def _place(draft: EntityDraft) -> tuple[str, str]:
    """Return name and domain of a product, the latter empty when it has none."""
    name = draft.attributes.get("name") or draft.key.qualified_name.rsplit("/", 1)[-1]
    return str(name), str(draft.attributes.get("parentDomainQualifiedName") or "")


def add_revisions(connection: Connection, selections: Mapping[int, Selection], stamp: Stamp) -> None:
    """Store selections as the revisions that they say, and make them the current ones of their products."""
    rows = [
        {
            "product": ordinal,
            "revision": selection.revision,
            "text": selection.text,
            "face": selection.face.value,
            "wire": selection.wire,
            "digest": selection.digest,
            "at": stamp.at,
            "author": stamp.by,
        }
        for ordinal, selection in selections.items()
    ]
    if rows:
        here = products.c.ordinal == bindparam("here")
        latest = [{"here": ordinal, "latest": selection.revision} for ordinal, selection in selections.items()]
        connection.execute(insert(revisions), rows)
        connection.execute(update(products).where(here).values(revision=bindparam("latest")), latest)
