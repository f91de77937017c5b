"""Typedefs: what people define beside the types that are there: tags, custom metadata, enums."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Category(StrEnum):
    """What a typedef defines; the values are Atlan's."""

    ENUM = "ENUM"
    STRUCT = "STRUCT"
    CLASSIFICATION = "CLASSIFICATION"
    BUSINESS_METADATA = "BUSINESS_METADATA"


@dataclass(frozen=True, slots=True)
class Typedef:
    """One tag (CLASSIFICATION), custom metadata set (BUSINESS_METADATA) or enum.

    `name` is internal, unique among all typedefs and kept for good; `display_name` is what people read, unique within
    its category. `body` is the definition in Atlan's form, `attributeDefs` or `elementDefs` among it. Times are
    milliseconds since 1970.
    """

    category: Category
    name: str
    display_name: str
    guid: str
    body: Mapping[str, Any]
    version: int
    created_at: int
    updated_at: int
    created_by: str
    updated_by: str


@dataclass(frozen=True, slots=True)
class TypedefDraft:
    """What a writer says of one typedef: a new one, or the whole of one that has this name."""

    category: Category
    name: str
    display_name: str
    body: Mapping[str, Any]
