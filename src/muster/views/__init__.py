"""Things as JSON, on the command line and over HTTP: one function a thing, keys documented in docs/reference/json.md and kept stable."""

from muster.views.decided import clauses, explained, standing
from muster.views.finding import holders, preview, replacing
from muster.views.history import changed, moved, moves, revision, run, run_with_causes
from muster.views.members import count, member_page, provenance
from muster.views.products import brief, current, defined, listed, product, selection, shown
from muster.views.things import entity, time

__all__ = [
    "brief",
    "changed",
    "clauses",
    "count",
    "current",
    "defined",
    "entity",
    "explained",
    "holders",
    "listed",
    "member_page",
    "moved",
    "moves",
    "preview",
    "product",
    "provenance",
    "replacing",
    "revision",
    "run",
    "run_with_causes",
    "selection",
    "shown",
    "standing",
    "time",
]
