"""Refusals become the errors that they were on the server."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from muster import errors
from muster.api.openmetadata.errors import render
from muster.api.statuses import Stopping, TookTooLong, TooManyAttempts, Unexpected
from muster.api.surface import render_plainly
from muster.client.failures import refusal
from muster.errors import MusterError, NotFound, ServerUnavailable


def kinds() -> Iterator[type[MusterError]]:
    """Yield every error of the tree but its root."""
    for one in vars(errors).values():
        if isinstance(one, type) and issubclass(one, MusterError) and one is not MusterError:
            yield one


@pytest.mark.parametrize("say", [render, render_plainly])
@pytest.mark.parametrize("hint", ["mend it", None])
@pytest.mark.parametrize("kind", list(kinds()))
def test_what_was_raised_there_is_raised_here(kind: type[MusterError], hint: str | None, say: object) -> None:
    """Of the same kind, with the same words: whether a path of Muster's own refused it, or one that nobody answers for."""
    there = kind("it is wrong: very", path="/selection/bool", hint=hint)
    status, body = say(there, "r-1")  # type: ignore[operator]

    here = refusal(status, json.dumps(body).encode())

    assert (type(here), here.as_dict()) == (kind, there.as_dict())
    assert here.__notes__ == ["request r-1"]


@pytest.mark.parametrize(
    ("there", "kind"),
    [
        (Unexpected("something went wrong"), ServerUnavailable),
        (Stopping("the service stops"), ServerUnavailable),
        (TookTooLong("no answer"), ServerUnavailable),
        (TooManyAttempts("too many wrong tokens", seconds=3), ServerUnavailable),
    ],
)
def test_what_only_a_server_has_to_say_is_that_it_is_not_available(there: MusterError, kind: type[MusterError]) -> None:
    """With its own words."""
    status, body = render(there, "r-1")

    here = refusal(status, json.dumps(body).encode())

    assert (type(here), here.message, here.hint) == (kind, there.message, there.hint)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, ServerUnavailable),
        (400, errors.InvalidInput),
        (401, errors.Unauthenticated),
        (403, errors.Forbidden),
        (404, NotFound),
        (409, errors.Conflict),
        (412, errors.Stale),
        (418, errors.InvalidInput),
        (429, ServerUnavailable),
        (502, ServerUnavailable),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", b'"no"', b'{"error": {}}', b"\xff"])
def test_who_does_not_speak_as_muster_is_understood_by_the_status(
    status: int, kind: type[MusterError], body: bytes
) -> None:
    """A proxy, say, between here and there."""
    here = refusal(status, body)

    assert (type(here), here.message) == (kind, f"the server answered {status}, and did not say why")
