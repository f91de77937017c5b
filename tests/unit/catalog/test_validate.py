"""What may be written: nothing that a client of Atlan's cannot read back."""

import json
import re
from typing import Any

import pytest

from muster.catalog.schema import AttributeKind, attribute
from muster.catalog.validate import EXPECTED, HOLDS, MOST_CHARACTERS, MOST_LEVELS, validate
from muster.errors import InvalidInput, LimitExceeded

ENUMS = {
    "Table.certificateStatus": ("DEPRECATED", "DRAFT", "VERIFIED"),
    "DataProduct.daapStatus": ("Active", "Sunset", "Archived", "Draft"),
    "DataProduct.daapVisibility": ("Private", "Protected", "Public"),
    "DataProduct.daapCriticality": ("Low", "Medium", "High"),
    "DataProduct.daapSensitivity": ("Public", "Internal", "Confidential"),
    "DataProduct.daapLineageStatus": ("Completed", "InProgress", "Pending", "Failed"),
}
"""The attributes that Atlan's Python client reads nothing else of."""

KEPT: dict[str, dict[str, Any]] = {
    "text": {"description": "Überblick 表 🦆", "name": "a"},
    "empty text": {"description": ""},
    "numbers": {"columnCount": 7, "popularityScore": 1, "certificateUpdatedAt": 1_795_219_328_620},
    "truth": {"hasContract": False},
    "a list": {"ownerUsers": ["ada", "bob"]},
    "objects": {"sourceReadTopUserRecordList": [{"recordUser": "ada", "recordQueryCount": 3}]},
    "cleared": {"description": None, "ownerUsers": [], "certificateStatus": None, "columnCount": []},
    "of no type": {"pondDepth": 1.5, "fish": ["carp", 3, {"scales": [True]}], "frogs": {"green": None}},
}
"""What is kept as it came, by what it shows."""

CHANGED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "one where a list belongs": ({"ownerUsers": "ada"}, {"ownerUsers": ["ada"]}),
    "a whole number with a point": ({"columnCount": 7.0}, {"columnCount": 7}),
}

REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a number for a text": ({"description": 7}, "/description", "is 7, not a text"),
    "a text for a number": ({"columnCount": "7"}, "/columnCount", "is `7`, not a whole number"),
    "part of a whole": ({"columnCount": 7.5}, "/columnCount", "is 7.5, not a whole number"),
    "truth for a number": ({"columnCount": True}, "/columnCount", "is True, not a whole number"),
    "a text for a fraction": ({"popularityScore": "0.5"}, "/popularityScore", "not a number"),
    "a number for truth": ({"hasContract": 1}, "/hasContract", "is 1, not true or false"),
    "a text for truth": ({"hasContract": "true"}, "/hasContract", "not true or false"),
    "a date for a time": ({"certificateUpdatedAt": "2026-01-01"}, "/certificateUpdatedAt", "not a time"),
    "a time beyond all years": ({"certificateUpdatedAt": 10**15}, "/certificateUpdatedAt", "not a time"),
    "a list for one value": ({"description": ["a"]}, "/description", "not a text"),
    "a number in a list of texts": ({"ownerUsers": ["ada", 7]}, "/ownerUsers/1", "an element of `ownerUsers`"),
    "null in a list": ({"ownerUsers": ["ada", None]}, "/ownerUsers/1", "null inside a list"),
    "null in a list of no type": ({"fish": [[None]]}, "/fish/0/0", "null inside a list"),
    "a text for an object": ({"sourceReadTopUserRecordList": ["ada"]}, "/sourceReadTopUserRecordList/0", "an object"),
    "no name": ({"name": ""}, "/name", "cannot be empty"),
    "a blank name": ({"name": "  "}, "/name", "cannot be empty"),
    "a cleared name": ({"name": None}, "/name", "cannot be empty"),
    "no qualified name": ({"qualifiedName": ""}, "/qualifiedName", "cannot be empty"),
    "not a number": ({"fish": float("nan")}, "/fish", "no number that JSON can say"),
    "without end": ({"popularityScore": float("inf")}, "/popularityScore", "no number that JSON can say"),
    "half a character": ({"description": "a\ud800"}, "/description", "not Unicode"),
    "a fatal null": ({"frogs": {"classifications": None}}, "/frogs/classifications", "cannot be null"),
    "no name of an attribute": ({"": 1}, "/", "the name of an attribute"),
    "a strange name": ({"a/b~c": "\ud800"}, "/a~1b~0c", "not Unicode"),
}
"""What is refused, where, and in which words."""

