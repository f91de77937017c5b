"""See that no two domains or products beside each other have one name, where whoever writes asks for that."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from muster.catalog.entity import EntityDraft, Status
from muster.catalog.writing import Write
from muster.errors import Taken
from muster.record.bodies import unpack
from muster.record.entity_rows import PRODUCT, WHOLE
from muster.record.tables import entities, products

PARENT = "parentDomain"
BEGIN, END = "default/domain/", "default/domain0"
"""Between which the qualified names of domains are."""


def refuse_namesakes(connection: Connection, written: Mapping[int, Write]) -> None:
    """See that what was written, by ordinal, is alone with its name where it shall be.

    Raises:
        Taken: another ACTIVE one has the name.
    """
    for ordinal, write in written.items():
        if write.alone and write.status is Status.ACTIVE:
            name = write.draft.attributes.get("name")
            other = (_product if write.draft.key.type_name == PRODUCT else _domain)(connection, ordinal, write.draft)
            if other is not None:
                raise Taken(f"there is a {write.draft.key.type_name} `{name}` there already", hint=f"update `{other}`")


def _product(connection: Connection, ordinal: int, _: EntityDraft) -> str | None:
    """Return the guid of another product of the domain with the name."""
    own = products.alias("own")
    same = (products.c.name == own.c.name) & (products.c.domain == own.c.domain) & (products.c.ordinal != ordinal)
    query = (
        select(entities.c.guid)
        .join_from(own, products, same)
        .join(entities, entities.c.ordinal == products.c.ordinal)
        .where(own.c.ordinal == ordinal, entities.c.status == Status.ACTIVE.value)
    )
    return connection.scalar(query.limit(1))


def _domain(connection: Connection, ordinal: int, draft: EntityDraft) -> str | None:
    """Return the guid of another domain below the same one with the name; domains are few, and all of them are read."""
    name = entities.c.qualified_name
    there = (name >= BEGIN) & (name < END) & (entities.c.type_name == draft.key.type_name)
    there &= entities.c.status == Status.ACTIVE.value
    found = map(unpack, connection.execute(WHOLE.where(there, entities.c.ordinal != ordinal)))
    own = draft.attributes.get("name"), tuple(draft.relationships.get(PARENT, ()))
    return next(
        (one.guid for one in found if (one.attributes.get("name"), tuple(one.relationships.get(PARENT, ()))) == own),
        None,
    )
