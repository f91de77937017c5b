"""The fields as a tree along the names in a document, so that only what a document has is visited."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from muster.fields import Field, Fields
from muster.indexing.converters import Converter, converter


@dataclass(slots=True, eq=False)
class Branch:
    """One path of a document: the fields that it fills, and what is below it.

    `takes_null` says that a null there is indexed as some value. `open` says that unmapped names below become fields.
    """

    path: str
    writers: list[tuple[str, Converter]] = field(default_factory=list)
    below: "dict[str, Branch]" = field(default_factory=dict)
    nested: bool = False
    open: bool = False
    takes_null: bool = False

    def grow(self, names: Iterable[str]) -> "Branch":
        """Return the branch at a path below, making what is missing; new ones are open as those above."""
        branch = self
        for name in names:
            if name not in branch.below:
                path = f"{branch.path}.{name}" if branch.path else name
                branch.below[name] = Branch(path, open=branch.open)
            branch = branch.below[name]
        return branch

    def add(self, leaves: Iterable[Field]) -> None:
        """Fill more fields from this path."""
        for leaf in leaves:
            self.writers.append((leaf.name, converter(leaf)))
            self.takes_null = self.takes_null or leaf.null_value is not None


def tree(fields: Fields) -> Branch:
    """Return the tree of an index's fields."""
    root = Branch("", open=fields.grows(""))
    for path in sorted(fields.objects):
        branch = root.grow(path.split("."))
        branch.nested, branch.open = path in fields.nested_paths, fields.grows(path)
    for source, leaves in _by_source(fields):
        root.grow(source.split(".")).add(leaves)
    return root


def _by_source(fields: Fields) -> Iterator[tuple[str, list[Field]]]:
    found: dict[str, list[Field]] = {}
    for leaf in fields:
        if leaf.indexed or leaf.doc_values:
            found.setdefault(leaf.source, []).append(leaf)
    return iter(found.items())
