"""Reports by the services in this process."""

from collections.abc import Mapping, Sequence
from typing import IO, Any, Final, assert_never

from muster.cli.answering.inside import OnWorkspace, read, request
from muster.cli.answering.reporting import DeadClauses, Freshness, NoProduct, OfProducts, Overlap, Supposing, Unchanging
from muster.client.models import DeadRow, FreshnessRow, OverlapRow, Report, Supposition, UnchangingRow, Uncovered
from muster.errors import InvalidInput
from muster.query.nodes import Node
from muster.service.dotted import called, dotted_names
from muster.service.reports.dead import dead_clauses
from muster.service.reports.freshness import freshness
from muster.service.reports.overlap import Overlaps, overlap
from muster.service.reports.reported import Reported, Row, reported
from muster.service.reports.unchanging import unchanging
from muster.service.reports.uncovered import among, missing_of, uncovered
from muster.service.rows import Column, columns, rows
from muster.service.supposing.suppose import suppose
from muster.service.supposing.worlds import Dropped, Fate, Owner, Renamed, Schema, Supposed, Tag
from muster.views import reports as views
from muster.views.sheets import Batches, csv_text

NAMES: Final[Mapping[type[OfProducts], str]] = {
    Freshness: "freshness",
    Overlap: "overlap",
    Unchanging: "unchanging",
    DeadClauses: "deadClauses",
}
MODELS: Final[Mapping[type[OfProducts], type[Report[Any]]]] = {
    Freshness: Report[FreshnessRow],
    Overlap: Report[OverlapRow],
    Unchanging: Report[UnchangingRow],
    DeadClauses: Report[DeadRow],
}


class ReportingHere(OnWorkspace):
    """The services, as `muster.cli.answering.reporting.Reporting` asks them."""

    def report(self, wanted: OfProducts) -> Report[Any]:
        """Report about products."""
        return read(MODELS[type(wanted)], views.report(self._reported(wanted)))

    def uncovered(self, wanted: NoProduct) -> Uncovered:
        """Report assets that no product has."""
        asked = request(wanted.limit, wanted.cursor, wanted.sort)
        return read(Uncovered, views.uncovered(uncovered(self._work, asked, self._among(wanted.among))))

    def write_report(self, wanted: OfProducts | NoProduct, to: IO[bytes]) -> None:
        """Write a report as CSV."""
        for some in csv_text(*self._table(wanted)):
            to.write(some)

    def what_if(self, wanted: Supposing) -> Supposition:
        """Say what would move."""
        found = suppose(self._work, _supposed(wanted))
        names = dotted_names(self._work, [one.product for one in found.told])
        return read(Supposition, views.supposition(found, names, self._work.record.entities, wanted.limit))

    def _table(self, wanted: OfProducts | NoProduct) -> tuple[Sequence[Column], Batches]:
        if not isinstance(wanted, NoProduct):
            return views.table(NAMES[type(wanted)], views.report(self._reported(wanted)))
        missing, _ = missing_of(self._work, self._among(wanted.among))
        return columns(()), rows(self._work, missing, columns(()))

    def _among(self, said: str | None) -> Node | None:
        """Return the selection that narrows the assets; an error that means all of it points nowhere, as a server's."""
        try:
            return among(self._work, said)
        except InvalidInput as error:
            error.path = error.path or None
            raise

    def _reported(self, wanted: OfProducts) -> Reported:
        return reported(self._work, self._rows(wanted), wanted.limit)

    def _rows(self, wanted: OfProducts) -> Sequence[Row] | Overlaps:
        work = self._work
        match wanted:
            case Freshness():
                return freshness(work)
            case Overlap(limit, of):
                return overlap(work, limit=limit, of=None if of is None else called(work, of))
            case Unchanging(_, since):
                return unchanging(work, milliseconds=since)
            case DeadClauses():
                return dead_clauses(work)
            case _:
                assert_never(wanted)


def _supposed(wanted: Supposing) -> Supposed:
    fate: Fate = Dropped() if wanted.renamed_to is None else Renamed(wanted.renamed_to)
    if wanted.tag is not None:
        return Tag(wanted.tag, fate)
    if wanted.owner is not None:
        return Owner(wanted.owner, fate)
    return Schema(wanted.schema or "", fate)
