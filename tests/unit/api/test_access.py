"""Who is let in: by whose token, with which role, and how often after wrong ones."""

from pathlib import Path
from typing import Any

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.token import Role, Token
from muster.errors import NotFound, Unauthenticated
from muster.service.tokens import Bearers, create_token, fingerprint
from tests.unit.api.driven import Driven, a_surface, driven

ROLES = list(Role)


@pytest.mark.parametrize("least", ROLES)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_what_the_ones_before_it_may(service: Driven, role: Role, least: Role) -> None:
    """Whoever has the least role of a route or one above it is let in; everybody else is known and refused."""
    answer = service.get(f"/tea/{least.value}", role=role)
    may = ROLES.index(role) >= ROLES.index(least)
    assert answer.json().get("tea") == (None if may else "forbidden")


def test_what_a_caller_writes_is_signed_by_the_token(service: Driven) -> None:
    """The name of the token, and the id of the request as its client gave it."""
    said = service.get("/tea/viewer", role=Role.EDITOR, headers={"X-Atlan-Request-Id": "r-1"}).json()
    assert said == {"by": "editor", "request": "r-1", "within": []}


def test_the_domains_of_an_editor_are_known(service: Driven) -> None:
    """Routes get them with the caller, by their qualified names, whatever they were named by."""
    home = EntityDraft(Key("DataDomain", "default/domain/x/super"), {"name": "Marketing"})
    service.work.record.write([home], by="ada", at=1)
    secret = create_token(service.work, "bound", Role.EDITOR, domains=("Marketing", "default/domain/x/super"))
    said = service.get("/tea/editor", headers={"Authorization": f"Bearer {secret}"}).json()
    assert said["within"] == ["default/domain/x/super"]


def test_an_editor_is_bound_to_domains_that_are_there(service: Driven) -> None:
    """One bound to nothing could write nowhere, and nobody would know why."""
    with pytest.raises(NotFound):
        create_token(service.work, "lost", Role.EDITOR, domains=("Nowhere",))


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer nobody's", "nobody's"])
@pytest.mark.parametrize("path", ["/openapi.json", "/nowhere", "/metrics"])
def test_nobody_is_let_in_without_a_token(service: Driven, path: str, said: str) -> None:
    """Whatever was sent in place of one, and whether or not there is anything at the path; the answer says how to."""
    answer = service.get(path, role=None, headers={"Authorization": said})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["hint"]


def test_a_body_is_not_read_from_who_has_no_token(service: Driven) -> None:
    """What comes with a wrong token is not even looked at."""
    answer = service.ask("POST", "/tea/cups/1", role=None, content=b"{broken")
    assert answer.json()["tea"] == "unauthenticated"


def test_wrong_tokens_are_slowed_down(tmp_path: Path) -> None:
    """After so many from one address it waits; other addresses do not, nor does who had a token that holds."""
    with driven(tmp_path, a_surface(), serve_attempts=3) as service:
        assert service.get("/openapi.json").status_code == 200
        wrong = [service.get("/openapi.json", role=None, headers={"Authorization": f"Bearer {n}"}) for n in range(5)]
        assert [one.status_code for one in wrong] == [401, 401, 401, 429, 429]
        assert 0 < int(wrong[-1].headers["Retry-After"]) <= 60
        assert service.get("/openapi.json").status_code == 200
        assert service.get("/openapi.json", role=Role.VIEWER).status_code == 429
        assert service.get("/openapi.json", role=Role.VIEWER, address="127.0.0.2").status_code == 200


def test_the_last_use_is_noted_once_a_minute(tmp_path: Path) -> None:
    """By a thread that no request waits for; it is in the record when the service has stopped."""
    with driven(tmp_path) as service:
        noted: list[tuple[str, int]] = []
        record: Any = service.work.record
        use = record.use_token
        record.use_token = lambda name, at: (noted.append((name, at)), use(name, at=at))
        for _ in range(3):
            service.app.state.gate._bearers._seen.clear()
            service.get("/openapi.json")
    assert [name for name, _ in noted] == ["admin"]


class Tokens:
    """A record of one token; counts how often it is asked."""

    def __init__(self, token: Token) -> None:
        self.stored = token
        self.asked = 0

    def token(self, digest: str) -> Token:
        """Return the token, as a record does."""
        self.asked += 1
        if digest != self.stored.digest:
            raise NotFound("no such token")
        return self.stored


class Time:
    """A clock in milliseconds and one in seconds that stand until they are moved."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def ticks(self) -> float:
        """Return seconds."""
        return self.seconds

    def clock(self) -> int:
        """Return milliseconds."""
        return round(self.seconds * 1000)


@pytest.fixture
def time() -> Time:
    """The time of the test."""
    return Time()


def bearers(token: Token, time: Time) -> tuple[Bearers, Tokens]:
    """Return what finds the token, and the record that it asks."""
    record: Any = Tokens(token)
    return Bearers(record, time.clock, time.ticks), record


def a_token(**more: Any) -> Token:
    """Return a token whose secret is `s`."""
    return Token("one", fingerprint("s"), Role.VIEWER, (), 0, **more)


def test_a_token_is_remembered_for_a_second(time: Time) -> None:
    """Within it the record is not asked; after it, it is."""
    found, _ = bearers(a_token(), time)
    token = found.find(fingerprint("s"))
    time.seconds += 1
    assert found.remembered(fingerprint("s")) is token
    time.seconds += 0.1
    assert found.remembered(fingerprint("s")) is None


def test_a_revoked_token_ends_within_a_second(time: Time) -> None:
    """It is refused when it is looked up the next time, and forgotten."""
    found, record = bearers(a_token(), time)
    found.find(fingerprint("s"))
    record.stored = a_token(revoked_at=1)
    time.seconds += 1.1
    with pytest.raises(Unauthenticated):
        found.find(fingerprint("s"))
    assert not found.has_held(fingerprint("s"))


def test_an_expired_token_ends_at_once(time: Time) -> None:
    """Also one that is remembered."""
    found, _ = bearers(a_token(expires_at=time.clock() + 500), time)
    found.find(fingerprint("s"))
    time.seconds += 0.6
    assert found.remembered(fingerprint("s")) is None
    with pytest.raises(Unauthenticated):
        found.find(fingerprint("s"))


def test_memory_of_tokens_is_bounded(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one looked up longest ago makes room."""
    monkeypatch.setattr(Bearers, "ROOM", 2)
    found, record = bearers(a_token(), time)
    for secret in "abc":
        record.stored = Token(secret, fingerprint(secret), Role.VIEWER, (), 0)
        found.find(fingerprint(secret))
    assert [found.has_held(fingerprint(secret)) for secret in "abc"] == [False, True, True]
