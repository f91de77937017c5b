"""Members of several products together: of any of some, who are in each of others, and in none of the rest."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from muster.client.answers import Together, TogetherCount
from muster.client.models import Asset
from muster.client.part import AT_ONCE, Part, pages
from muster.client.saying import Mode, listed, several, span


class Algebra(Part):
    """The part of the client that is about several products: the members of any in `of`, of each in `also`, of none in `without`.

    Raises:
        NotFound: one of them is not there, or nothing is stored of it yet.
    """

    def together(
        self,
        of: Sequence[str],
        *,
        also: Sequence[str] = (),
        without: Sequence[str] = (),
        mode: Mode | None = None,
        max_age: timedelta | str | None = None,
        fields: Sequence[str] = (),
        sort: Sequence[str] = (),
    ) -> Iterator[Asset]:
        """Stream those members, asking for the next page when it is needed.

        Example:
            >>> next(muster.together(["Gold tables"], without=["First tables"], sort=["name.keyword"])).name
            'table_00102'
        """

        def page(cursor: str | None) -> Together:
            return self.together_page(
                of,
                also=also,
                without=without,
                mode=mode,
                max_age=max_age,
                fields=fields,
                sort=sort,
                limit=AT_ONCE,
                cursor=cursor,
            )

        for one in pages(page, lambda page: page.next):
            yield from one.members

    def together_page(
        self,
        of: Sequence[str],
        *,
        also: Sequence[str] = (),
        without: Sequence[str] = (),
        mode: Mode | None = None,
        max_age: timedelta | str | None = None,
        fields: Sequence[str] = (),
        sort: Sequence[str] = (),
        limit: int = 100,
        cursor: str | None = None,
    ) -> Together:
        """Return some of them with the exact total: at most `limit`, after the page whose `next` is passed on.

        Example:
            >>> muster.together_page(["Gold tables"], also=["First tables"], limit=1).total
            34
        """
        query = {
            "of": several(of),
            "and": several(also),
            "not": several(without),
            "mode": mode,
            "maxAge": span(max_age),
            "fields": listed(fields),
            "sort": several(sort),
            "limit": limit,
            "cursor": cursor,
        }
        return self._sender.look(Together, "/members", query=query)

    def count_together(
        self,
        of: Sequence[str],
        *,
        also: Sequence[str] = (),
        without: Sequence[str] = (),
        mode: Mode | None = None,
        max_age: timedelta | str | None = None,
    ) -> TogetherCount:
        """Count them, in all and by type.

        Example:
            >>> muster.count_together(["Gold tables", "First tables"]).by_type
            {'Table': 466}
        """
        query = {
            "of": several(of),
            "and": several(also),
            "not": several(without),
            "mode": mode,
            "maxAge": span(max_age),
        }
        return self._sender.look(TogetherCount, "/members/count", query=query)
