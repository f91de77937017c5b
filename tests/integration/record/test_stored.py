"""Records that earlier releases wrote, and what they must still say."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from pyroaring import BitMap

from muster.catalog.entity import Entity, EntityDraft, Key, Status
from muster.catalog.product import Face, Selection
from muster.catalog.token import Role, Token
from muster.catalog.typedef import Category, Typedef
from muster.catalog.writing import Link
from muster.membership import Cause, Decision, Generation, Move, Outcome, Standing
from muster.packing import digest
from muster.record import SqlRecord, open_record

STORED = Path(__file__).parents[2] / "fixtures" / "stored"
TIME = 1_700_000_000_000
IDENTITY = "00000000-0000-4000-8000-0000000000ff"
PRODUCT = "00000000-0000-4000-8000-000000000003"


@contextmanager
def opened(version: str, folder: Path) -> Iterator[SqlRecord]:
    """Open the record of a format with this release."""
    with closing(sqlite3.connect(folder / "record.db")) as connection:
        connection.executescript((STORED / version / "record.sql").read_text(encoding="utf-8"))
    with closing(open_record(f"sqlite:///{folder / 'record.db'}")) as record:
        yield record


@pytest.fixture(params=["v1", "v2", "v3", "v4"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlRecord]:
    """The record of each format, opened by this release."""
    with opened(request.param, tmp_path) as record:
        yield record


def test_entities_are_read(stored: SqlRecord) -> None:
    """Bodies, versions and states, and the change log with each entity's last change."""
    orders = Entity(
        ordinal=1,
        guid="00000000-0000-4000-8000-000000000001",
        key=Key("Table", "shop/größe/orders"),
        status=Status.ACTIVE,
        attributes={"name": "orders", "ownerUsers": ["ann"], "rowCount": 13},
        tags=("PII",),
        terms=("order@glossary",),
        relationships={"columns": (Key("Column", "shop/größe/orders/id"),)},
        custom={"Team": {"size": 3}},
        version=2,
        created_at=TIME,
        updated_at=TIME + 1000,
        created_by="ann",
        updated_by="bob",
    )
    assert stored.entity("shop/größe/orders") == orders
    assert stored.entity("shop/größe/old").status is Status.DELETED
    assert [(change.number, change.ordinal) for change in stored.changes(0, 9)] == [(3, 1), (4, 2), (5, 3)]


def test_selections_are_read(stored: SqlRecord) -> None:
    """Every revision verbatim, with author and time."""
    first = _selection("tag:PII", Face.SHORTHAND, '{"term":{"__traitNames":{"value":"PII"}}}', 1)
    second = _selection('{"match_all": {}}', Face.WIRE, '{"match_all":{}}', 2)
    assert stored.product("persönlich").selection == second
    assert stored.revisions(PRODUCT) == [(second, "cy", TIME + 6000), (first, "ann", TIME + 3000)]


def test_membership_is_read(stored: SqlRecord) -> None:
    """Standings, runs, moves and bitmaps."""
    assert stored.standings([PRODUCT])[PRODUCT] == (
        Standing(Decision.PIN, 1, "für das Audit", "ann", TIME + 4000),
        Standing(Decision.EXCLUSION, 2, "gone", "bob", TIME + 4000, TIME + 9000),
    )
    outcomes = [(run.number, run.outcome, run.generation) for run in stored.runs(PRODUCT, limit=9)]
    assert outcomes == [(3, Outcome.UNCHANGED, 1), (2, Outcome.HELD, None), (1, Outcome.APPLIED, 1)]
    assert stored.moves(PRODUCT, 1) == (Move(Cause.FIRST, BitMap([1]), BitMap()),)
    assert stored.moves(PRODUCT, 2) == (Move(Cause.SELECTION, BitMap(), BitMap([1])),)
    members = BitMap([1])
    assert stored.generations([PRODUCT])[PRODUCT] == Generation(1, 3, 2, 5, TIME + 8000, digest(members), members)


def test_tokens_are_read(stored: SqlRecord) -> None:
    """By the digest of their secret."""
    secret = hashlib.sha256(b"x").hexdigest()
    domains = ("default/domain/sales",)
    assert stored.token(secret) == Token("reader", secret, Role.VIEWER, domains, TIME, TIME + 99_000, TIME + 500)


def test_relationships_are_read(stored: SqlRecord) -> None:
    """What a body states is linked when it comes, from whatever format."""
    keys = Key("Column", "shop/größe/orders/id"), Key("AtlasGlossaryTerm", "order@glossary")
    stored.write([EntityDraft(key, {}) for key in keys], by="ann", at=TIME)
    assert stored.links([4, 5], limit=9) == [Link(1, "columns", 4), Link(1, "meanings", 5)]


def test_typedefs_and_answers_are_read(tmp_path: Path) -> None:
    """Since format 3."""
    with opened("v3", tmp_path) as record:
        body = {"attributeDefs": [], "description": "Daten über Personen"}
        guid = "00000000-0000-4000-8000-000000000009"
        tag = Typedef(Category.CLASSIFICATION, "a1B2c3", "Persönlich", guid, body, 2, TIME, TIME + 1000, "ann", "bob")
        assert record.typedefs().by_name == {"a1B2c3": tag}
        assert record.answer("r1") == '{"guidAssignments":{}}'


def test_followers_are_read(tmp_path: Path) -> None:
    """Since format 4."""
    with opened("v4", tmp_path) as record:
        assert record.followers([1, 3]) == {3: ("jörg",)}


def test_identity_is_read(tmp_path: Path) -> None:
    """Formats have one since 2; a record from before gets one when it is opened."""
    with opened("v2", tmp_path) as record:
        assert record.identity() == IDENTITY
    older = tmp_path / "older"
    older.mkdir()
    with opened("v1", older) as record:
        assert UUID(record.identity()).version == 4


def _selection(text: str, face: Face, wire: str, revision: int) -> Selection:
    return Selection(text, face, wire, hashlib.sha256(wire.encode()).hexdigest(), revision)
