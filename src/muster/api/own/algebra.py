"""Set algebra over the members of products: who is in any of some, in each of others, and in none of the rest."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Response

from muster import views
from muster.api.own.delivery import Format, Whole, delivered
from muster.api.own.members import TYPES, USUAL, How, Moded, Part, described_as, refuse_parts
from muster.api.own.running import running
from muster.api.own.shapes_selections import CombinedCount, CombinedMembers
from muster.api.own.web import BASE, Fields, answers, fields, order
from muster.api.pointing import pointed
from muster.api.web import Viewer, told
from muster.catalog.product import Product
from muster.service import resolve
from muster.service.combining import MOST, Combination, Combined, combined, combined_page
from muster.service.dotted import dotted_names, product
from muster.service.resolve import PageRequest, Source
from muster.service.rows import columns, rows
from muster.service.workspace import Workspace

router = APIRouter(prefix=f"{BASE}/members", tags=["members"])

NAME: Final = "members"
"""What a file is called whose rows are of no single product."""


def _named(alias: str, what: str) -> Any:
    described = f"{what} Named by guid, qualified name, dotted name, or a name that only one has."
    return Query(alias=alias, max_length=MOST, description=described, examples=[["Marketing.CustomerInsights"]])


Of = Annotated[list[str], _named("of", "A product whose members are wanted; of several, the members of any.")]
And = Annotated[list[str], _named("and", "A product that they have to be members of as well; of several, of each.")]
Not = Annotated[list[str], _named("not", "A product that they must not be members of; of several, of none.")]


def _combination(caller: Viewer, of: Of, also: And = [], without: Not = []) -> Combination:  # noqa: B006 - FastAPI copies them
    found = [_products(caller.work, *named) for named in (("of", of), ("and", also), ("not", without))]
    with pointed("/query"):
        return Combination(*found)


def _products(work: Workspace, alias: str, refs: Sequence[str]) -> tuple[Product, ...]:
    with pointed(f"/query/{alias}"):
        return tuple(product(work, ref) for ref in refs)


Wanted = Annotated[Combination, Depends(_combination)]


@router.get("", responses=described_as(CombinedMembers, ("Total",)))
def members_of_several(
    caller: Viewer,
    wanted: Wanted,
    mode: Moded,
    part: Part,
    how: How,
    told_fields: Fields = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Read the members of several products together: of any in `of`, who are in each in `and` and in none in `not`.

    What is run now is run on one view of the index. A stream is as of one product, in NDJSON, CSV or Parquet.
    """
    work, attributes = caller.work, fields(told_fields)
    if how is not Format.JSON:
        refuse_parts(part)
        found, shown = combined(work, wanted, mode), columns(attributes)
        return delivered(Whole(NAME, None, len(found.members), shown, rows(work, found.members, shown)), how)
    limit, cursor, sort = part
    with running("", "/query"):
        page = combined_page(work, wanted, mode, PageRequest(limit or USUAL, order(sort), cursor))
    members = [views.entity(one, attributes) for one in page.members]
    total = {"total": len(page.of.members), "members": members, "next": page.next}
    return told(total | _sources(work, wanted, page.of))


@router.get("/count", responses=answers(CombinedCount, "How many there are, in all and by type."))
def count_members_of_several(caller: Viewer, wanted: Wanted, mode: Moded) -> Response:
    """Count the members of several products together, as they are read."""
    work, found = caller.work, combined(caller.work, wanted, mode)
    stored = all(one.source is Source.STORED for one in found.provenance)
    members = found.members
    by_type = resolve.stored_tally(work, members) if stored else resolve.tally(work, members, limit=TYPES)
    return told({"total": len(members), "byType": dict(by_type)} | _sources(work, wanted, found))


def _sources(work: Workspace, wanted: Combination, found: Combined) -> dict[str, Any]:
    """Return what the answer stands on, product by product."""
    roles = [*("of" for _ in wanted.any_of), *("and" for _ in wanted.also), *("not" for _ in wanted.without)]
    names = dotted_names(work, [one.entity for one in wanted.products])
    told_of = zip(roles, wanted.products, found.provenance, strict=True)
    products = [
        {"role": role, "product": views.brief(one.entity, names), **views.provenance(source)}
        for role, one, source in told_of
    ]
    return {"products": products}
