"""Lists of people in the filters, orders and pages of Atlan's clients."""

from __future__ import annotations

import json
from typing import Any

import pytest

from muster.api.atlan.criteria import Asking, chosen
from muster.errors import InvalidInput, LimitExceeded

PEOPLE = [
    {"username": "bob", "email": "bob@x.io"},
    {"username": "ada", "email": "ada@x.io"},
    {"username": "eve", "email": ""},
]

FILTERS: list[tuple[Any, list[str]]] = [
    ("", ["bob", "ada", "eve"]),
    ({}, ["bob", "ada", "eve"]),
    ({"username": "ada"}, ["ada"]),
    ({"username": {"$in": ["ada", "eve", "zoe"]}}, ["ada", "eve"]),
    ({"username": {"$notin": ["ada"]}}, ["bob", "eve"]),
    ({"email": {"$ilike": "%X.IO"}}, ["bob", "ada"]),
    ({"email": {"$ilike": "%.%", "$ne": "ada@x.io"}}, ["bob"]),
    ({"username": {"$ilike": "a.a"}}, []),
    ({"username": {"$ilike": "%b%o%b%"}}, ["bob"]),
    ({"username": {"$ilike": "b%b"}}, ["bob"]),
    ({"username": {"$ilike": "bo%ob"}}, []),
    ({"username": {"$ilike": "%%o%%"}}, ["bob"]),
    ({"$or": [{"username": "ada"}, {"username": "bob"}]}, ["bob", "ada"]),
    ({"$and": [{"username": {"$ilike": "%a%"}}, {"email": {"$ilike": "ada%"}}]}, ["ada"]),
    ({"nobody": "knows"}, []),
]


@pytest.mark.parametrize(("said", "names"), FILTERS)
def test_filter(said: Any, names: list[str]) -> None:
    """Equality, lists, patterns with `%`, and both ways to combine."""
    found = chosen(PEOPLE, Asking(filter="" if said == "" else json.dumps(said)))

    assert [one["username"] for one in found["records"]] == names
    assert (found["totalRecord"], found["filterRecord"]) == (3, len(names))


@pytest.mark.parametrize(("sort", "names"), [("username", ["ada", "bob"]), ("-username", ["eve", "bob"])])
def test_page_in_order(sort: str, names: list[str]) -> None:
    """A minus descends; the totals are of the whole list."""
    found = chosen(PEOPLE, Asking(sort=sort, limit=2))

    assert [one["username"] for one in found["records"]] == names
    assert found["totalRecord"] == 3


def test_page_past_the_end_is_empty() -> None:
    """Which is how clients find the end."""
    assert chosen(PEOPLE, Asking(offset=20))["records"] == []


@pytest.mark.parametrize("said", ["{", "[]", "1", '{"a": {"$regex": "x"}}', '{"$or": [1]}'])
def test_filter_that_cannot_be_read(said: str) -> None:
    """It is refused, and the error points at it."""
    with pytest.raises(InvalidInput) as refused:
        chosen(PEOPLE, Asking(filter=said))
    assert str(refused.value.path).startswith("/query/filter")


def test_a_filter_within_filters_without_end_is_refused() -> None:
    """By a limit, long before anything recurses too deep."""
    said = '{"$and":[' * 200 + "{}" + "]}" * 200

    with pytest.raises(LimitExceeded):
        chosen(PEOPLE, Asking(filter=said))


def test_a_pattern_takes_no_longer_than_it_is_long() -> None:
    """Each part of it is sought once: no text makes it try again."""
    people = [{"username": "a" * 10_000}]

    assert chosen(people, Asking(filter=json.dumps({"username": {"$like": "%a" * 5_000 + "%b"}})))["filterRecord"] == 0
