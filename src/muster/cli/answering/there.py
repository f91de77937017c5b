"""Answers by a server, over HTTP: what a verb says and prints is what it would be on the server's own machine."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TypedDict

from muster.cli.answering.across import pointing_here
from muster.cli.answering.keeping_there import KeepingThere
from muster.cli.answering.protocol import Details, History, Mode, Part, Ruling, Written
from muster.cli.answering.reporting_there import ReportingThere
from muster.cli.answering.telling_there import TellingThere
from muster.client import saying
from muster.client.answers import Moves
from muster.client.models import Asset, Complaint, Count, Explained, MemberPage, Preview, Product, SyncedRun
from muster.membership import Decision


class _Reading(TypedDict):
    mode: saying.Mode | None
    max_age: timedelta | None
    as_of: str | None


class There(KeepingThere, ReportingThere, TellingThere):
    """A server, as `muster.cli.answering.protocol.Answering` asks it. A product is found first, then asked by guid."""

    @pointing_here("")
    def create(self, name: str, selection: Written, about: Details, *, domain: str, lenient: bool) -> Product:
        """Define a product."""
        return self._client.create(
            name,
            selection.text,
            domain=domain,
            face=_face(selection),
            description=about.description,
            owners=about.owners,
            allow_unknown_fields=lenient,
        )

    @pointing_here("")
    def update(self, product: str, selection: Written | None, about: Details, *, lenient: bool) -> Product:
        """Change a product."""
        return self._client.update(
            product,
            selection.text if selection else None,
            name=about.name,
            face=_face(selection),
            description=about.description,
            owners=about.owners,
            allow_unknown_fields=lenient,
        )

    def products(self, contains: str) -> list[Product]:
        """List products."""
        return list(self._client.products(contains))

    def product(self, product: str) -> Product:
        """Show one product."""
        return self._client.product(product)

    @pointing_here()
    def members(self, product: str, mode: Mode, part: Part) -> MemberPage:
        """Return one page of members."""
        return self._client.member_page(
            self._whose(product, mode),
            **_reading(mode),
            fields=part.attributes,
            sort=part.sort,
            limit=part.limit,
            cursor=part.cursor,
        )

    def member_ids(self, product: str, mode: Mode) -> Iterator[str]:
        """Stream the guids of all members."""
        with pointing_here():
            yield from self._client.member_ids(self._whose(product, mode), **_reading(mode))

    @pointing_here()
    def count(self, product: str, mode: Mode) -> Count:
        """Count the members."""
        return self._client.count(self._whose(product, mode), **_reading(mode))

    @pointing_here()
    def explain(self, product: str, asset: str, run: int | None) -> Explained:
        """Say why an asset is in or out."""
        return self._client.explain(self._guid(product) if run is None else self._remembered(product), asset, run=run)

    def history(self, product: str, limit: int) -> History:
        """Return runs and edits."""
        guid = self._remembered(product)
        page = self._client.run_page(guid, limit=limit)
        return History(tuple(page.data), tuple(self._client.revisions(guid)), page.paging)

    @pointing_here()
    def moves(self, product: str, run: int, limit: int) -> Moves:
        """Return whom a run moved."""
        return self._client.moves(product, run, limit=limit)

    def delete(self, product: str) -> Asset:
        """Archive a product."""
        return self._client.delete(product)

    @pointing_here()
    def decide(self, product: str, assets: Sequence[str], ruling: Ruling) -> list[Asset]:
        """Decide by hand."""
        decide = self._client.pin if ruling.decision is Decision.PIN else self._client.exclude
        stood = decide(self._guid(product), assets, reason=ruling.reason, expires=ruling.expires)
        return [one.asset for one in stood if one.asset]

    @pointing_here()
    def withdraw(self, product: str, assets: Sequence[str]) -> int:
        """Take decisions back."""
        return self._client.withdraw(product, assets)

    @pointing_here()
    def preview(self, selection: Written, part: Part, replaces: str | None) -> Preview:
        """Run a selection that is not stored."""
        return self._client.preview(
            selection.text,
            face=_face(selection),
            fields=part.attributes,
            sort=part.sort,
            limit=part.limit,
            cursor=part.cursor,
            replaces=replaces,
        )

    @pointing_here()
    def check(self, selection: Written) -> list[Complaint]:
        """Complain about a selection."""
        return self._client.check(selection.text, face=_face(selection)).complaints

    def sync(self, products: Sequence[str], *, force: bool) -> Iterator[SyncedRun]:
        """Sync products."""
        return self._client.sync_all(products, force=force)

    def _whose(self, product: str, mode: Mode) -> str:
        """Return the product whose members are meant."""
        return self._guid(product) if mode.as_of is None else self._remembered(product)


def _face(selection: Written | None) -> saying.Face | None:
    return selection.face.value if selection and selection.face else None


def _reading(mode: Mode) -> _Reading:
    age = None if mode.max_age is None else timedelta(milliseconds=mode.max_age)
    return {"mode": "stored" if mode.stored else None, "max_age": age, "as_of": mode.as_of}
