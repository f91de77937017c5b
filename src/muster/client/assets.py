"""Assets: found by a selection, and which products hold one."""

from collections.abc import Iterator, Sequence

from muster.client.answers import AssetPage, Holder, Holders
from muster.client.models import Asset
from muster.client.part import AT_ONCE, Part, pages
from muster.client.saying import listed, several
from muster.client.sending import name as step


class Assets(Part):
    """The part of the client that is about assets."""

    def assets(self, q: str | None = None, *, fields: Sequence[str] = (), sort: Sequence[str] = ()) -> Iterator[Asset]:
        """Stream the assets that a selection finds; without one everything there is.

        Example:
            >>> next(muster.assets("tag:Gold", sort=["-name.keyword"])).name
            'table_01197'

        Raises:
            InvalidInput: the selection cannot be read or run.
        """

        def page(cursor: str | None) -> AssetPage:
            return self.asset_page(q, fields=fields, sort=sort, limit=AT_ONCE, cursor=cursor)

        for one in pages(page, lambda page: page.next):
            yield from one.assets

    def asset_page(
        self,
        q: str | None = None,
        *,
        fields: Sequence[str] = (),
        sort: Sequence[str] = (),
        limit: int = 100,
        cursor: str | None = None,
    ) -> AssetPage:
        """Return some of them with the exact total: at most `limit`, after the page whose `next` is passed on.

        Example:
            >>> muster.asset_page("type:Table", limit=1).total
            1200

        Raises:
            InvalidInput: as `assets`.
        """
        query = {"q": q, "fields": listed(fields), "sort": several(sort), "limit": limit, "cursor": cursor}
        return self._sender.look(AssetPage, "/assets", query=query)

    def products_of(self, asset: str, *, excluding: bool = False) -> Iterator[Holder]:
        """Stream the products that hold an asset now, and why; those that exclude it as well when asked for.

        Example:
            >>> [one.product.name for one in muster.products_of("default/demo/1/db/schema/table_00300")]
            ['Gold tables']

        Raises:
            NotFound: there is no such asset.
        """
        for page in pages(
            lambda cursor: self.holders(asset, excluding=excluding, cursor=cursor), lambda page: page.paging.next
        ):
            yield from page.data

    def holders(self, asset: str, *, excluding: bool = False, limit: int = 100, cursor: str | None = None) -> Holders:
        """Return some of them, and of which products nobody can say.

        Example:
            >>> muster.holders("default/demo/1/db/schema/table_00000").failed
            0

        Raises:
            NotFound: as `products_of`.
        """
        query = {"all": excluding, "limit": limit, "cursor": cursor}
        return self._sender.look(Holders, f"/assets/{step(asset)}/dataProducts", query=query)
