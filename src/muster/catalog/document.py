"""From an entity to the document that the index holds."""

import json
from typing import Any
from zlib import crc32

from muster.catalog.entity import Entity
from muster.catalog.types import ancestors

CHECKSUM = "__checksum"

PLACES = {"__glossary": "anchor", "__categories": "categories", "__parentCategory": "parentCategory"}
"""The relationships of terms and categories that can be searched by, with the fields that hold the qualified names."""


def indexed_document(entity: Entity) -> dict[str, Any]:
    """Return the index document with a checksum of it (CRC-32 of its JSON), by which index and record are compared."""
    content = document(entity)
    return {**content, CHECKSUM: crc32(json.dumps(content, sort_keys=True).encode())}


def document(entity: Entity) -> dict[str, Any]:
    """Return the index document: attributes by name, and the header under Atlan's internal names (`__guid` ...).

    Field names follow the searchable fields of Atlan's clients; `index-templates/` maps them.
    """
    return {
        **entity.custom,
        **entity.attributes,
        "qualifiedName": entity.key.qualified_name,
        "__ordinal": entity.ordinal,
        "__guid": entity.guid,
        "__typeName": entity.key.type_name,
        "__superTypeNames": list(ancestors(entity.key.type_name)),
        "__state": entity.status.value,
        "__traitNames": list(entity.tags),
        "__classificationsText": " ".join(entity.tags),
        "__meanings": list(entity.terms),
        "__createdBy": entity.created_by,
        "__modifiedBy": entity.updated_by,
        "__timestamp": entity.created_at,
        "__modificationTimestamp": entity.updated_at,
        **_places(entity),
    }


def _places(entity: Entity) -> dict[str, list[str]]:
    """Return where in its glossary an entity is; nothing for all that are in none."""
    stated = {field: entity.relationships.get(name, ()) for field, name in PLACES.items()}
    return {field: [key.qualified_name for key in keys] for field, keys in stated.items() if keys}
