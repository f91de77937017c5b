"""Products that changes passed by, which were followed for all others; runs by when they were."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add what is new: nothing is known of any that was passed by, which an audit sees to."""
    op.create_table(
        "missed",
        sa.Column("product", NAME, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("product", name="pk_missed"),
    )
    op.create_index("ix_runs_recent", "runs", ["product", "at"])
