"""The fields as a tree along the names in documents, so that only what a document has is visited; it grows with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from muster.fields import Field, Fields
from muster.fields.dynamic import json_type

Use = TypeVar("Use")
"""What is to be done with the values at a path."""


@dataclass(slots=True, eq=False)
class Branch(Generic[Use]):
    """One path of a document: the fields that it fills, if it is a leaf, or what is below it.

    `leaves` are those that hold anything of it, and `use` is what becomes of its values; None when there are none.
    `inside` names the objects between the innermost nested object, or the document, and it. `open` says that unmapped
    names below become fields, `takes_null` that a null is indexed as some value.
    """

    path: str
    name: str = ""
    inside: tuple[str, ...] = ()
    below: "dict[str, Branch[Use]]" = field(default_factory=dict)
    leaves: tuple[Field, ...] = ()
    use: Use | None = None
    leaf: bool = False
    nested: bool = False
    open: bool = False
    takes_null: bool = False

    def child(self, name: str) -> "Branch[Use]":
        """Return a new branch below, which this one does not know of; it is open as this one is."""
        inside = () if self.nested or not self.path else (*self.inside, self.name)
        return Branch(_joined(self.path, name), name, inside, open=self.open)


class Tree(Generic[Use]):
    """The tree of an index's fields. `fields` are those and the ones that grew, `use` makes what is done at a path."""

    def __init__(self, fields: Fields, use: Callable[[Sequence[Field]], Use]) -> None:
        self.fields = fields
        self.root: Branch[Use] = Branch("", open=fields.grows(""))
        self._use = use
        self._branches = {"": self.root}
        for path in sorted(fields.objects):
            branch = self._at(path)
            branch.nested, branch.open = path in fields.nested_paths, fields.grows(path)
        for source, leaves in _by_source(fields).items():
            self._fill(source, leaves)

    def find(self, branch: Branch[Use], name: str, value: Any) -> Branch[Use] | None:
        """Return where a value goes whose name a branch has not below it, None when nowhere.

        That is so for a name with dots, and for one that is not mapped, which may become a field by its value.
        """
        outer, dot, rest = name.partition(".")
        if not outer or not (branch.open or dot):
            return None
        inner = self._known(branch, outer)
        if not dot:
            return inner or self._grown(branch, name, value)
        inner = inner or self._unmapped(branch, outer)
        if inner is None or inner.leaf or inner.nested:
            return None
        return inner.below.get(rest) or self.find(inner, rest, value)

    def _known(self, branch: Branch[Use], name: str) -> Branch[Use] | None:
        """Return the branch of a path that is mapped, also below one that was not when it was met."""
        return self._branches.get(_joined(branch.path, name))

    def _unmapped(self, branch: Branch[Use], name: str) -> Branch[Use] | None:
        return branch.child(name) if branch.open else None

    def _grown(self, branch: Branch[Use], name: str, value: Any) -> Branch[Use] | None:
        """Return the branch of an unmapped name; an object is none of the tree's before a field grows in it."""
        example = _first(value)
        if isinstance(example, dict):
            return self._unmapped(branch, name)
        type_ = json_type(example)
        if type_ is None or not branch.open:
            return None
        path = _joined(branch.path, name)
        grown = self.fields.with_found({path: type_})
        if grown is self.fields:
            return None
        self.fields = grown
        return self._fill(path, grown.dynamic(path, type_))

    def _at(self, path: str) -> Branch[Use]:
        """Return the branch of a path, making it and those around it."""
        if path not in self._branches:
            outer, _, name = path.rpartition(".")
            around = self._at(outer)
            self._branches[path] = around.below[name] = around.child(name)
        return self._branches[path]

    def _fill(self, path: str, leaves: Sequence[Field]) -> Branch[Use]:
        """Fill fields from a path."""
        branch = self._at(path)
        branch.leaf = True
        branch.leaves = tuple(leaf for leaf in leaves if leaf.indexed or leaf.doc_values)
        branch.use = self._use(branch.leaves) if branch.leaves else None
        branch.takes_null = any(leaf.null_value is not None for leaf in branch.leaves)
        return branch


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _by_source(fields: Fields) -> Mapping[str, list[Field]]:
    found: dict[str, list[Field]] = {}
    for leaf in fields:
        found.setdefault(leaf.source, []).append(leaf)
    return found


def _first(value: Any) -> Any:
    """Return the first value that is not null, however deep in lists."""
    if not isinstance(value, list | tuple):
        return value
    return next((found for found in map(_first, value) if found is not None), None)
