"""A synthetic catalog with the shape of a real one: about 45 fields an asset, skewed, the same for the same seed.

Schemas are the unit: each has its tables and views with their columns, and now and then dashboards and dbt models
over it. Qualified names share prefixes (connection, database, schema, table); tags and owners are passed down from
table to column; eight assets in ten are columns.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any
from uuid import UUID

from muster.catalog.entity import Entity, EntityDraft, Key, Status

SCHEMAS_PER_DATABASE = 20
TABLES_PER_SCHEMA = 40
DAY = 86_400_000
NEWEST = 1_790_000_000_000
"""The time that the catalog ends at, in milliseconds; it reaches back three years."""

CONNECTORS = (
    "snowflake",
    "snowflake",
    "snowflake",
    "bigquery",
    "bigquery",
    "databricks",
    "redshift",
    "postgres",
    "mssql",
)
CERTIFICATES = ("VERIFIED", "DRAFT", "DEPRECATED")
DATA_TYPES = ("VARCHAR", "VARCHAR", "NUMBER", "NUMBER", "TIMESTAMP", "DATE", "BOOLEAN", "FLOAT", "VARIANT")
TAGS = tuple(f"tag_{number:03}" for number in range(300))
USERS = tuple(f"user.{number:03}" for number in range(500))
GROUPS = tuple(f"team-{number:02}" for number in range(60))
TERMS = tuple(f"term{number:03}@glossary" for number in range(200))
NOUNS = [
    "order",
    "customer",
    "invoice",
    "payment",
    "product",
    "store",
    "shipment",
    "return",
    "session",
    "click",
    "event",
    "campaign",
    "lead",
    "account",
    "contract",
    "ticket",
    "employee",
    "supplier",
    "stock",
    "price",
    "refund",
    "visit",
    "device",
    "region",
    "forecast",
    "budget",
    "policy",
    "claim",
    "loan",
    "trade",
]
LAYERS = ["raw", "stg", "int", "dim", "fct", "mart", "agg", "snap", "tmp", "ref"]
PARTS = [
    "id",
    "name",
    "status",
    "amount",
    "total",
    "created",
    "updated",
    "code",
    "type",
    "country",
    "currency",
    "email",
    "flag",
    "count",
    "rate",
    "date",
    "key",
    "hash",
]
VERBS = [
    "holds",
    "lists",
    "counts",
    "joins",
    "the",
    "one",
    "row",
    "per",
    "every",
    "daily",
    "hourly",
    "latest",
    "current",
    "net",
    "gross",
    "of",
    "for",
    "with",
    "from",
    "by",
    "and",
    "used",
    "in",
    "reporting",
    "finance",
    "marketing",
    "sales",
    "legal",
    "support",
    "team",
    "cleaned",
    "deduplicated",
    "converted",
    "local",
    "time",
    "zone",
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a schema lives."""

    connector: str
    connection: str
    database: str
    schema: str

    @property
    def prefixes(self) -> tuple[str, str, str]:
        """The qualified names of connection, database and schema."""
        database = f"{self.connection}/{self.database}"
        return self.connection, database, f"{database}/{self.schema}"


