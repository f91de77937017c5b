"""What every route of Muster's own resources is made of, beside what all surfaces have."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import Path, Query

from muster.api.openmetadata.problem import REFUSALS
from muster.api.web import Described, answered
from muster.errors import InvalidInput, LimitExceeded
from muster.query.sorting import MOST as MOST_KEYS
from muster.query.sorting import Sort

BASE: Final = "/api/v1"

MOST: Final = 10_000
"""Things on one page."""

MOST_FIELDS: Final = 100
"""Attributes told of each asset."""

ProductRef = Annotated[
    str,
    Path(
        description="The product: its guid, qualified name, dotted name such as `Marketing.CustomerInsights`, or a "
        "name that only one has.",
        examples=["Marketing.CustomerInsights"],
    ),
]
AssetRef = Annotated[
    str,
    Path(
        description="The asset: its guid or qualified name.", examples=["default/snowflake/1700000000/shop/core/orders"]
    ),
]
Limit = Annotated[int, Query(ge=1, le=MOST, description="At most so many on a page.")]
Cursor = Annotated[
    str | None, Query(max_length=10_000, description="Where to go on: `next` of the page before, unchanged.")
]
SortBy = Annotated[
    list[str],
    Query(
        alias="sort",
        max_length=MOST_KEYS,
        description="A field to order by, the last one first with a `-` before it; repeat it for the next key.",
        examples=[["name.keyword", "-__guid"]],
    ),
]
Fields = Annotated[
    list[str],
    Query(
        alias="fields",
        description="What to tell of each asset beside its header: attributes, separated by commas.",
        examples=[["certificateStatus,ownerUsers"]],
    ),
]


def answers(model: Any = None, description: str = "Done.") -> Described:
    """Return the description of a route's answers: one of success, and every refusal."""
    return answered(REFUSALS, model, description)


def order(sort: Sequence[str]) -> tuple[Sort, ...]:
    """Return the order that `sort` names.

    Raises:
        InvalidInput: a key names no field.
    """
    if not all(key.removeprefix("-") for key in sort):
        raise InvalidInput("a key of an order names a field", path="/query/sort", hint="write `sort=name.keyword`")
    return tuple(Sort(key.removeprefix("-"), key.startswith("-")) for key in sort)


def fields(named: Sequence[str]) -> tuple[str, ...]:
    """Return the attributes that `fields` names, each once.

    Raises:
        LimitExceeded: more than `MOST_FIELDS`.
    """
    found = dict.fromkeys(name.strip() for part in named for name in part.split(",") if name.strip())
    if len(found) > MOST_FIELDS:
        raise LimitExceeded(f"{len(found)} fields; the limit is {MOST_FIELDS}", path="/query/fields")
    return tuple(found)
