"""A selection as a request says it, and where in the request stands what cannot be run."""

from __future__ import annotations

from typing import Any

import pytest

from muster.api.bodies import Asked, read
from muster.api.own.running import SaidFace, SaidKey, SaidSelection, running, written
from muster.errors import InvalidInput, InvalidSelection, LimitExceeded, UnknownField, UnsupportedClause
from muster.query.faces import Face
from muster.service.selecting import Written


class Said(Asked):
    """A body with a selection."""

    selection: SaidSelection
    face: SaidFace = None
    sort: list[SaidKey] = []  # noqa: RUF012 - pydantic copies it


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"selection": "type:Table"}', Written("type:Table")),
        ('{"selection": "name:größe🦆", "face": "shorthand"}', Written("name:größe🦆", Face.SHORTHAND)),
        ('{"selection": {"match_all": {}}}', Written('{"match_all":{}}')),
        ('{"selection": {"term": {"name": "größe"}}, "face": "wire"}', Written('{"term":{"name":"größe"}}', Face.WIRE)),
        ('{"selection": {"range": {"a": {"gte": 1.0}}}}', Written('{"range":{"a":{"gte":1.0}}}')),
        ('{"selection": ""}', Written("")),
    ],
)
def test_a_selection_is_a_text_or_an_object(body: str, expected: Written) -> None:
    """An object is taken as its JSON, in the order and the numbers that it has."""
    said = read(Said, body.encode())

    assert written(said.selection, said.face) == expected


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        ('{"selection": 3}', "/selection", "a selection is a text or an object"),
        ('{"selection": null}', "/selection", "a selection is a text or an object"),
        ('{"selection": ["a"]}', "/selection", "a selection is a text or an object"),
        ("{}", "/selection", "`selection` is missing"),
        ('{"selection": "a", "face": "latin"}', "/face", "Input should be 'builder', .*"),
        ('{"selection": "a", "sort": ["name", "-"]}', "/sort/1", "a key of an order names a field"),
        ('{"selection": "a", "sort": [""]}', "/sort/0", "a key of an order names a field"),
    ],
)
def test_anything_else_is_refused_at_its_place(body: str, path: str, message: str) -> None:
    """Before anything is run."""
    with pytest.raises(InvalidInput, match=message) as caught:
        read(Said, body.encode())
    assert caught.value.path == path


@pytest.mark.parametrize(
    ("error", "path"),
    [
        (InvalidSelection("x", path="/bool/filter/0"), "/body/selection/bool/filter/0"),
        (InvalidSelection("x", path=""), "/body/selection"),
        (InvalidSelection("x"), "/body/selection"),
        (LimitExceeded("x"), "/body/selection"),
        (UnsupportedClause("x", path="/script"), "/body/selection/script"),
        (UnsupportedClause("x"), "/body/sort"),
        (UnknownField("x", path=""), "/body/selection"),
        (UnknownField("x"), "/body/sort"),
        (InvalidInput("x"), "/body/cursor"),
        (InvalidInput("x", path="/rules/0"), "/body/selection/rules/0"),
    ],
)
def test_what_cannot_be_run_is_pointed_at(error: InvalidInput, path: str) -> None:
    """In the selection, where it says where; else in the order or the cursor, which alone are refused without a place."""
    with pytest.raises(type(error)), running("/body/selection", "/body"):
        raise error
    assert error.path == path


def test_what_is_no_fault_of_the_request_is_left_alone() -> None:
    """Another error has no place in it."""
    other: Any = ZeroDivisionError("x")
    with pytest.raises(ZeroDivisionError), running("/selection"):
        raise other
