"""Answers by the services, in this process, over a workspace that it opened."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Final

from muster import views
from muster.batches import batches
from muster.catalog.product import Product as StoredProduct
from muster.catalog.product import Selection
from muster.cli.answering.inside import read, request
from muster.cli.answering.keeping_here import KeepingHere
from muster.cli.answering.protocol import Details, History, Mode, Part, Ruling, Written
from muster.cli.answering.reporting_here import ReportingHere
from muster.cli.answering.telling_here import TellingHere
from muster.cli.indexing import catch_up
from muster.client.answers import Moves
from muster.client.models import (
    Asset,
    Complaint,
    Count,
    Explained,
    MemberPage,
    Paging,
    Preview,
    Product,
    Revision,
    Run,
    SyncedRun,
)
from muster.service import decide, define, overview, past, resolve, selecting
from muster.service.check import check
from muster.service.dotted import called, dotted_names, product
from muster.service.explain import explain, explain_at
from muster.service.history import history, moved
from muster.service.moments import moment
from muster.service.past import Reading
from muster.service.preview import preview
from muster.service.replacing import replacing
from muster.service.resolve import Live, MaxAge, Source, Stored
from muster.service.sync import Synced, sync
from muster.views import keeping

AT_ONCE: Final = 100
"""Runs that are told at once."""


class Here(KeepingHere, ReportingHere, TellingHere):
    """The services, as `muster.cli.answering.protocol.Answering` asks them."""

    def create(self, name: str, selection: Written, about: Details, *, domain: str, lenient: bool) -> Product:
        """Define a product."""
        made = define.create(
            self._work, name, _written(selection), _details(about), domain_name=domain, lenient=lenient
        )
        return read(Product, views.defined(made))

    def update(self, product: str, selection: Written | None, about: Details, *, lenient: bool) -> Product:
        """Change a product."""
        written = None if selection is None else _written(selection)
        changed = define.update(self._work, self._guid(product), written, _details(about), lenient=lenient)
        return read(Product, views.defined(changed))

    def products(self, contains: str) -> list[Product]:
        """List products with the size of their stored membership."""
        found = list(overview.listed(self._work, contains))
        names = dotted_names(self._work, [one.product.entity for one in found])
        return [read(Product, views.listed(one, names)) for one in found]

    def product(self, product: str) -> Product:
        """Show one product."""
        return read(Product, views.shown(overview.shown(self._work, called(self._work, product))))

    def members(self, product: str, mode: Mode, part: Part) -> MemberPage:
        """Return one page of members."""
        asked = request(part.limit, part.cursor, part.sort)
        page = past.read_page(self._work, self._whose(product, mode), self._reading(mode), asked)
        return read(MemberPage, views.member_page(page, part.attributes))

    def member_ids(self, product: str, mode: Mode) -> Iterator[str]:
        """Stream the guids of all members."""
        _, found = past.read_members(self._work, self._whose(product, mode), self._reading(mode))
        return self._work.record.guids(found)

    def count(self, product: str, mode: Mode) -> Count:
        """Count the members."""
        source, found = past.read_members(self._work, self._whose(product, mode), self._reading(mode))
        stored = source.source is Source.STORED
        by_type = resolve.stored_tally(self._work, found) if stored else resolve.tally(self._work, found)
        return read(Count, views.count(by_type, len(found), source))

    def explain(self, product: str, asset: str, run: int | None) -> Explained:
        """Say why an asset is in or out."""
        if run is not None:
            return read(Explained, views.explained(explain_at(self._work, self._remembered(product), asset, run)))
        catch_up(self._work)
        return read(Explained, views.explained(explain(self._work, self._guid(product), asset)))

    def history(self, product: str, limit: int) -> History:
        """Return runs and edits."""
        past = history(self._work, self._remembered(product), limit=limit + 1)
        shown = past.runs[:limit]
        paging = {"before": shown[-1].number} if len(past.runs) > limit else {}
        runs = tuple(read(Run, views.run(one)) for one in shown)
        revisions = tuple(read(Revision, views.revision(one)) for one in past.revisions)
        return History(runs, revisions, read(Paging, paging))

    def moves(self, product: str, run: int, limit: int) -> Moves:
        """Return whom a run moved."""
        found = moved(self._work, self._remembered(product), run, limit=limit)
        return read(Moves, views.moves(found))

    def delete(self, product: str) -> Asset:
        """Archive a product."""
        return read(Asset, views.entity(define.delete(self._work, self._guid(product)).entity))

    def decide(self, product: str, assets: Sequence[str], ruling: Ruling) -> list[Asset]:
        """Decide by hand."""
        until = None if ruling.expires is None else moment(ruling.expires, self._work.clock())
        given = decide.Given(ruling.reason, until)
        decided = decide.decide(self._work, self._guid(product), assets, ruling.decision, given)
        return [read(Asset, views.entity(one)) for one in decided]

    def withdraw(self, product: str, assets: Sequence[str]) -> int:
        """Take decisions back."""
        return decide.withdraw(self._work, self._guid(product), assets)

    def preview(self, selection: Written, part: Part, replaces: str | None) -> Preview:
        """Run a selection that is not stored."""
        catch_up(self._work)
        said, page = _written(selection), request(part.limit, part.cursor, part.sort)
        node, face = selecting.read(self._work, said)
        found = views.preview(preview(self._work, node, page), part.attributes)
        if replaces is not None:
            found["replaces"] = self._replaced(replaces, selecting.stored(said.text, face, node), part)
        return read(Preview, found)

    def _replaced(self, name: str, selection: Selection, part: Part) -> dict[str, Any]:
        page = request(part.limit, None, part.sort)
        found = replacing(self._work, product(self._work, name), selection, page)
        return views.replacing(found, dotted_names(self._work, found.touches.everyone), part.attributes)

    def check(self, selection: Written) -> list[Complaint]:
        """Complain about a selection."""
        catch_up(self._work)
        node, _ = selecting.read(self._work, _written(selection))
        return [read(Complaint, one.as_dict()) for one in check(self._work, node)]

    def sync(self, products: Sequence[str], *, force: bool) -> Iterator[SyncedRun]:
        """Sync products."""
        catch_up(self._work)
        done = sync(self._work, [*map(self._guid, products)], force=force)
        yield from chain.from_iterable(map(self._synced, batches(done, AT_ONCE)))

    def _synced(self, some: list[Synced]) -> list[SyncedRun]:
        names = dotted_names(self._work, [one.product.entity for one in some])
        return [read(SyncedRun, one) for one in keeping.synced(some, names)]

    def _whose(self, product: str, mode: Mode) -> StoredProduct:
        """Return the product whose members are meant."""
        return called(self._work, product) if mode.as_of is None else self._remembered(product)

    def _reading(self, mode: Mode) -> Reading:
        """Return which members are meant; a live answer is about the catalog as recorded, a stored one needs no index."""
        if mode.as_of is not None:
            return past.read_when(mode.as_of, self._work.clock())
        if mode.stored:
            return Stored()
        catch_up(self._work)
        return Live() if mode.max_age is None else MaxAge(mode.max_age)


def _written(selection: Written) -> selecting.Written:
    return selecting.Written(selection.text, selection.face)


def _details(about: Details) -> define.Details:
    return define.Details(about.name, about.description, about.owners)
