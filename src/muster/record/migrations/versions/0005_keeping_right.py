"""Policies, leases, events and hooks; what runs came of, and what was decided about those that were held."""

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
    for name in ("verdict", "decided_by", "decided_because"):
        op.add_column("runs", sa.Column(name, sa.Text()))
    op.add_column("runs", sa.Column("decided_at", sa.BigInteger()))
    held = sa.text("outcome = 'held'")
    op.create_index("ix_runs_held", "runs", ["number"], sqlite_where=held, postgresql_where=held)
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
    _add_hooks()
    counters = sa.table("counters", sa.column("name", sa.Text()), sa.column("value", sa.BigInteger()))
    names = ("event", "membership", "membership_at")
    op.bulk_insert(counters, [{"name": name, "value": 0} for name in names])


def _add_hooks() -> None:
    kept = (_needed("position", sa.BigInteger()), _needed("epoch", sa.BigInteger()), sa.Column("paused", sa.Text()))
    op.create_table(
        "hooks",
        _needed("guid", NAME),
        *(_needed(name, sa.Text()) for name in ("url", "secret", "scope", "about", "kinds", "description")),
        *kept,
        _needed("created_at", sa.BigInteger()),
        _needed("created_by", sa.Text()),
        sa.PrimaryKeyConstraint("guid", name="pk_hooks"),
    )
    op.create_table(
        "deliveries",
        _needed("hook", NAME),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        _needed("status", sa.Text()),
        _needed("tries", sa.BigInteger()),
        _needed("at", sa.BigInteger()),
        sa.Column("due", sa.BigInteger()),
        sa.Column("code", sa.BigInteger()),
        _needed("said", sa.Text()),
        sa.PrimaryKeyConstraint("hook", "number", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["hook"], ["hooks.guid"], name="fk_deliveries_hook"),
    )
    op.create_index("ix_deliveries_status", "deliveries", ["status", "due"])


def _needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)
