"""What happened to a product: runs, who moved, edits of its selection; and a new run."""

from collections.abc import Iterator, Sequence

from muster.client.answers import ChangePage, Moves, RevisionPage, RunPage, Synced
from muster.client.models import Change, Difference, Differing, Revision, Run, RunInFull, SyncedRun
from muster.client.part import AT_ONCE, Part, pages, product_path
from muster.client.saying import When, expiry, several
from muster.client.sending import name as step
from muster.client.sending import read


class History(Part):
    """The part of the client that is about syncs and what they moved."""

    def sync(self, ref: str, *, force: bool = False) -> Run:
        """Bring the stored membership of a product up to date; a run that would empty it is `held`, unless forced.

        Example:
            >>> muster.sync("Gold tables").outcome
            'unchanged'

        Raises:
            NotFound: there is no such product.
            Forbidden: the token may not write to it.
        """
        return self._sender.ask(Synced, "POST", product_path(ref, "sync"), body={"force": force}).run

    def sync_all(self, refs: Sequence[str] = (), *, force: bool = False) -> Iterator[SyncedRun]:
        """Sync these products together, or all where none is named; each run comes when it is stored.

        They share the work of what their selections have in common. Whoever stops reading stops the sync.

        Example:
            >>> [(run.product.dotted_name, run.total) for run in muster.sync_all(["Gold tables"])]
            [('Default.Gold tables', 400)]

        Raises:
            NotFound, Forbidden: as `sync`, of any of them: none is synced then.
        """
        asked = {"products": several(refs) or None, "force": force}
        with self._sender.stream("POST", "/products/sync", body=asked) as response:
            for line in response.iter_lines():
                yield read(SyncedRun, line)

    def runs(self, ref: str) -> Iterator[Run]:
        """Stream the syncs of a product, newest first.

        Example:
            >>> list(muster.runs("Gold tables"))[-1].joined
            400

        Raises:
            NotFound: there is no such product.
        """
        for page in pages(lambda before: self.run_page(ref, before=before), lambda page: page.paging.before):
            yield from page.data

    def run_page(self, ref: str, *, limit: int = AT_ONCE, before: int | None = None) -> RunPage:
        """Return some of them: at most `limit` of those with a lower number than `before`.

        Example:
            >>> len(muster.run_page("Gold tables", limit=1).data)
            1

        Raises:
            NotFound: as `runs`.
        """
        return self._sender.look(RunPage, product_path(ref, "runs"), query={"limit": limit, "before": before})

    def run(self, ref: str, number: int) -> RunInFull:
        """Return one sync of a product, with how many it moved for which cause.

        Example:
            >>> muster.run("Gold tables", next(muster.runs("Gold tables")).run).revision
            1

        Raises:
            NotFound: there is no such product, or the run is none of its.
        """
        return self._sender.look(RunInFull, product_path(ref, "runs", str(number)))

    def changes(self, ref: str, *, run: int | None = None, joined: bool | None = None) -> Iterator[Change]:
        """Stream who joined and left a product, the newest run first; of one run only, joins (or leaves) only.

        Example:
            >>> next(muster.changes("Gold tables")).cause
            'first run'

        Raises:
            NotFound: as `run`.
        """

        def page(cursor: str | None) -> ChangePage:
            return self.change_page(ref, run=run, joined=joined, limit=AT_ONCE, cursor=cursor)

        for one in pages(page, lambda page: page.paging.next):
            yield from one.data

    def change_page(
        self,
        ref: str,
        *,
        run: int | None = None,
        joined: bool | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> ChangePage:
        """Return some of them: at most `limit`, after those of the page whose `paging.next` is passed on.

        Example:
            >>> len(muster.change_page("Gold tables", limit=5).data)
            5

        Raises:
            NotFound: as `run`.
        """
        query = {"run": run, "joined": joined, "limit": limit, "cursor": cursor}
        return self._sender.look(ChangePage, product_path(ref, "changes"), query=query)

    def moves(self, ref: str, run: int, *, limit: int = 100) -> Moves:
        """Return whom a run moved, joins before leaves, at most `limit` of each cause, and how many there are in all.

        Example:
            >>> first = list(muster.runs("Gold tables"))[-1]
            >>> muster.moves("Gold tables", first.run, limit=5).total
            400

        Raises:
            NotFound: as `run`.
        """
        return self._sender.look(Moves, f"/products/{step(ref)}/runs/{run}/moves", query={"limit": limit})

    def difference(
        self, ref: str, before: When, after: When = None, *, joined: bool | None = None
    ) -> Iterator[Differing]:
        """Stream the assets that are in one of two memberships of a product only; in the second where they `joined`.

        Example:
            >>> list(muster.difference("Gold tables", "generation:1"))
            []

        Raises:
            NotFound: there is no such product, or nothing was stored of it then.
            InvalidInput: a moment is none, or yet to come.
        """

        def page(cursor: str | None) -> Difference:
            return self.difference_page(ref, before, after, joined=joined, limit=AT_ONCE, cursor=cursor)

        for one in pages(page, lambda page: page.paging.next):
            yield from one.data

    def difference_page(
        self,
        ref: str,
        before: When,
        after: When = None,
        *,
        joined: bool | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Difference:
        """Return some of them, how many there are, and the two memberships; the one stored last where `after` is None.

        Example:
            >>> muster.difference_page("Gold tables", "generation:1").after.total
            400

        Raises:
            NotFound, InvalidInput: as `difference`.
        """
        query = {"from": expiry(before), "to": expiry(after), "joined": joined, "limit": limit, "cursor": cursor}
        return self._sender.look(Difference, product_path(ref, "difference"), query=query)

    def revisions(self, ref: str) -> Iterator[Revision]:
        """Stream the edits of a product's selection, newest first.

        Example:
            >>> [one.revision for one in muster.revisions("Gold tables")]
            [1]

        Raises:
            NotFound: as `runs`.
        """
        for page in pages(lambda before: self.revision_page(ref, before=before), lambda page: page.paging.before):
            yield from page.data

    def revision_page(self, ref: str, *, limit: int = AT_ONCE, before: int | None = None) -> RevisionPage:
        """Return some of them: at most `limit` of those with a lower number than `before`.

        Example:
            >>> muster.revision_page("Gold tables").data[0].by
            'tester'

        Raises:
            NotFound: as `runs`.
        """
        query = {"limit": limit, "before": before}
        return self._sender.look(RevisionPage, product_path(ref, "selection", "revisions"), query=query)
