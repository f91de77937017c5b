"""The walk through a document: which values it brings for which fields."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Generic

from muster.fields import Field, Fields
from muster.indexing.terms import SURELY_SHORT, is_too_long
from muster.indexing.tree import Branch, Tree, Use


@dataclass(slots=True)
class Contents(Generic[Use]):
    """What a document, or a nested object of it, brings: scalars by leaf, objects by nested path, all in its order.

    Nulls are among the scalars where a null counts. A nested object is there also when it is empty.
    """

    values: dict[Branch[Use], list[Any]] = field(default_factory=dict)
    nested: "dict[Branch[Use], list[Contents[Use]]]" = field(default_factory=dict)


class Walk(Generic[Use]):
    """Collects what documents bring, by the rules that servers read them by.

    Lists are as good as their values, `a.b` as `a: {b: ...}`. A scalar where an object is mapped, an object where a leaf
    is, a text too long to be a term, and a number that JSON does not have bring nothing. Unmapped names become fields as the dynamic rules say; `fields`
    holds them from then on. One thread at a time.
    """

    def __init__(self, fields: Fields, use: Callable[[Sequence[Field]], Use]) -> None:
        self._tree = Tree(fields, use)

    @property
    def fields(self) -> Fields:
        """The fields so far."""
        return self._tree.fields

    def through(self, document: Mapping[str, Any]) -> Contents[Use]:
        """Return what a document brings."""
        return self._contents(self._tree.root, document)

    def _contents(self, branch: Branch[Use], document: Mapping[str, Any]) -> Contents[Use]:
        contents: Contents[Use] = Contents()
        self._collect(branch, document, contents)
        return contents

    def _collect(self, branch: Branch[Use], document: Mapping[str, Any], contents: Contents[Use]) -> None:
        below = branch.below
        for name, value in document.items():
            inner = below.get(name) or self._tree.find(branch, name, value)
            if inner is not None:
                self._value(inner, value, contents)

    def _value(self, branch: Branch[Use], value: Any, contents: Contents[Use]) -> None:
        if isinstance(value, list | tuple):
            for one in value:
                self._value(branch, one, contents)
        elif isinstance(value, dict):
            if branch.nested:
                contents.nested.setdefault(branch, []).append(self._contents(branch, value))
            elif not branch.leaf:
                self._collect(branch, value, contents)
        elif branch.use is not None and (value is not None or branch.takes_null) and not _has_no_term(branch, value):
            contents.values.setdefault(branch, []).append(value)


def _has_no_term(branch: Branch[Use], value: object) -> bool:
    if isinstance(value, str):
        return len(value) > SURELY_SHORT and is_too_long(branch.leaves, value)
    return isinstance(value, float) and not isfinite(value)
