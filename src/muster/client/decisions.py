"""Pins and exclusions: what is decided by hand, whatever the selection says."""

from collections.abc import Iterator, Sequence

from muster.client.answers import StandingPage, Withdrawn
from muster.client.models import Standing
from muster.client.part import AT_ONCE, Part, pages, product_path
from muster.client.saying import Expiry, body, expiry, several
from muster.client.sending import name as step

PINS = "pins"
EXCLUSIONS = "exclusions"


class Decisions(Part):
    """The part of the client that is about decisions by hand. Assets go by guid or qualified name; one may stand alone.

    Raises:
        NotFound: the product or one of the assets is not there.
        InvalidInput: no asset, no reason, an expiry that is past or none.
        Forbidden: the token may not write to the product.
    """

    def pin(self, ref: str, assets: Sequence[str], *, reason: str, expires: Expiry = None) -> list[Standing]:
        """Keep assets in a product, and return what stands about them now; all of them or none.

        Example:
            >>> muster.pin("Gold tables", ["default/demo/1/db/schema/table_00001"], reason="audited")[0].reason
            'audited'
        """
        return self._decide(ref, PINS, assets, reason, expires)

    def exclude(self, ref: str, assets: Sequence[str], *, reason: str, expires: Expiry = None) -> list[Standing]:
        """Keep assets out of a product, and return what stands about them now; all of them or none.

        Example:
            >>> out = muster.exclude(
            ...     "Gold tables", ["default/demo/1/db/schema/table_00000"], reason="moved", expires="30d"
            ... )
            >>> out[0].decision
            'exclusion'
        """
        return self._decide(ref, EXCLUSIONS, assets, reason, expires)

    def withdraw(self, ref: str, assets: Sequence[str]) -> int:
        """Take pins and exclusions of assets back; return how many stood. NotFound when none did.

        Example:
            >>> muster.withdraw("Gold tables", [f"default/demo/1/db/schema/table_0000{n}" for n in (0, 1)])
            2
        """
        asked = {"assets": several(assets)}
        return self._sender.ask(Withdrawn, "POST", f"/products/{step(ref)}/withdraw", body=asked).withdrawn

    def pins(self, ref: str, *, ended: bool = False) -> Iterator[Standing]:
        """Stream the pins of a product, those that ended as well when asked for.

        Example:
            >>> list(muster.pins("Gold tables"))
            []
        """
        return self._listed(ref, PINS, ended=ended)

    def exclusions(self, ref: str, *, ended: bool = False) -> Iterator[Standing]:
        """Stream the exclusions of a product, those that ended as well when asked for.

        Example:
            >>> [one.withdrawn_by is not None for one in muster.exclusions("Gold tables", ended=True)]
            [True]
        """
        return self._listed(ref, EXCLUSIONS, ended=ended)

    def _decide(self, ref: str, kind: str, assets: Sequence[str], reason: str, expires: Expiry) -> list[Standing]:
        asked = body(assets=several(assets), reason=reason, expiresAt=expiry(expires))
        return self._sender.ask(StandingPage, "POST", product_path(ref, kind), body=asked).data

    def _listed(self, ref: str, kind: str, *, ended: bool) -> Iterator[Standing]:
        def page(cursor: str | None) -> StandingPage:
            query = {"limit": AT_ONCE, "cursor": cursor, "all": ended}
            return self._sender.look(StandingPage, product_path(ref, kind), query=query)

        for one in pages(page, lambda page: page.paging.next):
            yield from one.data
