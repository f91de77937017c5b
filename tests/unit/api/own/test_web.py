"""What routes are asked for, and where a request is wrong."""

from typing import Any

import pytest
from pydantic import Field
from starlette.routing import compile_path

from muster.api.own.web import MOST_FIELDS, NAMES, Asked, fields, order, read
from muster.errors import InvalidInput, LimitExceeded
from muster.query.sorting import Sort


class Part(Asked):
    """A part of a body."""

    some_text: str


class Whole(Asked):
    """A body."""

    count: int
    parts: list[Part] = Field(default=[], max_length=2)
    either: str | int | None = None


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        ("{", "", "this is not JSON: .*"),
        ("", "", "nothing is said here"),
        ("[]", "", "an object is expected here"),
        ("{}", "/count", "`count` is missing"),
        ('{"count": "1"}', "/count", "a whole number is expected here"),
        ('{"count": true}', "/count", "a whole number is expected here"),
        ('{"count": 1, "coutn": 1}', "/coutn", "there is no `coutn` here"),
        ('{"count": 1, "a/b~c": 1}', "/a~1b~0c", "there is no `a/b~c` here"),
        ('{"count": 1, "parts": {}}', "/parts", "a list is expected here"),
        ('{"count": 1, "parts": [{}]}', "/parts/0/someText", "`someText` is missing"),
        ('{"count": 1, "parts": [{"someText": "x"}, {"someText": 3}]}', "/parts/1/someText", "a text is expected here"),
        ('{"count": 1, "parts": [7]}', "/parts/0", "an object is expected here"),
        ('{"count": 1, "either": []}', "/either", ".*"),
    ],
)
def test_a_body_is_wrong_at_a_place(body: str, path: str, message: str) -> None:
    """Which a JSON pointer names, in the words of the body and not of a model."""
    with pytest.raises(InvalidInput, match=f"^{message}$") as refused:
        read(Whole, body.encode())
    assert refused.value.path == path


def test_a_body_is_read() -> None:
    """By the names that are on the wire."""
    assert read(Whole, b'{"count": 1, "parts": [{"someText": "x"}]}').parts[0].some_text == "x"


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


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/p/pins/a", {"ref": "p", "asset": "a"}),
        ("/a/b/pins/c/d", {"ref": "a/b", "asset": "c/d"}),
        ("/p/pins/db/pins/t", {"ref": "p", "asset": "db/pins/t"}),
        ("/new\nline/pins/é", {"ref": "new\nline", "asset": "é"}),
        ("//pins/a", None),
        ("/p/pins", None),
    ],
)
def test_a_name_ends_where_the_rest_can_begin(path: str, expected: dict[str, Any] | None) -> None:
    """So that an asset may be in a schema of any name, and a product may have slashes in its own."""
    regex, _, _ = compile_path(f"/{{ref:{NAMES}}}/pins/{{asset:path}}")
    found = regex.match(path)
    assert (found and found.groupdict()) == expected
