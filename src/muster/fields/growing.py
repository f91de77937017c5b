"""Which unmapped names become fields, one after the other, as documents bring them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from muster.fields.field import Field
from muster.fields.names import may_become_field

if TYPE_CHECKING:
    from muster.fields.lookup import Fields


class Growing:
    """The fields of an index, and the names taken in beside them.

    A name is taken in when nothing is mapped there yet, nothing around it is a leaf, a server can map it, it lies no
    deeper than the index allows, and there is room: `Fields.limit` counts leaves, their multi-fields and objects.
    """

    def __init__(self, fields: "Fields") -> None:
        self._fields = fields
        self._leaves: dict[str, Field] = {}
        self._objects: set[str] = set()
        self._found: dict[str, str] = {}

    def take(self, path: str, type_: str) -> None:
        """Take a document path in, by the JSON type of its first value; leave it out when it cannot be a field."""
        objects = {around for around in above(path) if not self._is_object(around)}
        if self._has_room(self._fields.rules.size(type_) + len(objects)) and self._is_free(path):
            self._leaves |= {leaf.name: leaf for leaf in self._fields.dynamic(path, type_)}
            self._objects |= objects
            self._found[path] = type_

    def _is_free(self, path: str) -> bool:
        return (
            not self._is_leaf(path)
            and not self._is_object(path)
            and path.count(".") < self._fields.depth
            and may_become_field(path)
            and not any(map(self._is_leaf, above(path)))
        )

    def _is_leaf(self, path: str) -> bool:
        return path in self._leaves or path in self._fields.leaves

    def _is_object(self, path: str) -> bool:
        return path in self._objects or path in self._fields.objects

    def _has_room(self, more: int) -> bool:
        before = len(self._fields.leaves) + len(self._fields.objects) + len(self._leaves) + len(self._objects)
        return before + more <= self._fields.limit

    def grown(self) -> "Fields":
        """Return the fields with what was taken in; the same object when that is nothing."""
        if not self._found:
            return self._fields
        return replace(
            self._fields,
            leaves=dict(sorted({**self._fields.leaves, **self._leaves}.items())),
            objects=self._fields.objects | self._objects,
            found={**self._fields.found, **self._found},
        )


def above(path: str) -> Iterator[str]:
    """Yield the paths around a path, the outermost first."""
    return (path[:at] for at, mark in enumerate(path) if mark == ".")
