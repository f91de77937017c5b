"""What happened to a product's membership: its runs, and who joined and left."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from muster import views
from muster.api.own.running import running
from muster.api.own.shapes import Changes, RunInFull, Runs
from muster.api.own.web import BASE, Cursor, Limit, ProductRef, answers
from muster.api.paths import NAMES
from muster.api.web import Viewer, told
from muster.service import changes as changing
from muster.service.changes import NUMBERS, Wanted
from muster.service.dotted import remembered

router = APIRouter(prefix=f"{BASE}/dataProducts", tags=["history"])

LAST: Final = NUMBERS.stop - 1

RunNumber = Annotated[int, Path(ge=1, le=LAST, description="The number of the run.", examples=[7])]
Before = Annotated[int | None, Query(ge=1, le=LAST, description="Only runs with a lower number.")]
OfRun = Annotated[
    int | None,
    Query(
        alias="run",
        ge=1,
        le=LAST,
        description="Only what this run moved, or would have moved where it was held; without it, what was applied.",
    ),
]
Joined = Annotated[bool | None, Query(description="Only joins (`true`), or only leaves (`false`).")]


@router.get(f"/{{ref:{NAMES}}}/runs", responses=answers(Runs, "Runs, the newest first."))
def runs(caller: Viewer, ref: ProductRef, limit: Limit = 20, before: Before = None) -> Response:
    """List the syncs of a product: what each found, moved, or was held for."""
    guid = remembered(caller.work, ref).entity.guid
    found = caller.work.record.runs(guid, limit=limit + 1, before=before)
    shown = found[:limit]
    paging = {"before": shown[-1].number} if len(found) > limit else {}
    return told({"data": [*map(views.run, shown)], "paging": paging})


@router.get(
    f"/{{ref:{NAMES}}}/runs/{{run}}", responses=answers(RunInFull, "The run, and how many moved for which cause.")
)
def run(caller: Viewer, ref: ProductRef, run: RunNumber) -> Response:
    """Read one sync of a product, with the causes of what it moved."""
    found = remembered(caller.work, ref)
    one = changing.run_of(caller.work, found, run)
    return told(views.run_with_causes(one, caller.work.record.moves(found.entity.guid, run)))


@router.get(f"/{{ref:{NAMES}}}/changes", responses=answers(Changes, "Joins and leaves, the newest run first."))
def changes(
    caller: Viewer,
    ref: ProductRef,
    limit: Limit = 100,
    cursor: Cursor = None,
    of_run: OfRun = None,
    joined: Joined = None,
) -> Response:
    """Say who joined a product and who left it, when and why; a page stays what it is while newer runs come.

    Assets of one run come in the order in which they came to the catalog.
    """
    found = remembered(caller.work, ref)
    with running("", "/query"):
        some = changing.changes(caller.work, found, Wanted(limit, cursor, of_run, joined))
    paging = {} if some.next is None else {"next": some.next}
    return told({"data": [*map(views.changed, some.shown)], "paging": paging})
