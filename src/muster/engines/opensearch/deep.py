"""Pages that begin further in than a server jumps: they are walked to, by sort values alone."""

from typing import Any

from muster.engines.opensearch import pages
from muster.engines.opensearch.server import Json, Refused
from muster.engines.opensearch.sets.views import View
from muster.protocols import Found, Page

STEP = 10_000
"""Hits of one step of the walk, each some 50 bytes of sort values."""

WANTED = ("hits.hits.sort",)


def is_deep(page: Page, window: int) -> bool:
    """Whether a server refuses to begin there: beyond the `window` of an index, or some way behind a hit."""
    return page.offset + page.size > window or (page.offset > 0 and page.after is not None)


def found(view: View, body: Json, page: Page, window: int) -> Found:
    """Return the page of a search that begins at `page.offset`; of all that is before it one step is held at a time.

    Raises:
        Refused: the server cannot read the query.
    """
    at = {**body, "from": 0}
    start, left = _jumped(view, at, page, window)
    while start is not None and left:
        step = min(left, STEP)
        start, left = _last(view, {**start, "size": step}, step, page), left - step
    if start is None:  # the result ends before the page begins
        return pages.found(_asked(view, {**at, "size": 0}), page)
    return pages.found(_asked(view, {**start, "size": page.size}), page)


def _jumped(view: View, body: Json, page: Page, window: int) -> tuple[Json | None, int]:
    """Jump as far as the server does; return the search for what follows, and how much is left to walk."""
    if page.after is not None or page.offset < window:
        return body, page.offset
    return _last(view, {**body, "from": window - 1, "size": 1}, 1, page), page.offset - window


def _last(view: View, body: Json, size: int, page: Page) -> Json | None:
    """Return the search for what follows so many hits; None where there are not as many."""
    hits = _asked(view, {**body, "track_total_hits": False})["hits"].get("hits", [])
    if len(hits) < size:
        return None
    return {**body, "from": 0, "track_total_hits": True, "search_after": hits[-1]["sort"][: len(page.sort) + 1]}


def _asked(view: View, body: Json) -> Any:
    answer = view.search([body], WANTED)[0]
    if isinstance(answer, Refused):
        raise answer
    return answer
