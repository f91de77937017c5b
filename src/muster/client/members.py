"""Members of a product: one by one, page by page, counted, explained."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from muster.client.models import Asset, Count, Explained, MemberPage
from muster.client.part import AT_ONCE, Part, pages, product_path
from muster.client.saying import Mode, When, listed, reading, several
from muster.client.sending import name as step


class Members(Part):
    """The part of the client that is about who belongs to a product.

    `mode` reads the membership of now (`live`) or of the last sync (`stored`); `max_age` reads the latter when it is at
    most so old and of the current revision, else runs the selection; `as_of` reads what was stored in the past. `fields` are attributes to tell of each asset,
    `sort` fields to order by, `-field` for descending.
    """

    def members(
        self,
        ref: str,
        *,
        mode: Mode | None = None,
        max_age: timedelta | str | None = None,
        as_of: When = None,
        fields: Sequence[str] = (),
        sort: Sequence[str] = (),
    ) -> Iterator[Asset]:
        """Stream the members of a product, asking for the next page when it is needed.

        Example:
            >>> next(muster.members("Gold tables", sort=["name.keyword"])).name
            'table_00000'

        Raises:
            NotFound: there is no such product, or nothing is stored of it yet.
            UnknownField: an order names a field that no asset can have.
        """

        def page(cursor: str | None) -> MemberPage:
            return self.member_page(
                ref, mode=mode, max_age=max_age, as_of=as_of, fields=fields, sort=sort, limit=AT_ONCE, cursor=cursor
            )

        for one in pages(page, lambda page: page.next):
            yield from one.members

    def member_page(
        self,
        ref: str,
        *,
        mode: Mode | None = None,
        max_age: timedelta | str | None = None,
        as_of: When = None,
        fields: Sequence[str] = (),
        sort: Sequence[str] = (),
        limit: int = 100,
        cursor: str | None = None,
    ) -> MemberPage:
        """Return one page of members, with the exact total: at most `limit` (10,000), after the page with that `next`.

        Example:
            >>> muster.member_page("Gold tables", limit=3).total
            400

        Raises:
            NotFound, UnknownField: as `members`.
        """
        query = reading(mode, max_age, as_of) | {
            "fields": listed(fields),
            "sort": several(sort),
            "limit": limit,
            "cursor": cursor,
        }
        return self._sender.look(MemberPage, product_path(ref, "members"), query=query)

    def count(
        self,
        ref: str,
        *,
        mode: Mode | None = None,
        max_age: timedelta | str | None = None,
        as_of: When = None,
    ) -> Count:
        """Count the members of a product, in all and by type.

        Example:
            >>> muster.count("Gold tables").by_type
            {'Table': 400}

        Raises:
            NotFound: as `members`.
        """
        return self._sender.look(Count, product_path(ref, "members", "count"), query=reading(mode, max_age, as_of))

    def explain(self, ref: str, asset: str, *, run: int | None = None) -> Explained:
        """Say clause by clause why an asset (by guid or qualified name) is in a product, or is not; as of a run or now.

        Example:
            >>> muster.explain("Gold tables", "default/demo/1/db/schema/table_00001").member
            False

        Raises:
            NotFound: the product or the asset is not there.
        """
        return self._sender.look(Explained, product_path(ref, "explain", step(asset)), query={"run": run})
