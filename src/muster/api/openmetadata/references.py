"""References to other entities as OpenMetadata writes them (contract, section 4.2), and tags."""

from collections.abc import Iterable, Sequence
from typing import Any

from muster.api.openmetadata.kinds import kind_of
from muster.api.openmetadata.voice import Form, Voice
from muster.catalog.entity import Entity, Status
from muster.service.domains import DOMAIN, PRODUCT
from muster.service.dotted import Homes, quoted
from muster.service.people import Kind, Person

MESH = frozenset({DOMAIN, PRODUCT})


def full_name(one: Entity, homes: Homes, voice: Voice) -> str:
    """Return the `fullyQualifiedName`: dotted for domains and products, of other entities the qualified name.

    The released client knows products by their own names alone.
    """
    if one.key.type_name == PRODUCT and voice.form is Form.RELEASED:
        return quoted(one.name)
    return homes.name(one) if one.key.type_name in MESH else one.key.qualified_name


def reference(one: Entity, homes: Homes, voice: Voice) -> dict[str, Any]:
    """Return the reference to an entity."""
    kind = kind_of(one.key.type_name)
    told = {
        "id": one.guid,
        "type": kind,
        "name": one.name,
        "fullyQualifiedName": full_name(one, homes, voice),
        "displayName": one.attributes.get("displayName"),
        "deleted": one.status is not Status.ACTIVE,
        "href": voice.href(kind, one.guid),
    }
    return {name: value for name, value in told.items() if value is not None}


def person(one: Person, voice: Voice) -> dict[str, Any]:
    """Return the reference to a user or team."""
    href = voice.href(one.kind, one.id)
    return {
        "id": one.id,
        "type": one.kind.value,
        "name": one.name,
        "fullyQualifiedName": quoted(one.name),
        "deleted": False,
        "href": href,
    }


def people(names: Iterable[str], kind: Kind, voice: Voice) -> list[dict[str, Any]]:
    """Return the references to users or teams."""
    return [person(Person(kind, name), voice) for name in names]


def owners(one: Entity, voice: Voice) -> list[dict[str, Any]]:
    """Return the owners of an entity, users before teams."""
    users, teams = one.attributes.get("ownerUsers") or (), one.attributes.get("ownerGroups") or ()
    return [*people(users, Kind.USER, voice), *people(teams, Kind.TEAM, voice)]


def tag_label(name: str) -> dict[str, Any]:
    """Return a tag as a label, by the name that people read."""
    return {"tagFQN": name, "name": name, "source": "Classification", "labelType": "Manual", "state": "Confirmed"}


def term_label(term: Entity, glossary: str | None) -> dict[str, Any]:
    """Return a glossary term as a label, by its name after that of its glossary."""
    name = ".".join(map(quoted, (*([glossary] if glossary else []), term.name)))
    return {"tagFQN": name, "name": term.name, "source": "Glossary", "labelType": "Manual", "state": "Confirmed"}


def page_of(some: Sequence[Any], total: int, **paging: Any) -> dict[str, Any]:
    """Return a part of a list."""
    known = {name: value for name, value in paging.items() if value is not None}
    return {"data": list(some), "paging": {"total": total, **known}}
