"""Links between entities, typedefs, and what requests were answered."""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BATCH = 2000
"""How many bodies are read at a time."""

LONGEST_KEY = 2600
LONGEST_NAME = 100
"""What type and qualified name, and a relationship's name, may take in UTF-8; what is longer cannot be asked for."""

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

PENDING = sa.table("pending", *map(sa.column, ("source", "name", "type_name", "qualified_name")))
ENTITIES = sa.table("entities", *map(sa.column, ("ordinal", "type_name", "qualified_name", "version")))
VERSIONS = sa.table("versions", *map(sa.column, ("ordinal", "version", "body")))
LINKS = sa.table("links", *map(sa.column, ("source", "name", "target")))


def upgrade() -> None:
    """Create the tables, read the links from the bodies, and index them when they are all there."""
    _links()
    _typedefs()
    _requests()
    _fill()
    op.create_index("ix_links_target", "links", ["target", "name", "source"])
    op.create_index("ix_pending_source", "pending", ["source"])
    op.create_index("ix_pending_qualified_name", "pending", ["qualified_name", "type_name"])
    op.create_index("ix_standings_asset", "standings", ["asset"])


def _links() -> None:
    op.create_table(
        "links",
        _key("source"),
        _needed("name", NAME),
        _key("target"),
        sa.PrimaryKeyConstraint("source", "name", "target", name="pk_links"),
        sa.ForeignKeyConstraint(["source"], ["entities.ordinal"], name="fk_links_source"),
        sa.ForeignKeyConstraint(["target"], ["entities.ordinal"], name="fk_links_target"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pending",
        _needed("source", sa.BigInteger()),
        _needed("name", NAME),
        _needed("type_name", NAME),
        _needed("qualified_name", NAME),
        sa.ForeignKeyConstraint(["source"], ["entities.ordinal"], name="fk_pending_source"),
    )


def _typedefs() -> None:
    op.create_table(
        "typedefs",
        _needed("name", NAME),
        _needed("category", NAME),
        _needed("display_name", NAME),
        _needed("guid", NAME),
        _needed("body", sa.Text()),
        _needed("version", sa.BigInteger()),
        _needed("created_at", sa.BigInteger()),
        _needed("updated_at", sa.BigInteger()),
        _needed("created_by", sa.Text()),
        _needed("updated_by", sa.Text()),
        sa.PrimaryKeyConstraint("name", name="pk_typedefs"),
        sa.UniqueConstraint("display_name", "category", name="uq_typedefs_display_name"),
    )
    counters = sa.table("counters", sa.column("name", sa.Text()), sa.column("value", sa.BigInteger()))
    op.bulk_insert(counters, [{"name": "typedef", "value": 0}])


def _requests() -> None:
    op.create_table(
        "requests",
        _needed("request", NAME),
        _needed("answer", sa.Text()),
        _needed("at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("request", name="pk_requests"),
    )
    op.create_index("ix_requests_at", "requests", ["at"])


def _fill() -> None:
    """Take every relationship for pending first, then give those whose target is there their link."""
    connection = op.get_bind()
    for rows in _bodies(connection):
        if stated := [one for row in rows for one in _stated(row)]:
            connection.execute(sa.insert(PENDING), stated)
    same = (PENDING.c.qualified_name == ENTITIES.c.qualified_name) & (PENDING.c.type_name == ENTITIES.c.type_name)
    there = sa.select(PENDING.c.source, PENDING.c.name, ENTITIES.c.ordinal).join_from(PENDING, ENTITIES, same)
    connection.execute(sa.insert(LINKS).from_select(["source", "name", "target"], there))
    connection.execute(sa.delete(PENDING).where(sa.exists(sa.select(ENTITIES.c.ordinal).where(same))))


def _bodies(connection: sa.Connection) -> Iterator[Sequence[sa.Row[Any]]]:
    """Read the current bodies, batch by batch."""
    current = (VERSIONS.c.ordinal == ENTITIES.c.ordinal) & (VERSIONS.c.version == ENTITIES.c.version)
    query: sa.Select[Any] = sa.select(ENTITIES.c.ordinal, VERSIONS.c.body).join_from(ENTITIES, VERSIONS, current)
    last = 0
    while rows := connection.execute(
        query.where(ENTITIES.c.ordinal > last).order_by(ENTITIES.c.ordinal).limit(BATCH)
    ).all():
        yield rows
        last = rows[-1].ordinal


def _stated(row: sa.Row[Any]) -> Iterator[dict[str, Any]]:
    body = orjson.loads(row.body)
    terms = {"meanings": [("AtlasGlossaryTerm", term) for term in body.get("terms", ())]}
    for name, keys in (body.get("relationships", {}) | terms).items():
        for type_name, qualified_name in {tuple(key) for key in keys}:
            if _fits(name, LONGEST_NAME) and _fits(type_name + qualified_name, LONGEST_KEY):
                yield {
                    "source": row.ordinal,
                    "name": name,
                    "type_name": type_name,
                    "qualified_name": qualified_name,
                }


def _fits(text: str, size: int) -> bool:
    return "\0" not in text and len(text.encode()) <= size


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, NUMBER, autoincrement=False, nullable=False)


def _needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)
