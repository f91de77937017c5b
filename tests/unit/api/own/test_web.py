"""What routes are asked for."""

import pytest

from muster.api.own.web import MOST_FIELDS, fields, order
from muster.errors import InvalidInput, LimitExceeded
from muster.query.sorting import Sort


def test_an_order_descends_by_a_sign() -> None:
    """Its keys in the order in which they come."""
    assert order(["name.keyword", "-__guid"]) == (Sort("name.keyword"), Sort("__guid", descending=True))
    for key in ("", "-"):
        with pytest.raises(InvalidInput, match="names a field"):
            order([key])


def test_fields_come_once() -> None:
    """However they are separated; there is a limit."""
    assert fields(["a, b", "c,,a", ""]) == ("a", "b", "c")
    with pytest.raises(LimitExceeded):
        fields([",".join(map(str, range(MOST_FIELDS + 1)))])
