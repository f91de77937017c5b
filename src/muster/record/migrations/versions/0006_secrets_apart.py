"""Hooks that change their secret; what was the case when changes were followed last."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add what is new: no hook had another secret, and nothing is known of what was the case."""
    op.add_column("hooks", sa.Column("former", sa.Text()))
    op.add_column("hooks", sa.Column("former_until", sa.BigInteger()))
    op.create_table(
        "apart",
        sa.Column("product", NAME, nullable=False),
        sa.PrimaryKeyConstraint("product", name="pk_apart"),
    )
    counters = sa.table("counters", sa.column("name", sa.Text()), sa.column("value", sa.BigInteger()))
    op.bulk_insert(counters, [{"name": "membership_typedefs", "value": -1}])
