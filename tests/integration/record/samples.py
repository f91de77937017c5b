"""Small drafts, selections and proposals."""

from collections.abc import Sequence
from typing import Any

from pyroaring import BitMap

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.product import Face, Product, Selection
from muster.membership import Cause, Move, Proposal
from muster.record import SqlRecord


def table(name: str, **attributes: Any) -> EntityDraft:
    """Return the draft of a table at `warehouse/<name>`."""
    return EntityDraft(Key("Table", f"warehouse/{name}"), {"name": name, **attributes})


def tables(count: int, **attributes: Any) -> list[EntityDraft]:
    """Return so many drafts of tables."""
    return [table(f"t{number:06d}", **attributes) for number in range(count)]


def product(name: str, domain: str = "", key: str = "") -> EntityDraft:
    """Return the draft of a product."""
    attributes = {"name": name} | ({"parentDomainQualifiedName": domain} if domain else {})
    return EntityDraft(Key("DataProduct", key or f"products/{domain}/{name}"), attributes)


def selection(text: str = "type:Table") -> Selection:
    """Return a selection as a writer has it, before the record gave it a revision."""
    return Selection(
        text=text, face=Face.SHORTHAND, wire=f'{{"term":{{"name.keyword":"{text}"}}}}', digest="0" * 64, revision=1
    )


def made(record: SqlRecord, name: str, domain: str = "") -> Product:
    """Create a product at time 10."""
    return record.create_product(product(name, domain), selection(), by="ann", at=10)


def proposal(of: Product, members: Sequence[int], before: Sequence[int] = (), **other: Any) -> Proposal:
    """Return what a run from one membership to another proposes, at position 5 and time 20."""
    now, then = BitMap(members), BitMap(before)
    moves = (Move(Cause.ASSET, now - then, then - now),) if now != then else ()
    return Proposal(
        **{"product": of.entity.guid, "revision": 1, "position": 5, "at": 20, "members": now, "moves": moves} | other
    )
