"""Products: listed, shown, defined, changed, archived."""

from collections.abc import Iterator, Sequence

from muster.client.answers import ProductPage
from muster.client.models import Asset, Product
from muster.client.part import AT_ONCE, Part, pages
from muster.client.saying import Face, Selecting, body, selection, several
from muster.client.sending import name as step


class Products(Part):
    """The part of the client that is about products themselves."""

    def products(self, name: str = "") -> Iterator[Product]:
        """Stream the products whose names contain `name`, case aside, in order of name, each with `members`.

        Example:
            >>> [(one.name, one.members) for one in muster.products("gold")]
            [('Gold tables', 400)]
        """
        for page in pages(lambda cursor: self.product_page(name, cursor=cursor), lambda page: page.paging.next):
            yield from page.data

    def product_page(self, name: str = "", *, limit: int = AT_ONCE, cursor: str | None = None) -> ProductPage:
        """Return some of them: at most `limit`, after those of the page whose `paging.next` is passed on.

        Example:
            >>> len(muster.product_page(limit=1).data)
            1
        """
        query = {"name": name, "limit": limit, "cursor": cursor}
        return self._sender.look(ProductPage, "/products", query=query)

    def product(self, ref: str) -> Product:
        """Return a product by name, guid or qualified name, with `standings` and `last_run`.

        Example:
            >>> muster.product("Gold tables").selection.text
            'type:Table tag:Gold'

        Raises:
            NotFound: there is none.
            Conflict: several have the name.
        """
        return self._sender.look(Product, f"/products/{step(ref)}")

    def create(
        self,
        name: str,
        said: Selecting,
        *,
        domain: str = "Default",
        face: Face | None = None,
        description: str | None = None,
        owners: Sequence[str] | None = None,
        allow_unknown_fields: bool = False,
    ) -> Product:
        """Define a product by a selection, in a domain of that name (made when new) or qualified name.

        What there is to say of the selection is in `complaints`.

        Example:
            >>> muster.create("All tables", "type:Table").selection.english
            'Tables'

        Raises:
            InvalidInput: the selection cannot be read or run.
            Conflict: the domain has a product of that name.
            Forbidden: the token may not write in that domain.
        """
        asked = body(
            name=name,
            selection=selection(said),
            domain=domain,
            face=face,
            description=description,
            owners=None if owners is None else several(owners),
            lenient=allow_unknown_fields,
        )
        return self._sender.ask(Product, "POST", "/products", body=asked)

    def update(
        self,
        ref: str,
        said: Selecting | None = None,
        *,
        name: str | None = None,
        face: Face | None = None,
        description: str | None = None,
        owners: Sequence[str] | None = None,
        allow_unknown_fields: bool = False,
    ) -> Product:
        """Change a product's selection, name, description or owners; what is None stays as it is.

        Example:
            >>> muster.update("All tables", description="Every one").description
            'Every one'

        Raises:
            NotFound, InvalidInput, Conflict, Forbidden: as `create` and `product`.
        """
        asked = body(
            name=name,
            selection=None if said is None else selection(said),
            face=face,
            description=description,
            owners=None if owners is None else several(owners),
            lenient=allow_unknown_fields,
        )
        return self._sender.ask(Product, "PATCH", f"/products/{step(ref)}", body=asked)

    def delete(self, ref: str) -> Asset:
        """Archive a product; its history stays on record.

        Example:
            >>> muster.delete("All tables").name
            'All tables'

        Raises:
            NotFound, Forbidden: as `update`.
        """
        return self._sender.ask(Asset, "DELETE", f"/products/{step(ref)}")