def place(schema: int) -> Place:
    """Return where the schema of a number lives; early connections are the larger ones."""
    database = schema // SCHEMAS_PER_DATABASE
    connection = min(database // 8, 11) if database < 40 else database % 12
    connector = CONNECTORS[connection % len(CONNECTORS)]
    names = f"{NOUNS[database % len(NOUNS)]}_{database:03}", f"{LAYERS[schema % len(LAYERS)]}_{schema:04}"
    return Place(connector, f"default/{connector}/{1_600_000_000 + connection * 9_973}", *names)


def drafts(*, seed: int = 7) -> Iterator[EntityDraft]:
    """Yield assets without end; take as many as wanted."""
    for schema in count():
        yield from _Schema(schema, random.Random(f"{seed}/{schema}")).drafts()


def entities(assets: int, *, seed: int = 7) -> Iterator[Entity]:
    """Yield assets as a record would keep them, ordinals from 1."""
    for ordinal, draft in enumerate(islice(drafts(seed=seed), assets), 1):
        yield entity(ordinal, draft)


def entity(ordinal: int, draft: EntityDraft) -> Entity:
    """Return a draft as the record would keep it, its times drawn by its ordinal."""
    drawn = random.Random(ordinal)
    created = NEWEST - int(drawn.random() * 1000) * DAY - drawn.randrange(DAY)
    updated = created + int((NEWEST - created) * drawn.random())
    return Entity(
        ordinal=ordinal,
        guid=str(UUID(int=drawn.getrandbits(128), version=4)),
        key=draft.key,
        status=Status.DELETED if drawn.random() < 0.03 else Status.ACTIVE,
        attributes=draft.attributes,
        tags=draft.tags,
        terms=draft.terms,
        relationships=draft.relationships,
        custom=draft.custom,
        version=1,
        created_at=created,
        updated_at=updated,
        created_by=USERS[ordinal % 17],
        updated_by=USERS[ordinal % 29],
    )


@dataclass(slots=True)
class _Schema:
    """One schema as it is drawn: what its assets share."""

    number: int
    drawn: random.Random
    place: Place = field(init=False)
    owners: tuple[str, ...] = field(init=False)
    group: str = field(init=False)

    def __post_init__(self) -> None:
        self.place = place(self.number)
        self.owners = tuple(USERS[self._skewed(len(USERS))] for _ in range(3))
        self.group = GROUPS[self._skewed(len(GROUPS))]

    def drafts(self) -> Iterator[EntityDraft]:
        connection, database, schema = self.place.prefixes
        if self.number % SCHEMAS_PER_DATABASE == 0:
            yield self._draft("Database", database, self.place.database, {})
        yield self._draft("Schema", schema, self.place.schema, {"tableCount": TABLES_PER_SCHEMA})
        for number in range(TABLES_PER_SCHEMA):
            yield from self._table(schema, number)
        yield from self._dashboards(connection)
        yield from self._models(schema)

    def _table(self, schema: str, number: int) -> Iterator[EntityDraft]:
        kind = self.drawn.choices(("Table", "View", "MaterialisedView"), (75, 22, 3))[0]
        noun = NOUNS[self._skewed(len(NOUNS))]
        name = f"{LAYERS[self.number % len(LAYERS)]}_{noun}_{number:02}"
        qualified, columns = f"{schema}/{name}", 3 + self._skewed(12)
        tags, told = self._tags(0.35), self._told(noun)
        sizes = {
            "columnCount": columns,
            "rowCount": int(10 ** (self.drawn.random() * 8)),
            "sizeBytes": int(10 ** (3 + self.drawn.random() * 9)),
        }
        yield self._draft(kind, qualified, name, sizes | told | self._use(), tags)
        link = {"tableName": name, "tableQualifiedName": qualified}
        if kind != "Table":
            link = {"viewName": name, "viewQualifiedName": qualified}
        for order in range(1, columns + 1):
            yield self._column(qualified, order, link, tags)

    def _column(self, table: str, order: int, link: dict[str, Any], tags: tuple[str, ...]) -> EntityDraft:
        name = f"{NOUNS[self._skewed(len(NOUNS))]}_{PARTS[(order + self.number) % len(PARTS)]}_{order}"
        shape = {
            "dataType": DATA_TYPES[self.drawn.randrange(len(DATA_TYPES))],
            "order": order,
            "isNullable": order > 1,
            "isPrimary": order == 1,
            "isPartition": order == 5,
            "maxLength": 255 if order % 3 else 16_777_216,
        }
        told = self._told(name) if self.drawn.random() < 0.4 else {}
        own = self._tags(0.08)
        return self._draft("Column", f"{table}/{name}", name, link | shape | told, tuple(dict.fromkeys(tags + own)))

    def _dashboards(self, connection: str) -> Iterator[EntityDraft]:
        for number in range(self.drawn.randrange(12)):
            kind = ("TableauWorkbook", "TableauDashboard", "PowerBIReport", "LookerDashboard")[number % 4]
            noun = NOUNS[self._skewed(len(NOUNS))]
            about = {"projectName": f"{noun} reporting", "sourceURL": f"https://bi.example.com/{self.number}/{number}"}
            about |= self._told(noun) | self._use()
            yield self._draft(
                kind,
                f"{connection}/bi/{self.number:04}/{number}",
                f"{noun.title()} overview {number}",
                about,
                self._tags(0.3),
            )

    def _models(self, schema: str) -> Iterator[EntityDraft]:
        for number in range(self.drawn.randrange(16)):
            kind = ("DbtModel", "DbtModel", "DbtModelColumn", "DbtSource")[number % 4]
            noun = NOUNS[self._skewed(len(NOUNS))]
            about = {
                "dbtAlias": f"{noun}_{number}",
                "dbtProjectName": f"project_{self.number % 9}",
                "dbtMaterializationType": ("table", "view", "incremental")[number % 3],
                "dbtTags": [f"dbt_{self.number % 11}", "nightly"],
            }
            yield self._draft(kind, f"{schema}/dbt/{noun}_{number}", f"{noun}_{number}", about | self._told(noun))

    def _draft(
        self, kind: str, qualified: str, name: str, more: dict[str, Any], tags: tuple[str, ...] = ()
    ) -> EntityDraft:
        return EntityDraft(
            key=Key(kind, qualified),
            attributes={**self._common(), "name": name, "displayName": name.replace("_", " ").title(), **more},
            tags=tags,
            terms=(TERMS[self._skewed(len(TERMS))],) if self.drawn.random() < 0.1 else (),
        )

    def _common(self) -> dict[str, Any]:
        connection, database, schema = self.place.prefixes
        drawn = self.drawn
        common = {
            "connectorName": self.place.connector,
            "connectionName": connection.rsplit("/", 1)[-1],
            "connectionQualifiedName": connection,
            "databaseName": self.place.database,
            "databaseQualifiedName": database,
            "schemaName": self.place.schema,
            "schemaQualifiedName": schema,
            "tenantId": "default",
            "ownerUsers": list(self.owners[: 1 + drawn.randrange(3)]),
            "ownerGroups": [self.group],
            "sourceCreatedAt": NEWEST - self.number * DAY,
            "sourceUpdatedAt": NEWEST - drawn.randrange(900) * DAY,
            "sourceCreatedBy": USERS[self.number % len(USERS)],
            "lastSyncRun": f"run-{self.number % 50}",
            "lastSyncRunAt": NEWEST - drawn.randrange(30) * DAY,
            "lastSyncWorkflowName": f"crawler-{connection.rsplit('/', 1)[-1]}",
            "isDiscoverable": True,
            "isEditable": True,
            "starredCount": self._skewed(20),
        }
        return common | self._certificate()

    def _certificate(self) -> dict[str, Any]:
        chosen = self.drawn.random()
        if chosen > 0.3:
            return {}
        return {
            "certificateStatus": CERTIFICATES[0 if chosen < 0.18 else 1 if chosen < 0.27 else 2],
            "certificateUpdatedAt": NEWEST - self.drawn.randrange(600) * DAY,
            "certificateUpdatedBy": self.owners[0],
        }

    def _told(self, about: str) -> dict[str, Any]:
        words = " ".join(self.drawn.choices(VERBS, k=4 + self._skewed(14)))
        return {"description": f"{about.replace('_', ' ').capitalize()} {words}."}

    def _use(self) -> dict[str, Any]:
        return {
            "queryCount": self._skewed(5000),
            "queryUserCount": self._skewed(200),
            "popularityScore": round(self.drawn.random() ** 3, 4),
            "lastProfiledAt": NEWEST - self.drawn.randrange(90) * DAY,
            "hasLineage": self.drawn.random() < 0.6,
        }

    def _tags(self, chance: float) -> tuple[str, ...]:
        if self.drawn.random() > chance:
            return ()
        return tuple({TAGS[self._skewed(len(TAGS))]: None for _ in range(1 + self.drawn.randrange(2))})

    def _skewed(self, size: int) -> int:
        """Draw a number below `size`, small ones far more often."""
        return int(size * self.drawn.random() ** 2.5)
