"""The walk through a document."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from muster.fields import Fields
from muster.fields.dynamic import json_type
from muster.indexing.asset import IndexedAsset, IndexedValue
from muster.indexing.tree import Branch, tree

_Found: TypeAlias = dict[Branch, list[Any]]


class Indexer:
    """Turns documents into their indexed values.

    Unmapped names become fields as the dynamic rules say; `fields` holds them from then on. One thread at a time.
    """

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self._root = tree(fields)

    def index(self, guid: str, document: Mapping[str, Any]) -> IndexedAsset:
        """Return a document as indexed; values that the field's kind cannot take are left out."""
        return self._object(guid, self._root, document)

    def _object(self, guid: str, branch: Branch, document: Mapping[str, Any]) -> IndexedAsset:
        found: _Found = {}
        nested: dict[str, list[Any]] = {}
        self._collect(branch, document, found, nested, guid)
        values: dict[str, IndexedValue] = {}
        for one, scalars in found.items():
            for name, convert in one.writers:
                value = convert(scalars)
                if value is not None:
                    values[name] = value
        return IndexedAsset(guid, values, {path: tuple(objects) for path, objects in nested.items()})

    def _collect(
        self, branch: Branch, document: Mapping[str, Any], found: _Found, nested: dict[str, list[Any]], guid: str
    ) -> None:
        below = branch.below
        for name, value in document.items():
            if value is None and not (name in below and below[name].takes_null):
                continue
            inner = below.get(name) or self._grown(branch, name, value)
            if inner is not None:
                self._value(inner, value, found, nested, guid)

    def _value(self, branch: Branch, value: Any, found: _Found, nested: dict[str, list[Any]], guid: str) -> None:
        if isinstance(value, list | tuple):
            for one in value:
                self._value(branch, one, found, nested, guid)
        elif isinstance(value, dict):
            if branch.nested:
                nested.setdefault(branch.path, []).append(self._object(guid, branch, value))
            elif not branch.writers:
                self._collect(branch, value, found, nested, guid)
        elif branch.writers and (value is not None or branch.takes_null):
            found.setdefault(branch, []).append(value)

    def _grown(self, branch: Branch, name: str, value: Any) -> Branch | None:
        """Return the branch of a dotted or unmapped name; None when it is not indexed."""
        first, *rest = name.split(".")
        if rest:
            inner = branch.below.get(first) or self._grown(branch, first, {})
            return (
                None if inner is None else inner.below.get(".".join(rest)) or self._grown(inner, ".".join(rest), value)
            )
        if not branch.open:
            return None
        example = _first(value)
        if isinstance(example, dict):
            return branch.grow([name])
        return None if (type_ := json_type(example)) is None else self._field(branch, name, type_)

    def _field(self, branch: Branch, name: str, type_: str) -> Branch:
        path = f"{branch.path}.{name}" if branch.path else name
        before = self.fields.leaves
        self.fields = self.fields.with_found({path: type_})
        inner = branch.grow([name])
        inner.add(leaf for name_, leaf in self.fields.leaves.items() if name_ not in before)
        return inner


def _first(value: Any) -> Any:
    """Return the first value that is not null, however deep in lists."""
    if not isinstance(value, list | tuple):
        return value
    return next((found for found in map(_first, value) if found is not None), None)
