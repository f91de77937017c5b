"""Decisions stay on record when others take their place; who follows what."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
KEPT = "product, asset, decision, reason, author, at, expires_at, withdrawn_at, withdrawn_by"


def upgrade() -> None:
    """Give decisions the version of their product that they made, 0 for those there are; neither database widens a key."""
    op.execute("CREATE TABLE standings_before AS SELECT * FROM standings")
    op.drop_table("standings")
    _standings()
    op.execute(f"INSERT INTO standings ({KEPT}, version) SELECT {KEPT}, 0 FROM standings_before")  # noqa: S608 - ours
    op.drop_table("standings_before")
    _followers()


def _standings() -> None:
    op.create_table(
        "standings",
        _key("product"),
        _key("asset"),
        _key("version"),
        _needed("decision", sa.Text()),
        _needed("reason", sa.Text()),
        _needed("author", sa.Text()),
        _needed("at", sa.BigInteger()),
        sa.Column("expires_at", sa.BigInteger()),
        sa.Column("withdrawn_at", sa.BigInteger()),
        sa.Column("withdrawn_by", sa.Text()),
        sa.Column("withdrawn_version", sa.BigInteger()),
        sa.PrimaryKeyConstraint("product", "asset", "version", name="pk_standings"),
        sa.ForeignKeyConstraint(["product"], ["products.ordinal"], name="fk_standings_product"),
        sa.ForeignKeyConstraint(["asset"], ["entities.ordinal"], name="fk_standings_asset"),
    )
    op.create_index("ix_standings_asset", "standings", ["asset"])


def _followers() -> None:
    op.create_table(
        "followers",
        _key("entity"),
        _needed("name", NAME),
        _needed("at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("entity", "name", name="pk_followers"),
        sa.ForeignKeyConstraint(["entity"], ["entities.ordinal"], name="fk_followers_entity"),
    )


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, NUMBER, autoincrement=False, nullable=False)


def _needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)
