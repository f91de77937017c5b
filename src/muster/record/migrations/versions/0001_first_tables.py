"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create every table, and start the counters."""
    _entities()
    _products()
    _membership()
    _house()


def _entities() -> None:
    op.create_table(
        "entities",
        _key("ordinal"),
        _needed("guid", NAME),
        _needed("type_name", NAME),
        _needed("qualified_name", NAME),
        _needed("status", sa.Text()),
        _needed("version", sa.BigInteger()),
        _needed("digest", sa.LargeBinary()),
        _needed("changed", sa.BigInteger()),
        _needed("created_at", sa.BigInteger()),
        _needed("created_by", sa.Text()),
        sa.PrimaryKeyConstraint("ordinal", name="pk_entities"),
        sa.UniqueConstraint("guid", name="uq_entities_guid"),
        sa.UniqueConstraint("qualified_name", "type_name", name="uq_entities_qualified_name"),
    )
    op.create_table(
        "versions",
        _key("ordinal"),
        _key("version"),
        _needed("status", sa.Text()),
        _needed("body", sa.Text()),
        _needed("at", sa.BigInteger()),
        _needed("author", sa.Text()),
        sa.PrimaryKeyConstraint("ordinal", "version", name="pk_versions"),
        sa.ForeignKeyConstraint(["ordinal"], ["entities.ordinal"], name="fk_versions_ordinal"),
    )
    op.create_table(
        "change_log",
        _key("number"),
        _needed("ordinal", sa.BigInteger()),
        sa.PrimaryKeyConstraint("number", name="pk_change_log"),
    )


def _products() -> None:
    op.create_table(
        "products",
        _key("ordinal"),
        _needed("name", NAME),
        _needed("domain", NAME),
        _needed("revision", sa.BigInteger()),
        sa.Column("run", sa.BigInteger()),
        sa.PrimaryKeyConstraint("ordinal", name="pk_products"),
        sa.ForeignKeyConstraint(["ordinal"], ["entities.ordinal"], name="fk_products_ordinal"),
    )
    op.create_index("ix_products_name", "products", ["name", "ordinal"])
    op.create_table(
        "revisions",
        _key("product"),
        _key("revision"),
        _needed("text", sa.Text()),
        _needed("face", sa.Text()),
        _needed("wire", sa.Text()),
        _needed("digest", sa.Text()),
        _needed("at", sa.BigInteger()),
        _needed("author", sa.Text()),
        sa.PrimaryKeyConstraint("product", "revision", name="pk_revisions"),
        sa.ForeignKeyConstraint(["product"], ["products.ordinal"], name="fk_revisions_product"),
    )


def _membership() -> None:
    op.create_table(
        "standings",
        _key("product"),
        _key("asset"),
        _needed("decision", sa.Text()),
        _needed("reason", sa.Text()),
        _needed("author", sa.Text()),
        _needed("at", sa.BigInteger()),
        sa.Column("expires_at", sa.BigInteger()),
        sa.Column("withdrawn_at", sa.BigInteger()),
        sa.Column("withdrawn_by", sa.Text()),
        sa.PrimaryKeyConstraint("product", "asset", name="pk_standings"),
        sa.ForeignKeyConstraint(["product"], ["products.ordinal"], name="fk_standings_product"),
        sa.ForeignKeyConstraint(["asset"], ["entities.ordinal"], name="fk_standings_asset"),
    )
    op.create_table(
        "generations",
        _key("product"),
        _key("number"),
        _needed("members", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("product", "number", name="pk_generations"),
        sa.ForeignKeyConstraint(["product"], ["products.ordinal"], name="fk_generations_product"),
    )
    op.create_table(
        "runs",
        _key("number"),
        _needed("product", sa.BigInteger()),
        _needed("revision", sa.BigInteger()),
        _needed("position", sa.BigInteger()),
        _needed("at", sa.BigInteger()),
        _needed("outcome", sa.Text()),
        sa.Column("generation", sa.BigInteger()),
        _needed("total", sa.BigInteger()),
        _needed("joined", sa.BigInteger()),
        _needed("left", sa.BigInteger()),
        _needed("digest", sa.Text()),
        _needed("held_because", sa.Text()),
        sa.PrimaryKeyConstraint("number", name="pk_runs"),
        sa.ForeignKeyConstraint(["product"], ["products.ordinal"], name="fk_runs_product"),
        sa.ForeignKeyConstraint(
            ["product", "generation"], ["generations.product", "generations.number"], name="fk_runs_generation"
        ),
    )
    op.create_index("ix_runs_product", "runs", ["product", "number"])
    op.create_table(
        "moves",
        _key("run"),
        _key("place"),
        _needed("cause", sa.Text()),
        _needed("joined", sa.LargeBinary()),
        _needed("left", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("run", "place", name="pk_moves"),
        sa.ForeignKeyConstraint(["run"], ["runs.number"], name="fk_moves_run"),
    )


def _house() -> None:
    op.create_table(
        "tokens",
        _needed("name", NAME),
        _needed("digest", sa.Text()),
        _needed("role", sa.Text()),
        _needed("domains", sa.Text()),
        _needed("created_at", sa.BigInteger()),
        sa.Column("expires_at", sa.BigInteger()),
        sa.Column("used_at", sa.BigInteger()),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("name", name="pk_tokens"),
        sa.UniqueConstraint("digest", name="uq_tokens_digest"),
    )
    op.create_table(
        "meta", _needed("name", sa.Text()), _needed("value", sa.Text()), sa.PrimaryKeyConstraint("name", name="pk_meta")
    )
    counters = op.create_table(
        "counters",
        _needed("name", sa.Text()),
        _needed("value", sa.BigInteger()),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
    op.bulk_insert(counters, [{"name": name, "value": 0} for name in ("ordinal", "change", "run")])


def _key(name: str) -> sa.Column[Any]:
    return sa.Column(name, NUMBER, autoincrement=False, nullable=False)


def _needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)
