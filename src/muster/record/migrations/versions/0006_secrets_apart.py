"""Hooks that change their secret; which products did not follow changes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add what is new: no hook had another secret, and no product is known to have been apart."""
    op.add_column("hooks", sa.Column("former", sa.Text()))
    op.add_column("hooks", sa.Column("former_until", sa.BigInteger()))
    op.create_table(
        "apart",
        sa.Column("product", NAME, nullable=False),
        sa.PrimaryKeyConstraint("product", name="pk_apart"),
    )
