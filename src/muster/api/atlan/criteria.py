"""The filters, orders and pages in which Atlan's clients ask for users, groups, roles and tokens."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field

from muster.api.pointing import an_object, decode, step
from muster.errors import InvalidInput, LimitExceeded

PLACE = "/query/filter"
NOTHING = b"{}"
MOST_LEVELS = 32
"""Filters within each other."""

Record = Mapping[str, Any]


class Asking(BaseModel):
    """What part of a list is wanted, in what order."""

    offset: int = Field(default=0, ge=0, description="How many records to pass over.")
    limit: int = Field(default=20, ge=0, le=10_000, description="How many records to return.")
    sort: str = Field(default="", description="A key of the records, `-` before it to descend.")
    filter: str = Field(default="", description='JSON: `{"KEY": VALUE}`, `$in`, `$ilike`, `$and`, `$or`.')


Criteria = Annotated[Asking, Query()]


def chosen(records: Sequence[Record], asking: Asking) -> dict[str, Any]:
    """Return the records that are asked for, with how many there are.

    Raises:
        InvalidInput: the filter cannot be read.
    """
    wanted = an_object(decode(asking.filter.encode() or NOTHING, PLACE), PLACE)
    found = [one for one in records if matches(one, wanted, PLACE)]
    key = asking.sort.lstrip("-")
    if key:
        found.sort(key=lambda one: str(one.get(key, "")), reverse=asking.sort.startswith("-"))
    page = found[asking.offset : asking.offset + asking.limit]
    return {"totalRecord": len(records), "filterRecord": len(found), "records": page}


def matches(record: Record, wanted: Mapping[str, Any], path: str, depth: int = 0) -> bool:
    """Whether a record is as a filter says, which stands `depth` filters deep.

    Raises:
        InvalidInput: the filter has an operator that is none.
        LimitExceeded: it is nested too deep.
    """
    if depth > MOST_LEVELS:
        raise LimitExceeded(f"more than {MOST_LEVELS} filters within each other", path=PLACE)
    return all(_holds(record, key, value, step(path, key), depth) for key, value in wanted.items())


def _holds(record: Record, key: str, value: Any, path: str, depth: int) -> bool:
    if key in {"$and", "$or"}:
        inside = value if isinstance(value, list) else [value]
        parts = [matches(record, an_object(one, path), path, depth + 1) for one in inside]
        return all(parts) if key == "$and" else any(parts)
    tests = value if isinstance(value, dict) else {"$eq": value}
    return all(_test(operator, path)(record.get(key), operand) for operator, operand in tests.items())


def _test(operator: str, path: str) -> Callable[[Any, Any], bool]:
    if operator not in OPERATORS:
        raise InvalidInput(f"a filter cannot say `{operator}`", path=path, hint=f"use {', '.join(OPERATORS)}")
    return OPERATORS[operator]


def _like(value: Any, pattern: Any) -> bool:
    """Whether a text is like a pattern in which `%` stands for anything, case aside; each part is sought once."""
    text, (first, *inner) = str(value or "").casefold(), str(pattern).casefold().split("%")
    if not inner:
        return text == first
    at, end = len(first), len(text) - len(inner[-1])
    if not (text.startswith(first) and text.endswith(inner[-1]) and at <= end):
        return False
    for part in inner[:-1]:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _within(value: Any, values: Any) -> bool:
    return value in values if isinstance(values, list) else value == values


OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "$eq": lambda value, operand: value == operand,
    "$ne": lambda value, operand: value != operand,
    "$in": _within,
    "$notin": lambda value, operand: not _within(value, operand),
    "$like": _like,
    "$ilike": _like,
}
