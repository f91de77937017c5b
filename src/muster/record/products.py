"""Products: entities with a selection, which has revisions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    bindparam,
    delete,
    select,
    tuple_,
    update,
)

from muster.batches import batches
from muster.catalog.entity import EntityDraft, Status
from muster.catalog.product import Outline, Product, Selection
from muster.errors import Conflict, InvalidInput
from muster.record.bodies import Body, pack
from muster.record.database import Database
from muster.record.entity_rows import PRODUCT, Stamp, bury, store
from muster.record.product_rows import (
    OUTLINES,
    PRODUCTS,
    active,
    add_revisions,
    begin,
    differs,
    find,
    finding,
    missing,
    ordinal,
    outline_of,
    product_of,
    selection_of,
    settle_name,
)
from muster.record.tables import entities, products, revisions, standings
from muster.record.within import within

BATCH = 1000


class Products:
    """The part of the record that holds products and their selections."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create_product(self, draft: EntityDraft, selection: Selection, *, by: str, at: int) -> Product:
        """Store a new product with revision 1 of its selection.

        One that was deleted revives under its guid: its revisions count on, and nothing stands or is synced yet.

        Raises:
            InvalidInput: the draft is of another type than `DataProduct`.
            Conflict: an ACTIVE product has its qualified name, or its name in the same domain.
        """
        if draft.key.type_name != PRODUCT:
            raise InvalidInput(f"a product is a `{PRODUCT}`, not a `{draft.key.type_name}`")
        body, stamp = pack(draft), Stamp(by, at)
        with self._database.writing() as connection:
            _refuse_taken(connection, body)
            (here,) = store(connection, [body], stamp).ordinals.values()
            revision = _begin(connection, here, draft) + 1
            add_revisions(connection, {here: replace(selection, revision=revision)}, stamp)
            settle_name(connection, here)
            return _read(connection, here)

    def update_product(
        self, guid: str, draft: EntityDraft, selection: Selection | None, *, revision: int, by: str, at: int
    ) -> Product:
        """Store attributes and, when it is given and not what is stored, the next revision of the selection.

        Raises:
            NotFound: there is no such ACTIVE product.
            Conflict: the stored revision is another, or an ACTIVE product of the domain has the name.
            InvalidInput: the draft has another key.
        """
        body, stamp = pack(draft), Stamp(by, at)
        with self._database.writing() as connection:
            before = active(connection, guid)
            _refuse_stale(before, draft, revision)
            store(connection, [body], stamp)
            here = before.entity.ordinal
            if selection is not None and differs(selection, before.selection):
                add_revisions(connection, {here: replace(selection, revision=revision + 1)}, stamp)
            settle_name(connection, here)
            return _read(connection, here)

    def product(self, ref: str) -> Product:
        """Return an ACTIVE product by guid, qualified name or name, in this order.

        Raises:
            NotFound: there is none.
            Conflict: products of several domains have that name.
        """
        with self._database.reading() as connection:
            for query in _NAMED:
                if rows := connection.execute(query, {"ref": ref}).all():
                    return _only([product_of(row) for row in rows], ref)
        raise missing(ref)

    def remembered(self, guid: str) -> Product:
        """Return a product by guid, ACTIVE or DELETED.

        Raises:
            NotFound: there is none, or it is PURGED.
        """
        with self._database.reading() as connection:
            here = (entities.c.guid == guid) & (entities.c.status != Status.PURGED.value)
            row = connection.execute(PRODUCTS.where(here)).one_or_none()
        if row is None:
            raise missing(guid)
        return product_of(row)

    def products_called(self, name: str) -> list[Product]:
        """Return the ACTIVE products that have a name, whatever domain they are in, in order of their age."""
        with self._database.reading() as connection:
            return find(connection, products.c.name == name)

    def products(self, after: tuple[str, int] = ("", 0)) -> Iterator[Product]:
        """Stream the ACTIVE products in order of name and ordinal, each as it is when read; no transaction stays open."""
        yield from map(product_of, self._by_name(PRODUCTS, after))

    def products_of(self, guids: Sequence[str]) -> Iterator[Product]:
        """Stream some ACTIVE products by guid; others are left out."""
        yield from map(product_of, self._by_guid(PRODUCTS, guids))

    def outlines(self) -> Iterator[Outline]:
        """Stream what the ACTIVE products ask for, as `products` does."""
        yield from map(outline_of, self._by_name(OUTLINES, ("", 0)))

    def outlines_of(self, guids: Sequence[str]) -> list[Outline]:
        """Return what some ACTIVE products ask for; others are left out."""
        return [outline_of(row) for row in self._by_guid(OUTLINES, guids)]

    def delete_product(self, guid: str, *, by: str, at: int) -> None:
        """Archive a product; its selection, standings, runs and generations stay readable by guid.

        Raises:
            NotFound: there is no such ACTIVE product.
        """
        with self._database.writing() as connection:
            bury(connection, [active(connection, guid).entity.ordinal], Stamp(by, at))

    def revisions(
        self, guid: str, *, limit: int | None = None, before: int | None = None
    ) -> list[tuple[Selection, str, int]]:
        """Return the revisions of a selection with author and time, newest first: all, or `limit` of those below `before`."""
        query = select(revisions).order_by(revisions.c.revision.desc()).limit(limit)
        if before is not None:
            query = query.where(revisions.c.revision < before)
        with self._database.reading() as connection:
            rows = connection.execute(query.where(revisions.c.product == ordinal(connection, guid)))
            return [(selection_of(row), row.author, row.at) for row in rows]

    def _by_name(self, query: Select[Any], after: tuple[str, int]) -> Iterator[Row[Any]]:
        place = tuple_(products.c.name, products.c.ordinal)
        query = query.where(entities.c.status == Status.ACTIVE.value).order_by(*place).limit(BATCH)
        while rows := self._rows(query.where(place > after)):
            yield from rows
            after = (rows[-1].name, rows[-1].ordinal)

    def _by_guid(self, query: Select[Any], guids: Sequence[str]) -> Iterator[Row[Any]]:
        for some in batches(guids, BATCH):
            yield from self._rows(
                query.where((entities.c.status == Status.ACTIVE.value) & within(entities.c.guid, some))
            )

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        with self._database.reading() as connection:
            return connection.execute(query).all()


