"""Reports about all products: what overlaps, never changes, is old, does nothing or is in none; and what would move if."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Literal, TypeAlias

from muster.client.exporting import Destination, Format, written
from muster.client.models import DeadRow, FreshnessRow, OverlapRow, Report, Supposition, UnchangingRow, Uncovered
from muster.client.part import Part
from muster.client.saying import body, several, span
from muster.errors import InvalidInput

Name: TypeAlias = Literal[
    "freshness", "overlap", "unchanging", "dead_clauses", "dead-clauses", "deadClauses", "uncovered"
]

NAMES: Final = ("freshness", "overlap", "unchanging", "dead_clauses", "uncovered")
"""The reports by the names of the methods."""


class Reports(Part):
    """The part of the client that reports about all products; what is told of members is of the stored ones."""

    def freshness(self, *, limit: int = 1_000) -> Report[FreshnessRow]:
        """Return how old the stored members of each product are, those first that are older than they may be.

        Example:
            >>> [one.breached for one in muster.freshness().data]
            [False, False]
        """
        return self._sender.look(Report[FreshnessRow], "/reports/freshness", query={"limit": limit})

    def overlap(self, *, of: str | None = None, limit: int = 100) -> Report[OverlapRow]:
        """Return pairs of products with members in common, the most alike first; with `of` those of one product.

        Example:
            >>> [(one.common, round(one.jaccard, 2)) for one in muster.overlap(of="Gold tables").data]
            [(34, 0.07)]

        Raises:
            NotFound: there is no such product.
        """
        return self._sender.look(Report[OverlapRow], "/reports/overlap", query={"of": of, "limit": limit})

    def unchanging(self, *, since: timedelta | str | None = None, limit: int = 1_000) -> Report[UnchangingRow]:
        """Return products that never moved, or have not moved for so long, the longest first.

        Example:
            >>> [one.product.name for one in muster.unchanging().data]
            ['Gold tables']

        Raises:
            InvalidInput: that is no span of time.
        """
        query = {"for": span(since), "limit": limit}
        return self._sender.look(Report[UnchangingRow], "/reports/unchanging", query=query)

    def dead_clauses(self, *, limit: int = 1_000) -> Report[DeadRow]:
        """Return clauses without which the same assets would be held today.

        Example:
            >>> {one.because for one in muster.dead_clauses().data}
            {'keeps nobody out'}
        """
        return self._sender.look(Report[DeadRow], "/reports/deadClauses", query={"limit": limit})

    def uncovered(
        self, q: str | None = None, *, sort: Sequence[str] = (), limit: int = 100, cursor: str | None = None
    ) -> Uncovered:
        """Return some of the assets in use that no product has, only of those that a selection holds; and how many.

        Example:
            >>> muster.uncovered("type:Table", limit=1).total
            734

        Raises:
            InvalidInput: the selection cannot be read or run.
        """
        query = {"q": q, "sort": several(sort), "limit": limit, "cursor": cursor}
        return self._sender.look(Uncovered, "/reports/uncovered", query=query)

    def export_report(
        self,
        report: Name,
        format: Format = "csv",  # noqa: A002 - what it is called everywhere
        *,
        to: Destination,
        q: str | None = None,
        of: str | None = None,
        since: timedelta | str | None = None,
        limit: int | None = None,
    ) -> int:
        """Write a report to a file as a table, and return how many bytes; of assets in no product, all of them.

        It goes by the name that it has here, on the command line or over HTTP.

        Example:
            >>> muster.export_report("overlap", to="overlap.csv") > 100
            True

        Raises:
            NotFound, InvalidInput: as the report itself.
            InvalidInput: there is no such report.
        """
        query = {"format": format, "q": q, "of": of, "for": span(since), "limit": limit}
        with self._sender.stream("GET", f"/reports/{_step(report)}", query=query) as response:
            return written(response, to)

    def what_if(
        self,
        *,
        tag: str | None = None,
        owner: str | None = None,
        schema: str | None = None,
        renamed_to: str | None = None,
        dropped: bool = False,
        limit: int = 10,
    ) -> Supposition:
        """Return which products would move if one tag, owner or schema were `renamed_to` another name, or `dropped`.

        Nothing is changed. At most `limit` assets of each move are told.

        Example:
            >>> muster.what_if(tag="Gold", dropped=True).data[0].leaves.total
            400

        Raises:
            NotFound: there is no such tag or schema, or nothing has that owner.
            Conflict: another tag has the name.
            InvalidInput: it is not one of each.
        """
        asked = body(tag=tag, owner=owner, schema=schema, renamedTo=renamed_to, dropped=dropped or None, limit=limit)
        return self._sender.look(Supposition, "/whatIf", body=asked)


def _step(report: str) -> str:
    """Return what a report is called in its path, by any of its names.

    Raises:
        InvalidInput: there is none of that name.
    """
    for name in NAMES:
        words = name.split("_")
        path = "".join((words[0], *map(str.title, words[1:])))
        if report in {name, name.replace("_", "-"), path}:
            return path
    raise InvalidInput(f"there is no report `{report}`", hint=f"there are {', '.join(f'`{one}`' for one in NAMES)}")
