"""What the membership of a product was, against what it was at another time."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from muster.api.own.history import Joined
from muster.api.own.running import running
from muster.api.own.shapes_keeping import Difference
from muster.api.own.web import BASE, Cursor, Limit, ProductRef, answers
from muster.api.paths import NAMES
from muster.api.pointing import pointed
from muster.api.web import Viewer, told
from muster.service import past
from muster.service.dotted import remembered
from muster.service.past import AtTime, Between, When, read_when
from muster.views import keeping as views

router = APIRouter(prefix=f"{BASE}/dataProducts", tags=["history"])

WHICH = "a time (ISO, UTC where it says no zone, or `7d` for a week ago), `run:7`, or `generation:3`"

From = Annotated[
    str, Query(alias="from", max_length=100, description=f"The first membership: {WHICH}.", examples=["run:1"])
]
To = Annotated[
    str | None,
    Query(
        max_length=100,
        description=f"The second membership: {WHICH}; the one stored last where it is left out.",
        examples=["run:7"],
    ),
]


@router.get(
    f"/{{ref:{NAMES}}}/difference", responses=answers(Difference, "Who is in one only, and how many are in all.")
)
def difference(
    caller: Viewer,
    ref: ProductRef,
    before: From,
    to: To = None,
    limit: Limit = 100,
    cursor: Cursor = None,
    joined: Joined = None,
) -> Response:
    """Compare two memberships of a product, as they were stored; assets come in the order in which they came to the catalog."""
    work, now = caller.work, caller.work.clock()
    found = remembered(work, ref)
    wanted = Between(_when("from", before, now), _when("to", to, now), limit, cursor, joined)
    with running("", "/query"):
        one = past.difference(work, found, wanted)
    return told(views.difference(found, one))


def _when(name: str, said: str | None, now: int) -> When:
    if said is None:
        return AtTime(now)
    with pointed(f"/query/{name}"):
        return read_when(said, now)