def _qualified(name: str | BindParameter[str]) -> ColumnElement[bool]:
    """Name a product by its key: the index of entities begins with the type."""
    return (entities.c.type_name == PRODUCT) & (entities.c.qualified_name == name)


_REF: BindParameter[str] = bindparam("ref", type_=Text)
_NAMED = tuple(finding(named) for named in (entities.c.guid == _REF, _qualified(_REF), products.c.name == _REF))
"""What `ref` may name a product by, in this order."""


def _refuse_taken(connection: Connection, body: Body) -> None:
    if found := find(connection, _qualified(body.draft.key.qualified_name)):
        raise Conflict(
            f"there is a product `{body.draft.key.qualified_name}` already", hint=f"update `{found[0].entity.guid}`"
        )


def _refuse_stale(before: Product, draft: EntityDraft, revision: int) -> None:
    if draft.key != before.entity.key:
        raise InvalidInput(f"a product keeps its type and qualified name, `{before.entity.key.qualified_name}`")
    if before.selection.revision != revision:
        raise Conflict(
            f"product `{before.entity.name}` is at revision {before.selection.revision}, not {revision}",
            hint="read it again, and repeat the change on what is there now",
        )


def _begin(connection: Connection, here: int, draft: EntityDraft) -> int:
    """Make room for a new product, or clear it for one that revives; return its last revision, 0 when it has none."""
    last = connection.scalar(select(products.c.revision).where(products.c.ordinal == here))
    if last is None:
        begin(connection, {here: draft})
        return 0
    connection.execute(delete(standings).where(standings.c.product == here))
    connection.execute(update(products).where(products.c.ordinal == here).values(run=None))
    return int(last)


def _read(connection: Connection, here: int) -> Product:
    return product_of(connection.execute(PRODUCTS.where(entities.c.ordinal == here)).one())


def _only(found: list[Product], ref: str) -> Product:
    if len(found) > 1:
        names = ", ".join(f"`{product.entity.key.qualified_name}`" for product in found)
        raise Conflict(f"`{ref}` is the name of {len(found)} products: {names}", hint="name one by its qualified name")
    return found[0]