LIMITS: dict[str, tuple[str, Any]] = {
    "a long text": ("displayName", "x" * (MOST_CHARACTERS + 1)),
    "a very long definition": ("dataProductAssetsDSL", "x" * 1_048_577),
    "too deep": ("fish", json.loads("[" * (MOST_LEVELS + 1) + "]" * (MOST_LEVELS + 1))),
    "too large": ("fish", 2**63),
}


@pytest.mark.parametrize("place", ENUMS)
def test_fixed_values(place: str) -> None:
    """An attribute with fixed values holds each of them as it is spelled, and nothing else; the error lists them."""
    type_name, name = place.split(".")
    known = attribute(type_name, name)
    assert known is not None
    assert sorted(known.values) == sorted(ENUMS[place])
    for value in ENUMS[place]:
        assert validate(type_name, {name: value}) == {name: value}
        with pytest.raises(InvalidInput) as refused:
            validate(type_name, {name: value.swapcase()}, "/entities/0/attributes")
        assert refused.value.path == f"/entities/0/attributes/{name}"
        assert refused.value.hint == f"write `{value}`"
        assert all(f"`{one}`" in refused.value.message for one in ENUMS[place])
    for other in ("", "Sometimes", 1, ["Active"]):
        with pytest.raises(InvalidInput, match=name):
            validate(type_name, {name: other})


@pytest.mark.parametrize("case", KEPT)
def test_kept(case: str) -> None:
    """What an attribute may hold is kept as it came; null and the empty list are left to whoever clears."""
    assert validate("Table", KEPT[case]) == KEPT[case]


@pytest.mark.parametrize("case", CHANGED)
def test_changed(case: str) -> None:
    """What is meant clearly is put in its form: clients break over one value where they expect a list."""
    said, kept = CHANGED[case]
    assert repr(validate("Table", said)) == repr(kept)


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    """What no client could read is refused where it stands, with what was expected."""
    said, path, message = REFUSED[case]
    with pytest.raises(InvalidInput, match=re.escape(message)) as refused:
        validate("Table", said, "/at")
    assert refused.value.path == f"/at{path}"


@pytest.mark.parametrize("case", LIMITS)
def test_limits(case: str) -> None:
    """What is too long, too deep or too large is refused as such."""
    name, value = LIMITS[case]
    with pytest.raises(LimitExceeded) as refused:
        validate("DataProduct", {name: value})
    assert str(refused.value.path).startswith(f"/{name}")


def test_just_within_limits() -> None:
    """The limits themselves are allowed, and a definition may be longer than other texts."""
    said = {"displayName": "x" * MOST_CHARACTERS, "dataProductAssetsDSL": "x" * 1_048_576, "fish": 2**63 - 1}
    assert validate("DataProduct", said) == said


def test_every_kind_can_be_asked() -> None:
    """Whether a value is of a kind can be asked of any value, those that JSON cannot say included."""
    odd = [None, True, 0, 1.5, float("inf"), float("nan"), 10**400, "", [], {}, object()]
    assert set(HOLDS) == set(EXPECTED) == set(AttributeKind)
    assert [sum(holds(value) for holds in HOLDS.values()) for value in odd] == [0, 1, 3, 1, 1, 1, 2, 1, 0, 2, 0]
