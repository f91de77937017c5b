"""From a selection as someone wrote it to one that can be stored: read, complained about, and in Atlan's words as well."""

from dataclasses import dataclass
from typing import Any

from muster.catalog.product import Product, Selection
from muster.errors import InvalidInput, UnknownField
from muster.query import faces
from muster.query.dsl import write_dsl
from muster.query.faces import Face
from muster.query.nodes import Node
from muster.query.rules import EMPTY
from muster.query.wire import canonical, digest
from muster.service.check import Complaint, Severity, check
from muster.service.project import project
from muster.service.workspace import Workspace

KINDS: list[type[InvalidInput]] = [InvalidInput, *InvalidInput.__subclasses__()]
REFUSALS = {kind.code: kind for kind in KINDS}
"""The error that each complaint of severity error stands for, by its code."""


ATTRIBUTES = ("dataProductAssetsDSL", "dataProductAssetsPlaybookFilter")
"""Where Atlan's clients read a selection: as a query, and as the tree of rules that people build."""


@dataclass(frozen=True, slots=True)
class Written:
    """A selection as someone wrote it; without a face, the text tells."""

    text: str
    face: Face | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A selection that can be stored, as revision 1, and what `check` had to say of it.

    `attributes` are what Atlan's clients read of it; what came in their form is kept to the byte.
    """

    selection: Selection
    attributes: dict[str, Any]
    complaints: tuple[Complaint, ...]

    def differs(self, product: Product) -> bool:
        """Whether it says anything else than what a product has, or says it otherwise."""
        stored = product.selection
        return (self.selection.text, self.selection.digest) != (stored.text, stored.digest)


def read(work: Workspace, written: Written) -> tuple[Node, Face]:
    """Read a selection in its face, or in the one its text looks like.

    Raises:
        InvalidSelection: it cannot be read; `path` points at the part to fix.
    """
    face = written.face or faces.guess_face(written.text, work.limits)
    return faces.read(face, written.text, work.limits), face


def accept(work: Workspace, written: Written, *, lenient: bool = False) -> Accepted:
    """Read a selection, and hear all complaints: a product that can never run is no product.

    Raises:
        InvalidInput: it cannot be read or run, or names a field that is not mapped (unless `lenient`).
    """
    project(work)
    node, face = read(work, written)
    complaints = check(work, node)
    for one in complaints:
        if one.severity is Severity.ERROR and not (lenient and one.code == UnknownField.code):
            raise REFUSALS[one.code](one.message, path=one.path, hint=one.hint)
    return Accepted(stored(written.text, face, node), _attributes(written.text, face, node), tuple(complaints))


def stored(text: str, face: Face, node: Node) -> Selection:
    """Return a selection as the record keeps it, as revision 1."""
    return Selection(text, face, canonical(node), digest(node), 1)


def _attributes(text: str, face: Face, node: Node) -> dict[str, Any]:
    said = (text if face is Face.DSL else write_dsl(node), text if face is Face.RULES else EMPTY)
    return dict(zip(ATTRIBUTES, said, strict=True))
