"""Tokens: found by digest, revoked for good."""

from dataclasses import replace

import pytest

from muster.catalog.token import Role, Token
from muster.errors import Conflict, NotFound
from muster.record import SqlRecord

EDITOR = Token("bücher", "a" * 64, Role.EDITOR, ("default/domain/x", "default/domain/ü"), 10, expires_at=99)
ADMIN = Token("admin", "b" * 64, Role.ADMIN, (), 11)


def test_token_comes_back_as_it_was_made(record: SqlRecord) -> None:
    """By digest, and in a list by name."""
    record.add_token(EDITOR)
    record.add_token(ADMIN)
    assert record.token("a" * 64) == EDITOR
    assert record.tokens() == [ADMIN, EDITOR]


def test_name_and_secret_are_never_used_again(record: SqlRecord) -> None:
    """Not even those of a revoked token, so that a log's name always means one secret."""
    record.add_token(ADMIN)
    record.revoke_token("admin", at=20)
    with pytest.raises(Conflict, match="there is a token `admin` already"):
        record.add_token(replace(ADMIN, digest="c" * 64))
    with pytest.raises(Conflict, match="the record refused it"):
        record.add_token(replace(ADMIN, name="other"))
    assert record.tokens() == [replace(ADMIN, revoked_at=20)]


def test_marks_keep_the_time_that_counts(record: SqlRecord) -> None:
    """The first revocation and the last use, in whatever order they are told."""
    record.add_token(ADMIN)
    for at in (30, 50, 40):
        record.use_token("admin", at=at)
        record.revoke_token("admin", at=at)
    assert record.token("b" * 64) == replace(ADMIN, used_at=50, revoked_at=30)


def test_unknown_tokens_are_not_found(record: SqlRecord) -> None:
    """Neither by digest nor by name."""
    for act in (
        lambda: record.token("d" * 64),
        lambda: record.revoke_token("nobody", at=1),
        lambda: record.use_token("nobody", at=1),
    ):
        with pytest.raises(NotFound, match="there is no"):
            act()


@pytest.mark.parametrize(
    ("token", "now", "holds"),
    [
        (EDITOR, 98, True),
        (EDITOR, 99, False),
        (ADMIN, 10**15, True),
        (replace(ADMIN, revoked_at=20), 15, False),
    ],
)
def test_token_holds_until_it_ends(token: Token, now: int, *, holds: bool) -> None:
    """Expiry is a time from which it no longer counts; a revocation counts at once."""
    assert token.holds(now) is holds
