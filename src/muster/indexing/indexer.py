"""From a document to its indexed values."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from muster.fields import Field, Fields
from muster.indexing.asset import IndexedAsset, IndexedValue
from muster.indexing.converters import Converter, converter
from muster.indexing.walk import Contents, Walk

_Writers: TypeAlias = tuple[tuple[str, Converter], ...]


class Indexer:
    """Turns documents into their indexed values: all of them, or those of the fields that are `wanted`.

    Unmapped names become fields as the dynamic rules say; `fields` holds them from then on. One thread at a time.
    """

    def __init__(self, fields: Fields, wanted: Collection[str] | None = None) -> None:
        self._walk = Walk(fields, partial(_writers, wanted))

    @property
    def fields(self) -> Fields:
        """The fields so far."""
        return self._walk.fields

    def index(self, guid: str, document: Mapping[str, Any]) -> IndexedAsset:
        """Return a document as indexed; values that the field's kind cannot take are left out."""
        return _indexed(guid, self._walk.through(document))


def _writers(wanted: Collection[str] | None, leaves: Sequence[Field]) -> _Writers:
    return tuple((leaf.name, converter(leaf)) for leaf in leaves if wanted is None or leaf.name in wanted)


def _indexed(guid: str, contents: Contents[_Writers]) -> IndexedAsset:
    values: dict[str, IndexedValue] = {}
    for branch, scalars in contents.values.items():
        for name, convert in branch.use or ():
            value = convert(scalars)
            if value is not None:
                values[name] = value
    nested = {branch.path: tuple(_indexed(guid, one) for one in objects) for branch, objects in contents.nested.items()}
    return IndexedAsset(guid, values, nested)
