"""From a document to its indexed values: the form that tests are asked of.

The rules are OpenSearch's, per field kind: coercion, `ignore_above`, `null_value`, normalisers, analysis with the gap
of 100 positions between values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from muster.analysis.text import Tokens
from muster.fields import Fields

__all__ = ["IndexedAsset", "IndexedTerm", "IndexedValue", "Indexer", "Tokens"]

IndexedTerm: TypeAlias = str | int | float | bool
"""`str` for keywords, tokens and ids; `int` for whole numbers and dates (ms since 1970-01-01 UTC); `float`; `bool`."""


IndexedValue: TypeAlias = tuple[IndexedTerm, ...] | Tokens


@dataclass(frozen=True, slots=True)
class IndexedAsset:
    """One asset, or one nested object of it, as indexed.

    A field is a key of `values` exactly when `exists` holds for it: a text that analyses to nothing may be there
    with no tokens. `nested` holds the objects of each nested path, in order.
    """

    guid: str
    values: Mapping[str, IndexedValue]
    nested: "Mapping[str, tuple[IndexedAsset, ...]]"


class Indexer:
    """Turns documents into their indexed values."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields

    def index(self, guid: str, document: Mapping[str, Any]) -> IndexedAsset:
        """Return a document as indexed; values that the field's kind cannot take are left out."""
        raise NotImplementedError
