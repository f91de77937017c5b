"""What is indexed of one asset."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from muster.analysis.text import Tokens

IndexedTerm: TypeAlias = str | int | float | bool
"""`str` for keywords, tokens and ids; `int` for whole numbers and dates (ms since 1970-01-01 UTC); `float`; `bool`."""

IndexedValue: TypeAlias = tuple[IndexedTerm, ...] | Tokens


@dataclass(frozen=True, slots=True)
class IndexedAsset:
    """One asset, or one nested object of it, as indexed.

    A field is a key of `values` exactly when `exists` holds for it: a text that analyses to nothing is there with no
    tokens. Terms are in the order of the document, each once. `nested` holds the objects of each nested path, in order.
    """

    guid: str
    values: Mapping[str, IndexedValue]
    nested: "Mapping[str, tuple[IndexedAsset, ...]]"
