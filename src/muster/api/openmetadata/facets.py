"""What OpenMetadata says of domains and products and Atlan does not, and what both say in different words.

The former is kept as JSON in one attribute; of the latter Atlan's attribute decides, and OpenMetadata's word is kept
beside it for as long as the two agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from pydantic import TypeAdapter, ValidationError

from muster.api.openmetadata.wanted import DomainType, EntityStatus, Others, ProductType, Sla, Style
from muster.catalog.entity import Entity

KEPT: Final = "__openMetadataJson"
"""The attribute that keeps what Atlan has no attribute for; names that begin so are shown to none of Atlan's clients."""


@dataclass(frozen=True, slots=True)
class Twin:
    """A word of OpenMetadata's and the attribute that Atlan has for it.

    `to` gives for each word Atlan's; `back` the word for what Atlan says, where no word that fits is kept.
    """

    attribute: str
    to: Mapping[str, str]
    back: Mapping[str, str]


TWINS: Final[Mapping[str, Twin]] = {
    "visibility": Twin(
        "daapVisibility",
        {
            "PRIVATE": "Private",
            "INVITATION": "Protected",
            "ORGANISATION": "Protected",
            "DATASPACE": "Protected",
            "PUBLIC": "Public",
        },
        {"Private": "PRIVATE", "Protected": "ORGANISATION", "Public": "PUBLIC"},
    ),
    "portfolioPriority": Twin(
        "daapCriticality",
        {"CRITICAL": "High", "HIGH": "High", "MEDIUM": "Medium", "LOW": "Low"},
        {"High": "HIGH", "Medium": "MEDIUM", "Low": "LOW"},
    ),
    "lifecycleStage": Twin(
        "daapStatus",
        {
            "IDEATION": "Draft",
            "DESIGN": "Draft",
            "DEVELOPMENT": "Draft",
            "TESTING": "Draft",
            "PRODUCTION": "Active",
            "DEPRECATED": "Sunset",
            "RETIRED": "Archived",
        },
        {"Active": "DEVELOPMENT", "Draft": "DEVELOPMENT", "Sunset": "DEPRECATED", "Archived": "RETIRED"},
    ),
}
"""`lifecycleStage` is DEVELOPMENT until somebody says otherwise, as on OpenMetadata's own server."""

OWN: Final = ("style", "dataProductType", "sla", "consumesFrom", "providesTo", "entityStatus", "domainType")
"""What is told as it was said; `experts`, `reviewers` and `extension` are kept as well, and told in other ways."""

SHAPES: Final[Mapping[str, TypeAdapter[Any]]] = {
    "style": TypeAdapter(Style),
    "dataProductType": TypeAdapter(ProductType),
    "sla": TypeAdapter(Sla),
    "consumesFrom": TypeAdapter(Others),
    "providesTo": TypeAdapter(Others),
    "entityStatus": TypeAdapter(EntityStatus),
    "domainType": TypeAdapter(DomainType),
    "experts": TypeAdapter(list[str]),
    "reviewers": TypeAdapter(list[str]),
    "extension": TypeAdapter(dict[str, Any]),
    **{name: TypeAdapter(str) for name in TWINS},
}
"""What is kept, and of which shape: importers and other clients may have brought anything."""

DEFAULTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "DataProduct": {"entityStatus": "Unprocessed"},
    "DataDomain": {"entityStatus": "Unprocessed", "domainType": "Aggregate"},
}


def kept(entity: Entity) -> dict[str, Any]:
    """Return what is kept of an entity for OpenMetadata's clients alone, and nothing that they could not read."""
    text = entity.attributes.get(KEPT)
    try:
        found = orjson.loads(text) if isinstance(text, str) else {}
    except orjson.JSONDecodeError:
        return {}
    return {name: value for name, value in found.items() if _fits(name, value)} if isinstance(found, dict) else {}


def _fits(name: str, value: Any) -> bool:
    try:
        return name in SHAPES and SHAPES[name].validate_python(value) is not None
    except ValidationError:
        return False


def facets(entity: Entity) -> dict[str, Any]:
    """Return the facets of a domain or product by OpenMetadata's names."""
    own = kept(entity)
    told = dict(DEFAULTS[entity.key.type_name]) | {name: own[name] for name in OWN if name in own}
    if entity.key.type_name == "DataProduct":
        told |= {name: word for name, twin in TWINS.items() if (word := _word(name, twin, entity, own)) is not None}
    return told


def _word(name: str, twin: Twin, entity: Entity, own: Mapping[str, Any]) -> str | None:
    said = entity.attributes.get(twin.attribute)
    word = own.get(name)
    return word if isinstance(word, str) and twin.to.get(word) == said else twin.back.get(str(said))


def stated(said: Mapping[str, Any], before: Entity | None) -> dict[str, Any]:
    """Return the attributes that state facets, those that are not said as they were; None takes one away."""
    after = {**(kept(before) if before else {}), **said}
    own = {name: value for name, value in after.items() if value not in (None, [], {})}
    twins = {TWINS[name].attribute: _atlan(TWINS[name], value) for name, value in said.items() if name in TWINS}
    text = orjson.dumps(own, option=orjson.OPT_SORT_KEYS).decode() if own else None
    return {KEPT: text, **twins}


def _atlan(twin: Twin, word: Any) -> str | None:
    return twin.to.get(word) if isinstance(word, str) else None
