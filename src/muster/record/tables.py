"""The tables of the record, the same on SQLite and PostgreSQL.

    entities ──< versions           one row per entity; every body it ever had, the current one among them
       │
       ├───── change_log            what changed, numbered in the order in which it became visible
       │
       ├───── links              which entity names which, read from the bodies; `pending` where the target is not there
       │
       ├────< followers             who follows which entity
       │
       └───── products ──< revisions            every selection a product ever had
                 ├──────< standings             pins and exclusions, those that were replaced or withdrawn among them
                 ├──────< generations           memberships, as roaring bitmaps; older ones follow from the moves since
                 └──────< runs ──< moves        each sync, and what it moved

    events      what is to be told to others, numbered in the order in which it happened, and without gaps for each product
    hooks ──< deliveries                     who is told of events over HTTP, how far each has come, and how that went
    policies    when products are synced and what their runs may move, by scope
    apart       the products that did not follow changes, by guid, when changes were followed last
    missed      the products whose membership is not what following changes would have led to, and until when it was; 0
                where only the run tells that it came of
    leases      who does which work now, with the number by which a late one is told from the current one
    counters    the last ordinal, change, run, event and version of the typedefs, and how far memberships have followed the
                change log, with the version of the typedefs that was then; locking its rows serialises writers
    typedefs    tags, custom metadata, enums, by internal name
    requests    what the requests of the last hour were answered
    tokens      bearer tokens, by the SHA-256 of their secret
    meta        which release last changed the schema, and the identity of the record

Times are milliseconds since 1970. Names sort by code point on both databases. `migrations/` holds how these came to be;
a test keeps both equal.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

REVISION = "0007"
"""The migration that brings a database to these tables."""

HELD = text("outcome = 'held'")
"""The runs that were held: few among many, and looked for."""

number = BigInteger().with_variant(Integer(), "sqlite")
name = Text().with_variant(Text(collation="C"), "postgresql")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


def _key(column: str, *constraints: ForeignKey) -> Column[Any]:
    """Return a column of the primary key; its numbers are handed out by `counters`, not by the database."""
    return Column(column, number, *constraints, primary_key=True, autoincrement=False)


def _needed(column: str, kind: Any) -> Column[Any]:
    return Column(column, kind, nullable=False)


entities = Table(
    "entities",
    metadata,
    _key("ordinal"),
    _needed("guid", name),
    _needed("type_name", name),
    _needed("qualified_name", name),
    _needed("status", Text),
    _needed("version", BigInteger),
    _needed("digest", LargeBinary),
    _needed("changed", BigInteger),
    _needed("created_at", BigInteger),
    _needed("created_by", Text),
    UniqueConstraint("guid"),
    UniqueConstraint("qualified_name", "type_name"),
)

versions = Table(
    "versions",
    metadata,
    _key("ordinal", ForeignKey("entities.ordinal")),
    _key("version"),
    _needed("status", Text),
    _needed("body", Text),
    _needed("at", BigInteger),
    _needed("author", Text),
)

change_log = Table("change_log", metadata, _key("number"), _needed("ordinal", BigInteger))

links = Table(
    "links",
    metadata,
    _key("source", ForeignKey("entities.ordinal")),
    Column("name", name, primary_key=True),
    _key("target", ForeignKey("entities.ordinal")),
    Index(None, "target", "name", "source"),
    sqlite_with_rowid=False,
)

pending = Table(
    "pending",
    metadata,
    Column("source", BigInteger, ForeignKey("entities.ordinal"), nullable=False),
    _needed("name", name),
    _needed("type_name", name),
    _needed("qualified_name", name),
    Index(None, "source"),
    Index(None, "qualified_name", "type_name"),
)

products = Table(
    "products",
    metadata,
    _key("ordinal", ForeignKey("entities.ordinal")),
    _needed("name", name),
    _needed("domain", name),
    _needed("revision", BigInteger),
    Column("run", BigInteger),
    Index(None, "name", "ordinal"),
)

revisions = Table(
    "revisions",
    metadata,
    _key("product", ForeignKey("products.ordinal")),
    _key("revision"),
    _needed("text", Text),
    _needed("face", Text),
    _needed("wire", Text),
    _needed("digest", Text),
    _needed("at", BigInteger),
    _needed("author", Text),
)

standings = Table(
    "standings",
    metadata,
    _key("product", ForeignKey("products.ordinal")),
    _key("asset", ForeignKey("entities.ordinal")),
    _key("version"),
    _needed("decision", Text),
    _needed("reason", Text),
    _needed("author", Text),
    _needed("at", BigInteger),
    Column("expires_at", BigInteger),
    Column("withdrawn_at", BigInteger),
    Column("withdrawn_by", Text),
    Column("withdrawn_version", BigInteger),
    Index(None, "asset"),
)

followers = Table(
    "followers",
    metadata,
    _key("entity", ForeignKey("entities.ordinal")),
    Column("name", name, primary_key=True),
    _needed("at", BigInteger),
)

generations = Table(
    "generations",
    metadata,
    _key("product", ForeignKey("products.ordinal")),
    _key("number"),
    _needed("members", LargeBinary),
)

runs = Table(
    "runs",
    metadata,
    _key("number"),
    Column("product", BigInteger, ForeignKey("products.ordinal"), nullable=False),
    _needed("revision", BigInteger),
    _needed("position", BigInteger),
    _needed("at", BigInteger),
    _needed("outcome", Text),
    Column("generation", BigInteger),
    _needed("total", BigInteger),
    _needed("joined", BigInteger),
    _needed("left", BigInteger),
    _needed("digest", Text),
    _needed("held_because", Text),
    Column("trigger", Text, nullable=False, server_default="full"),
    Column("verdict", Text),
    Column("decided_at", BigInteger),
    Column("decided_by", Text),
    Column("decided_because", Text),
    ForeignKeyConstraint(
        ["product", "generation"], ["generations.product", "generations.number"], name="fk_runs_generation"
    ),
    Index(None, "product", "number"),
    Index("ix_runs_recent", "product", "at"),
    Index("ix_runs_held", "number", sqlite_where=HELD, postgresql_where=HELD),
)

moves = Table(
    "moves",
    metadata,
    _key("run", ForeignKey("runs.number")),
    _key("place"),
    _needed("cause", Text),
    _needed("joined", LargeBinary),
    _needed("left", LargeBinary),
)

typedefs = Table(
    "typedefs",
    metadata,
    Column("name", name, primary_key=True),
    _needed("category", name),
    _needed("display_name", name),
    _needed("guid", name),
    _needed("body", Text),
    _needed("version", BigInteger),
    _needed("created_at", BigInteger),
    _needed("updated_at", BigInteger),
    _needed("created_by", Text),
    _needed("updated_by", Text),
    UniqueConstraint("display_name", "category"),
)

requests = Table(
    "requests",
    metadata,
    Column("request", name, primary_key=True),
    _needed("answer", Text),
    _needed("at", BigInteger),
    Index(None, "at"),
)

events = Table(
    "events",
    metadata,
    _key("number"),
    Column("product", BigInteger, ForeignKey("products.ordinal"), nullable=False),
    _needed("sequence", BigInteger),
    _needed("run", BigInteger),
    _needed("at", BigInteger),
    _needed("kind", Text),
    UniqueConstraint("product", "sequence"),
)

hooks = Table(
    "hooks",
    metadata,
    Column("guid", name, primary_key=True),
    _needed("url", Text),
    _needed("secret", Text),
    _needed("scope", Text),
    _needed("about", Text),
    _needed("kinds", Text),
    _needed("description", Text),
    _needed("position", BigInteger),
    _needed("epoch", BigInteger),
    Column("paused", Text),
    _needed("created_at", BigInteger),
    _needed("created_by", Text),
    Column("former", Text),
    Column("former_until", BigInteger),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("hook", name, ForeignKey("hooks.guid"), primary_key=True),
    _key("number"),
    _needed("status", Text),
    _needed("tries", BigInteger),
    _needed("at", BigInteger),
    Column("due", BigInteger),
    Column("code", BigInteger),
    _needed("said", Text),
    Index(None, "status", "due"),
)

policies = Table(
    "policies",
    metadata,
    Column("scope", name, primary_key=True),
    _needed("body", Text),
    _needed("at", BigInteger),
    _needed("author", Text),
)

apart = Table("apart", metadata, Column("product", name, primary_key=True))

missed = Table(
    "missed",
    metadata,
    Column("product", name, primary_key=True),
    _needed("position", BigInteger),
    _needed("at", BigInteger),
)

leases = Table(
    "leases",
    metadata,
    Column("name", name, primary_key=True),
    _needed("holder", Text),
    _needed("fence", BigInteger),
    _needed("until", BigInteger),
)

counters = Table("counters", metadata, Column("name", Text, primary_key=True), _needed("value", BigInteger))

tokens = Table(
    "tokens",
    metadata,
    Column("name", name, primary_key=True),
    _needed("digest", Text),
    _needed("role", Text),
    _needed("domains", Text),
    _needed("created_at", BigInteger),
    Column("expires_at", BigInteger),
    Column("used_at", BigInteger),
    Column("revoked_at", BigInteger),
    UniqueConstraint("digest"),
)

meta = Table("meta", metadata, Column("name", Text, primary_key=True), _needed("value", Text))
