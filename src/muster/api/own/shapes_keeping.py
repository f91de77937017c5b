"""What is said of keeping memberships right, as the description of these routes shows it."""

from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from muster.api.bodies import Asked, Shape
from muster.api.own.shapes import TIME, Before, Next, Run
from muster.api.own.shapes_selections import Brief, Header
from muster.errors import InvalidInput
from muster.policy import MOST

LONGEST: Final = 200
"""Characters of a span, a cron expression or a time zone."""

EXPECTED: Final = {
    "every": "a span such as `15m`, `1h` or `30d`, or milliseconds,",
    "cron": "a cron expression such as `0 6 * * *`",
    "timeZone": "the name of a time zone such as `Europe/Berlin`",
}
"""What the parts of a schedule say."""


def _is_short(said: Any) -> bool:
    return isinstance(said, int) or (isinstance(said, str) and len(said) <= LONGEST)


def _span(said: Any) -> Any:
    if _is_short(said) and not isinstance(said, bool):
        return said
    raise ValueError("a span is a text such as `15m`, `1h` or `30d`, or milliseconds")


def _schedule(said: Any) -> Any:
    match said:
        case str() if _is_short(said):
            return said
        case dict() if said.keys() <= EXPECTED.keys():
            for name, part in said.items():
                _refuse_other(name, part)
            return said
        case _:
            raise ValueError('a schedule is "on change", "manual", {"every": "15m"} or {"cron": "0 6 * * *"}')


def _refuse_other(name: str, part: Any) -> None:
    """Refuse a part of a schedule that is something else than its name says."""
    number = name == "every" and isinstance(part, int) and not isinstance(part, bool)
    if not number and not (isinstance(part, str) and _is_short(part)):
        raise InvalidInput(f"{EXPECTED[name]} is expected here", path=f"/schedule/{name}")


SPAN: Final = {"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 0}]}

SaidSpan = Annotated[Any, AfterValidator(_span), WithJsonSchema(SPAN)]
SaidSchedule = Annotated[
    Any,
    AfterValidator(_schedule),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": ["on change", "manual"]},
                {
                    "type": "object",
                    "properties": {"every": SPAN},
                    "required": ["every"],
                    "additionalProperties": False,
                },
                {
                    "type": "object",
                    "properties": {"cron": {"type": "string"}, "timeZone": {"type": "string"}},
                    "required": ["cron"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


class Policing(Asked):
    """A policy to hold from now on; what it leaves out, the scope around it says."""

    schedule: SaidSchedule | None = Field(
        default=None,
        description="When products are synced: `on change`, `manual`, every so long, or at the times of a cron expression "
        "of five fields in a time zone (UTC where none is said).",
        examples=[{"cron": "0 6 * * *", "timeZone": "Europe/Berlin"}],
    )
    percent: float | None = Field(
        default=None,
        ge=0,
        le=MOST,
        description="A run that moves a greater part of the members is held.",
        examples=[50],
    )
    least: int | None = Field(
        default=None, ge=0, le=MOST, description="But not where it moves no more assets than these.", examples=[100]
    )
    may_empty: bool | None = Field(default=None, description="Whether a run may leave a product without members.")
    freshness: SaidSpan | None = Field(
        default=None, description="How old what is stored may be before that is told: `1d`.", examples=["1d"]
    )
    keep: int | None = Field(
        default=None,
        ge=1,
        le=MOST,
        description="Runs that are kept of each product: of those that moved or were held, and of others.",
    )


class Stated(Shape):
    """What a policy says."""

    schedule: Any = Field(default=None, examples=[{"every": 900_000}])
    percent: float | None = Field(default=None, examples=[50])
    least: int | None = Field(default=None, examples=[100])
    may_empty: bool | None = None
    freshness: int | None = Field(default=None, description="In milliseconds.", examples=[86_400_000])
    keep: int | None = Field(default=None, examples=[1_000])


class Words(Shape):
    """The parts of a policy that people read otherwise."""

    schedule: str | None = Field(default=None, examples=["every 15m"])
    freshness: str | None = Field(default=None, examples=["1d"])


class Scope(Shape):
    """What a policy is said for."""

    kind: Literal["everything", "domain", "dataProduct"]
    guid: str | None = None
    name: str | None = None
    qualified_name: str | None = None
    dotted_name: str | None = Field(default=None, examples=["Marketing.CustomerInsights"])


class Policy(Shape):
    """What is said for a scope."""

    scope: Scope
    policy: Stated = Field(description="As it can be put back; empty where nobody said anything.")
    text: Words
    by: str | None = Field(description="Who said it.", examples=["ada"])
    at: str | None = Field(examples=[TIME])


class Judging(Asked):
    """What is decided about a held run."""

    reason: str = Field(default="", max_length=10_000, description="Kept with the verdict.", examples=["as announced"])


class Approved(Shape):
    """The run that did what was approved, and the one that had been held."""

    run: Run
    approved: Run


class Rejected(Shape):
    """The run that will not be done."""

    rejected: Run


class RunOfProduct(Run):
    """A sync, and whose."""

    product: Brief


class RunsOfAll(Shape):
    """Runs of all products, newest first."""

    data: list[RunOfProduct]
    paging: Before


class Effective(Shape):
    """What holds for a product."""

    product: Brief
    policy: Stated
    text: Words
    from_: dict[str, Scope | None] = Field(
        alias="from", description="Where each part comes from; null: nobody said it, it is the usual."
    )
    last: str | None = Field(description="When the product was last synced.", examples=[TIME])
    next: str | None = Field(
        description="When it is due by its schedule, past where it is due now; null where only a change, or somebody, makes "
        "it so.",
        examples=[TIME],
    )


class Membership(Shape):
    """A membership that was stored."""

    generation: int = Field(examples=[3])
    run: int = Field(description="The last run that made or confirmed it, as of then.", examples=[7])
    revision: int = Field(examples=[1])
    at: str = Field(description="When that run was.", examples=[TIME])
    total: int = Field(examples=[3])
    digest: str = Field(description="SHA-256 of the members.")


class Differing(Shape):
    """An asset that is in one of the two only."""

    asset: Header = Field(
        description="As it is now; with its last words, and the status `PURGED`, where it was purged."
    )
    joined: bool = Field(description="Whether it is in the later one.")


class Difference(Shape):
    """What two memberships differ by."""

    product: str = Field(examples=["CustomerInsights"])
    from_: Membership = Field(alias="from")
    to: Membership
    joined: int = Field(description="How many are in the second only.", examples=[1])
    left: int = Field(description="How many are in the first only.", examples=[0])
    data: list[Differing]
    paging: Next
