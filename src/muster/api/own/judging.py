"""Runs that were held: which wait for somebody, and what somebody decides about one."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from muster import views
from muster.api.bodies import read
from muster.api.own.history import Before, RunNumber
from muster.api.own.shapes_keeping import Approved, Judging, Rejected, RunsOfAll
from muster.api.own.web import BASE, Limit, ProductRef, answers
from muster.api.paths import NAMES
from muster.api.web import Body, Editor, Viewer, body_of, told
from muster.membership import Outcome, Trigger
from muster.service import judging
from muster.service.dotted import dotted_names, product
from muster.service.judging import Judgement, Wanted
from muster.views import keeping

router = APIRouter(prefix=BASE, tags=["history"])

OfOutcome = Annotated[Outcome | None, Query(description="Only runs that ended so.")]
OfTrigger = Annotated[Trigger | None, Query(description="Only runs that came of this.")]
Decided = Annotated[
    bool | None,
    Query(
        description="Only held runs that somebody decided about (`true`), or that wait for somebody (`false`): one that a "
        "later run came after waits for nobody."
    ),
]


@router.get("/runs", responses=answers(RunsOfAll, "Runs, the newest first."))
def runs_of_all(
    caller: Viewer,
    outcome: OfOutcome = None,
    trigger: OfTrigger = None,
    decided: Decided = None,
    limit: Limit = 100,
    before: Before = None,
) -> Response:
    """List the syncs of all products; with `outcome=held&decided=false`, what waits for somebody."""
    found = judging.listed(caller.work, Wanted(limit, before, outcome, trigger, decided))
    return told(keeping.runs(found, dotted_names(caller.work, [one for _, one in found.shown])))


@router.post(
    f"/dataProducts/{{ref:{NAMES}}}/runs/{{run}}/approve",
    responses=answers(Approved, "The run that moved what was approved, and the one that had been held."),
    openapi_extra=body_of(Judging),
)
def approve_run(caller: Editor, ref: ProductRef, run: RunNumber, body: Body) -> Response:
    """Do what a held run would have done: exactly that, if nothing came since."""
    done, held = judging.approve(caller.work, product(caller.work, ref), run, _judgement(body, caller.within))
    return told(keeping.approved(done, held))


@router.post(
    f"/dataProducts/{{ref:{NAMES}}}/runs/{{run}}/reject",
    responses=answers(Rejected, "The run, which is not going to be done."),
    openapi_extra=body_of(Judging),
)
def reject_run(caller: Editor, ref: ProductRef, run: RunNumber, body: Body) -> Response:
    """Leave undone what a held run would have done; the stored members stay."""
    held = judging.reject(caller.work, product(caller.work, ref), run, _judgement(body, caller.within))
    return told({"rejected": views.run(held)})


def _judgement(body: bytes, within: tuple[str, ...]) -> Judgement:
    asked = read(Judging, body) if body.strip() else Judging()
    return Judgement(asked.reason.strip(), within)
