"""Products at a glance: which there are, with the size of their stored membership, and all that is known of one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from muster.batches import batches
from muster.catalog.entity import Entity
from muster.catalog.product import Product
from muster.errors import InvalidInput
from muster.membership import Run, Standing
from muster.service import cursor as cursors
from muster.service.resolve import standings
from muster.service.workspace import Workspace

AT_ONCE = 100
"""Stored memberships that are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One product, and how many members its stored membership has; None before its first sync."""

    product: Product
    members: int | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some products in order of name; `next` is None where they end."""

    shown: tuple[Listed, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One product, what stands by hand with the assets that it is about, and the last run."""

    product: Product
    standings: tuple[tuple[Standing, Entity | None], ...]
    last: Run | None


def listed(work: Workspace, contains: str = "", *, after: tuple[str, int] = ("", 0)) -> Iterator[Listed]:
    """Stream the products whose names contain this, case aside, in order of name: those after a name and ordinal."""
    wanted = contains.casefold()
    found = (one for one in work.record.products(after) if wanted in one.entity.name.casefold())
    for some in batches(found, AT_ONCE):
        stored = work.record.generations([one.entity.guid for one in some])
        sizes = {guid: len(generation.members) for guid, generation in stored.items()}
        yield from (Listed(one, sizes.get(one.entity.guid)) for one in some)


def list_page(work: Workspace, contains: str, limit: int, cursor: str | None) -> ListPage:
    """Return `limit` products whose names contain this, after those of the page before.

    Raises:
        InvalidInput: the cursor is none of these products.
    """
    question = cursors.fingerprint("products", contains)
    after = ("", 0) if cursor is None else _place(question, cursor)
    found = tuple(islice(listed(work, contains, after=after), limit + 1))
    shown = found[:limit]
    last = shown[-1].product.entity if len(found) > limit else None
    return ListPage(shown, None if last is None else cursors.encode(question, (last.name, last.ordinal)))


def _place(question: str, cursor: str) -> tuple[str, int]:
    name, ordinal = cursors.decode(question, cursor, 1)
    if not isinstance(name, str):
        raise InvalidInput("that is not a cursor", hint=cursors.UNCHANGED)
    return name, ordinal


def shown(work: Workspace, product: Product) -> Shown:
    """Return what is known of a product; assets that are gone for good are None."""
    stands = standings(work, product)
    assets = {asset.ordinal: asset for asset in work.record.entities([one.ordinal for one in stands])}
    runs = work.record.runs(product.entity.guid, limit=1)
    return Shown(product, tuple((one, assets.get(one.ordinal)) for one in stands), runs[0] if runs else None)
