"""What would move if a tag, an owner or a schema were renamed or dropped."""

from typing import Annotated, Self

from fastapi import APIRouter, Response
from pydantic import Field, model_validator

from muster.api.bodies import Asked, read
from muster.api.own.shapes_reports import Supposition
from muster.api.own.web import BASE, answers
from muster.api.pointing import pointed
from muster.api.web import Body, Viewer, body_of, told
from muster.service.dotted import dotted_names
from muster.service.supposing.suppose import suppose
from muster.service.supposing.worlds import Dropped, Fate, Owner, Renamed, Schema, Supposed, Tag
from muster.views import reports as views

router = APIRouter(prefix=BASE, tags=["reports"])

Name = Annotated[str, Field(min_length=1, max_length=1_000)]


class Supposing(Asked):
    """What to suppose: of one tag, owner or schema, that it is dropped, or goes by another name."""

    tag: Name | None = Field(
        default=None, description="A tag, by the name that people give it, or its internal one.", examples=["PII"]
    )
    owner: Name | None = Field(default=None, description="A user or a group that owns assets.")
    schema_: Name | None = Field(
        default=None,
        alias="schema",
        description="A schema, by guid or qualified name, with all that is in it.",
    )
    dropped: bool = Field(
        default=False, description="It is there no more; of a schema, all in it is archived.", examples=[True]
    )
    renamed_to: Name | None = Field(default=None, description="It goes by this name.")
    limit: int = Field(default=10, ge=0, le=1_000, description="At most so many assets of each move are told.")

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if sum(one is not None for one in (self.tag, self.owner, self.schema_)) != 1:
            raise ValueError("say one of `tag`, `owner` and `schema`")
        if self.dropped == (self.renamed_to is not None):
            raise ValueError("say either `dropped` or `renamedTo`")
        return self


@router.post(
    "/whatIf",
    responses=answers(Supposition, "Which products would move, and whom they would gain and lose."),
    openapi_extra=body_of(Supposing),
)
def what_if(caller: Viewer, body: Body) -> Response:
    """Say what would move in all products if a tag, an owner or a schema were renamed or dropped; nothing is changed.

    Pins and exclusions count before and after. Clauses whose terms only the index knows hold what they hold today.
    """
    asked, work = read(Supposing, body), caller.work
    place, supposed = _supposed(asked)
    with pointed(place):
        found = suppose(work, supposed)
    names = dotted_names(work, [one.product for one in found.told])
    return told(views.supposition(found, names, work.record.entities, asked.limit))


def _supposed(asked: Supposing) -> tuple[str, Supposed]:
    """Return what is supposed, and where in the body that is named."""
    with pointed("/renamedTo"):
        fate: Fate = Dropped() if asked.renamed_to is None else Renamed(asked.renamed_to)
    if asked.tag is not None:
        return "/tag", Tag(asked.tag, fate)
    if asked.owner is not None:
        return "/owner", Owner(asked.owner, fate)
    return "/schema", Schema(asked.schema_ or "", fate)
