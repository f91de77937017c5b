"""An identity of the record's own."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Give the record its identity, once for good; migrations run one at a time, so that everyone reads the same."""
    meta = sa.table("meta", sa.column("name", sa.Text()), sa.column("value", sa.Text()))
    op.bulk_insert(meta, [{"name": "identity", "value": str(uuid4())}])
