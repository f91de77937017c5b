"""Policies, leases and events; what runs came of, and what was decided about those that were held."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add what is new; runs that are there already evaluated everything."""
    op.add_column("runs", sa.Column("trigger", sa.Text(), nullable=False, server_default="full"))
    for name, kind in (("verdict", sa.Text()), ("decided_at", sa.BigInteger()), ("decided_by", sa.Text())):
        op.add_column("runs", sa.Column(name, kind))
    op.create_table(
        "events",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        _needed("product", sa.BigInteger()),
        _needed("sequence", sa.BigInteger()),
        _needed("run", sa.BigInteger()),
        _needed("at", sa.BigInteger()),
        _needed("kind", sa.Text()),
        sa.PrimaryKeyConstraint("number", name="pk_events"),
        sa.ForeignKeyConstraint(["product"], ["products.ordinal"], name="fk_events_product"),
        sa.UniqueConstraint("product", "sequence", name="uq_events_product"),
    )
    op.create_table(
        "policies",
        _needed("scope", NAME),
        _needed("body", sa.Text()),
        _needed("at", sa.BigInteger()),
        _needed("author", sa.Text()),
        sa.PrimaryKeyConstraint("scope", name="pk_policies"),
    )
    op.create_table(
        "leases",
        _needed("name", NAME),
        _needed("holder", sa.Text()),
        _needed("fence", sa.BigInteger()),
        _needed("until", sa.BigInteger()),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    counters = sa.table("counters", sa.column("name", sa.Text()), sa.column("value", sa.BigInteger()))
    names = ("event", "membership", "membership_at")
    op.bulk_insert(counters, [{"name": name, "value": 0} for name in names])


def _needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)
