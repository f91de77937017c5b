"""From domains and products to the JSON that OpenMetadata's clients parse: the whole first, then what was asked for.

The released client refuses any key that it does not know (contract, sections 0 and 4): what is told to it is named here.
"""

import json
from collections.abc import Collection, Mapping
from typing import Any, Final

import orjson

from muster.api.openmetadata.around import Around
from muster.api.openmetadata.facets import facets, kept
from muster.api.openmetadata.references import full_name, owners, people, reference, tag_label, term_label
from muster.api.openmetadata.voice import Form, Voice
from muster.catalog.entity import Entity, Key, Status
from muster.catalog.product import Selection
from muster.query.faces import Face
from muster.service.domains import DOMAIN, PRODUCT
from muster.service.people import Kind
from muster.service.save.working import TERM

PRODUCT_FIELDS: Final = frozenset(
    {"domains", "owners", "reviewers", "experts", "extension", "tags", "followers", "votes", "certification"}
)
DOMAIN_FIELDS: Final = frozenset(
    {
        "tags",
        "children",
        "owners",
        "experts",
        "extension",
        "followers",
        "votes",
        "parent",
        "childrenCount",
        "certification",
    }
)
FIELDS: Final[Mapping[str, frozenset[str]]] = {PRODUCT: PRODUCT_FIELDS, DOMAIN: DOMAIN_FIELDS}
"""What is told only where `fields` names it."""

DOCUMENTED: Final = frozenset({"domain", "domains", "deleted", "owners", "experts", "parent"})
"""What the documented form tells whether or not it is asked for."""

LONGEST: Final[Mapping[str, int]] = {"name": 256, "fullyQualifiedName": 3_072}
"""Characters that the released client takes; other clients make longer names, and one would spoil every list."""

TEXTS: Final = frozenset({Face.WIRE, Face.BUILDER, Face.RULES})
"""The faces whose text is JSON, and told as such."""

NO_VOTES: Final[Mapping[str, Any]] = {"upVotes": 0, "downVotes": 0, "upVoters": [], "downVoters": []}


def whole(one: Entity, near: Around, voice: Voice) -> dict[str, Any]:
    """Return everything there is to tell of a domain or product, in both forms; null is nothing."""
    told = {
        "id": one.guid,
        "name": one.name,
        "fullyQualifiedName": full_name(one, near.homes, voice),
        "displayName": one.attributes.get("displayName"),
        "description": described(one),
        "version": version_of(one.version),
        "updatedAt": one.updated_at,
        "updatedBy": one.updated_by,
        "href": voice.href("domain" if one.key.type_name == DOMAIN else "dataProduct", one.guid),
        **facets(one),
        "owners": owners(one, voice),
        "experts": people(kept(one).get("experts", ()), Kind.USER, voice),
        "tags": _tags(one, near),
        "followers": people(near.followers.get(one.ordinal, ()), Kind.USER, voice),
        "votes": NO_VOTES,
        "extension": extension(one, near.selections.get(one.guid)),
        **(_placed if one.key.type_name == DOMAIN else _housed)(one, near, voice),
        "deleted": one.status is not Status.ACTIVE,
    }
    return {name: value for name, value in told.items() if value is not None}


def shown(told: Mapping[str, Any], type_name: str, fields: Collection[str], form: Form) -> dict[str, Any]:
    """Return what is shown of the whole to who asks for some fields in one of the forms."""
    if form is Form.DOCUMENTED:
        hidden = FIELDS[type_name] - set(fields) - DOCUMENTED
    else:
        hidden = (FIELDS[type_name] - set(fields)) | {"domain", "deleted"}
        told = {**told, **{name: told[name][:most] for name, most in LONGEST.items()}}
    return {name: value for name, value in told.items() if name not in hidden}


def version_of(version: int) -> float:
    """Return a version in OpenMetadata's way of counting: from 0.1 by tenths (contract, section 6.4)."""
    return round(version / 10, 1)


def described(one: Entity) -> str:
    """Return the description: what people wrote, else what came with the entity."""
    return str(one.attributes.get("userDescription") or one.attributes.get("description") or "")


def extension(one: Entity, selection: Selection | None) -> dict[str, Any]:
    """Return the free properties, with the selection among them where there is one."""
    free: dict[str, Any] = kept(one).get("extension", {})
    return free if selection is None else {**free, "selection": selection_of(selection)}


def selection_of(selection: Selection) -> Any:
    """Return a selection as it was written: JSON where it is that, else the text."""
    return orjson.loads(selection.text) if selection.face in TEXTS else selection.text


def _tags(one: Entity, near: Around) -> list[dict[str, Any]]:
    terms = (near.terms.get(Key(TERM, name)) for name in one.terms)
    return [
        *(tag_label(near.tags.shown_of(tag)) for tag in one.tags),
        *(term_label(term, near.glossary(term)) for term in terms if term is not None),
    ]


def _housed(one: Entity, near: Around, voice: Voice) -> dict[str, Any]:
    """Return where a product is, and who reviews it."""
    home = near.homes.home(one)
    place = None if home is None else reference(home, near.homes, voice)
    reviewers = people(kept(one).get("reviewers", ()), Kind.USER, voice)
    return {"domain": place, "domains": [place] if place else [], "reviewers": reviewers}


def _placed(one: Entity, near: Around, voice: Voice) -> dict[str, Any]:
    """Return what is above a domain, and below it as far as that was read."""
    home = near.homes.home(one)
    children = near.inside.get(one.ordinal)
    return {
        "parent": None if home is None else reference(home, near.homes, voice),
        "children": None if children is None else [reference(child, near.homes, voice) for child in children],
        "childrenCount": None if children is None else len(children),
    }


def as_text(told: Mapping[str, Any]) -> str:
    """Return a version as the text that lists of versions hold."""
    return json.dumps(told, ensure_ascii=False)
