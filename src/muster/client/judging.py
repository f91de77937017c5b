"""Runs of all products, and what is decided about those that were held."""

from collections.abc import Iterator
from typing import Literal, TypeAlias

from muster.client.answers import Rejected, RunOfProductPage
from muster.client.models import Approved, Run, RunOfProduct
from muster.client.part import AT_ONCE, Part, pages, product_path

Outcome: TypeAlias = Literal["applied", "unchanged", "held"]
Trigger: TypeAlias = Literal["full", "incremental", "audit", "approval", "forced"]


class Judging(Part):
    """The part of the client that is about held runs.

    `outcome` and `trigger` choose runs; `decided` those held ones that somebody decided about, or (False) that wait for it.
    """

    def runs_of_all(
        self, *, outcome: Outcome | None = None, trigger: Trigger | None = None, decided: bool | None = None
    ) -> Iterator[RunOfProduct]:
        """Stream the syncs of all products, newest first.

        Example:
            >>> muster.update("First tables", "type:Table name:nobody").selection.revision
            2
            >>> muster.sync("First tables").held_because
            'it would empty the product, which has 100 members'
            >>> [run.product.name for run in muster.runs_of_all(outcome="held", decided=False)]
            ['First tables']
        """

        def page(before: int | None) -> RunOfProductPage:
            return self.run_of_all_page(outcome=outcome, trigger=trigger, decided=decided, limit=AT_ONCE, before=before)

        for one in pages(page, lambda page: page.paging.before):
            yield from one.data

    def run_of_all_page(
        self,
        *,
        outcome: Outcome | None = None,
        trigger: Trigger | None = None,
        decided: bool | None = None,
        limit: int = 100,
        before: int | None = None,
    ) -> RunOfProductPage:
        """Return some of them: at most `limit` of those with a lower number than `before`.

        Example:
            >>> len(muster.run_of_all_page(limit=1).data)
            1
        """
        query = {"outcome": outcome, "trigger": trigger, "decided": decided, "limit": limit, "before": before}
        return self._sender.look(RunOfProductPage, "/runs", query=query)

    def reject(self, ref: str, run: int, *, reason: str = "") -> Run:
        """Leave undone what a held run of a product would have done; the stored members stay.

        Example:
            >>> held = next(muster.runs_of_all(outcome="held"))
            >>> muster.reject("First tables", held.run, reason="a slip").verdict
            'rejected'

        Raises:
            NotFound: there is no such product, or the run is none of its.
            Conflict: it was not held, or decided about before, or a later run came since.
            Forbidden: the token may not write to the product.
        """
        path = product_path(ref, "runs", str(run), "reject")
        return self._sender.ask(Rejected, "POST", path, body={"reason": reason}).rejected

    def approve(self, ref: str, run: int, *, reason: str = "") -> Approved:
        """Do what a held run of a product would have done: exactly that, by a run of its own.

        Example:
            >>> for text in ("type:Table name:table_000*", "type:Table name:none"):
            ...     changed = muster.update("First tables", text)
            ...     held = muster.sync("First tables")
            >>> muster.approve("First tables", held.run, reason="as announced").run.left
            100

        Raises:
            NotFound, Conflict, Forbidden: as `reject`; Conflict also where it would move nobody, or anything came since.
        """
        path = product_path(ref, "runs", str(run), "approve")
        return self._sender.ask(Approved, "POST", path, body={"reason": reason})
