"""What bodies say, and where one is wrong."""

import pytest
from pydantic import Field

from muster.api.bodies import Asked, read
from muster.errors import InvalidInput


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
