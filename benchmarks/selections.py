"""Synthetic product selections over the synthetic catalog: shared leaves, ten to half a million members."""

import random
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations, product

from catalog import CERTIFICATES, CONNECTORS, DAY, GROUPS, NEWEST, NOUNS, TAGS, USERS, place
from muster.query.nodes import Bool, Exists, Match, Node, Prefix, Range, Term, Terms

ASSETS_PER_SCHEMA = 310
"""About how many assets a schema of the catalog has; a prefix of one that is not there matches nothing."""

READS = 36
SMALLEST, LARGEST = 10, 500_000

ACTIVE = Term(field="__state", value="ACTIVE")
TYPES = (
    "Column",
    "Table",
    "View",
    "MaterialisedView",
    "TableauDashboard",
    "PowerBIReport",
    "DbtModel",
    "LookerDashboard",
)

Draw = Callable[[random.Random], Node]


def selections(number: int, assets: int, *, seed: int = 11) -> Iterator[Node]:
    """Yield selections over a catalog of so many assets, the same for the same seed."""
    schemas = max(1, assets // ASSETS_PER_SCHEMA)
    drawn = random.Random(seed)
    shapes: Sequence[Draw] = (
        _by_tag,
        partial(_by_place, schemas),
        _by_owner,
        _by_trust,
        partial(_by_tags_somewhere, schemas),
        partial(_all_but, schemas),
        _by_words,
        _recent,
        _broad,
    )
    for _ in range(number):
        yield drawn.choices(shapes, (24, 24, 12, 10, 12, 10, 4, 3, 1))[0](drawn)


def spread_by_size(sizes: Sequence[int]) -> list[int]:
    """Choose selections by number from small to large, evenly by order of magnitude, given how many members each has."""
    fitting = sorted((size, number) for number, size in enumerate(sizes) if SMALLEST <= size <= LARGEST)
    low, high = fitting[0][0], fitting[-1][0]
    marks = [low * (high / low) ** (step / (READS - 1)) for step in range(READS)]
    nearest = (min(fitting, key=lambda one: abs(one[0] - mark)) for mark in marks)
    chosen = dict.fromkeys(nearest)
    print(f"  reads: {len(chosen)} selections of {low:,} to {high:,} members")
    return [number for _, number in chosen]


def of_any_size() -> Iterator[Node]:
    """Yield selections of which some are small and some large, to choose among by what they hold."""
    connectors = list(dict.fromkeys(CONNECTORS))
    places = [(one,) for one in connectors] + list(combinations(connectors, 2))
    types: Sequence[tuple[str, ...]] = (("Column",), ("Table",), ("View",), ("Table", "View", "Column"), TYPES)
    for somewhere, kinds, status in product(places, types, (None, *CERTIFICATES)):
        trusted = () if status is None else (_certified(status),)
        place_of, type_of = (
            Terms(field="connectorName", values=somewhere),
            Terms(field="__typeName.keyword", values=kinds),
        )
        yield Bool(filter=(ACTIVE, place_of, type_of, *trusted))


def _by_tag(drawn: random.Random) -> Node:
    tag, other = drawn.sample(TAGS, 2)
    unwanted: tuple[Node, ...] = (_tag(other),) if drawn.random() < 0.5 else ()
    return Bool(filter=(ACTIVE, _tag(tag), _types(drawn)), must_not=unwanted)


def _by_place(schemas: int, drawn: random.Random) -> Node:
    prefix = _prefix(schemas, drawn, level=drawn.choices((0, 1, 2), (1, 4, 15))[0])
    return Bool(filter=(ACTIVE, prefix, _types(drawn)))


def _by_owner(drawn: random.Random) -> Node:
    users = Terms(field="ownerUsers", values=tuple(drawn.sample(USERS, 2))) if drawn.random() < 0.2 else _owner(drawn)
    return Bool(
        filter=(ACTIVE, users), should=(_certified("VERIFIED"), Exists(field="description")), minimum_should_match=1
    )


def _by_trust(drawn: random.Random) -> Node:
    connector = drawn.choice(("snowflake", "bigquery", "databricks", "redshift", "postgres"))
    return Bool(
        filter=(ACTIVE, Term(field="connectorName", value=connector), _certified(drawn.choice(CERTIFICATES))),
        must_not=(Term(field="ownerGroups", value=drawn.choice(GROUPS)),),
    )


def _by_tags_somewhere(schemas: int, drawn: random.Random) -> Node:
    tags = tuple(_tag(tag) for tag in drawn.sample(TAGS, 3))
    return Bool(filter=(ACTIVE, _prefix(schemas, drawn, level=drawn.randrange(2))), should=tags, minimum_should_match=1)


def _all_but(schemas: int, drawn: random.Random) -> Node:
    whole = Term(field="__typeName.keyword", value=drawn.choice(("Column", "Table")))
    return Bool(filter=(ACTIVE, whole, _updated(drawn)), must_not=(_prefix(schemas, drawn, level=1),))


def _by_words(drawn: random.Random) -> Node:
    return Bool(must=(Match(field="description", query=drawn.choice(NOUNS)),), filter=(ACTIVE, _types(drawn)))


def _recent(drawn: random.Random) -> Node:
    created = Range(field="__timestamp", gte=NEWEST - drawn.randrange(1, 120) * DAY)
    return Bool(filter=(ACTIVE, created, Term(field="ownerGroups", value=drawn.choice(GROUPS))))


def _broad(drawn: random.Random) -> Node:
    connector = Term(field="connectorName", value=drawn.choice(("snowflake", "bigquery")))
    return Bool(filter=(ACTIVE, connector), must_not=(_tag(drawn.choice(TAGS)), _tag(drawn.choice(TAGS))))


def _tag(name: str) -> Node:
    return Term(field="__traitNames", value=name)


def _owner(drawn: random.Random) -> Node:
    return Term(field="ownerUsers", value=drawn.choice(USERS))


def _certified(status: str) -> Node:
    return Term(field="certificateStatus", value=status)


def _types(drawn: random.Random) -> Node:
    if drawn.random() < 0.5:
        return Term(field="__typeName.keyword", value=drawn.choice(TYPES))
    return Terms(field="__typeName.keyword", values=("Table", "View", "MaterialisedView"))


def _prefix(schemas: int, drawn: random.Random, *, level: int) -> Node:
    return Prefix(field="qualifiedName", value=f"{place(drawn.randrange(schemas)).prefixes[level]}/")


def _updated(drawn: random.Random) -> Node:
    return Range(field="__modificationTimestamp", gte=NEWEST - drawn.randrange(1, 900) * DAY)
