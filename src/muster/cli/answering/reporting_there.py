"""Reports by a server."""

from datetime import timedelta
from typing import IO, Any, assert_never

from muster.cli.answering.across import OnServer, pointing_here
from muster.cli.answering.reporting import DeadClauses, Freshness, NoProduct, OfProducts, Overlap, Supposing, Unchanging
from muster.client.models import Report, Supposition, Uncovered


class ReportingThere(OnServer):
    """A server, as `muster.cli.answering.reporting.Reporting` asks it."""

    @pointing_here()
    def report(self, wanted: OfProducts) -> Report[Any]:
        """Report about products."""
        match wanted:
            case Freshness(limit):
                return self._client.freshness(limit=limit)
            case Overlap(limit, of):
                return self._client.overlap(of=self._one(of), limit=limit)
            case Unchanging(limit, since):
                return self._client.unchanging(since=_span(since), limit=limit)
            case DeadClauses(limit):
                return self._client.dead_clauses(limit=limit)
            case _:
                assert_never(wanted)

    @pointing_here()
    def uncovered(self, wanted: NoProduct) -> Uncovered:
        """Report assets that no product has."""
        return self._client.uncovered(wanted.among, sort=wanted.sort, limit=wanted.limit, cursor=wanted.cursor)

    @pointing_here()
    def what_if(self, wanted: Supposing) -> Supposition:
        """Say what would move."""
        return self._client.what_if(
            tag=wanted.tag,
            owner=wanted.owner,
            schema=wanted.schema,
            renamed_to=wanted.renamed_to,
            dropped=wanted.renamed_to is None,
            limit=wanted.limit,
        )

    @pointing_here()
    def write_report(self, wanted: OfProducts | NoProduct, to: IO[bytes]) -> None:
        """Write a report as CSV."""
        export = self._client.export_report
        match wanted:
            case Freshness(limit):
                export("freshness", to=to, limit=limit)
            case Overlap(limit, of):
                export("overlap", to=to, of=self._one(of), limit=limit)
            case Unchanging(limit, since):
                export("unchanging", to=to, since=_span(since), limit=limit)
            case DeadClauses(limit):
                export("deadClauses", to=to, limit=limit)
            case NoProduct(among=among):
                export("uncovered", to=to, q=among)
            case _:
                assert_never(wanted)

    def _one(self, product: str | None) -> str | None:
        return None if product is None else self._guid(product)


def _span(milliseconds: int | None) -> timedelta | None:
    return None if milliseconds is None else timedelta(milliseconds=milliseconds)
