"""Define products by a selection; change and delete them."""

from dataclasses import dataclass, replace
from typing import Any

from muster.catalog.entity import Entity, EntityDraft, Key
from muster.catalog.product import Product, Selection
from muster.errors import InvalidInput, UnknownField
from muster.query import faces
from muster.query.dsl import write_dsl
from muster.query.faces import Face
from muster.query.nodes import Node
from muster.query.rules import EMPTY
from muster.query.wire import canonical, digest
from muster.service.check import Complaint, Severity, check
from muster.service.domains import domain, new_id
from muster.service.project import project
from muster.service.workspace import Workspace

KINDS: list[type[InvalidInput]] = [InvalidInput, *InvalidInput.__subclasses__()]
REFUSALS = {kind.code: kind for kind in KINDS}
"""The error that each complaint of severity error stands for, by its code."""


@dataclass(frozen=True, slots=True)
class Written:
    """A selection as someone wrote it; without a face, the text tells."""

    text: str
    face: Face | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """What a product says of itself beside its selection; None: leave it as it is."""

    name: str | None = None
    description: str | None = None
    owners: tuple[str, ...] | None = None

    def attributes(self) -> dict[str, Any]:
        """Return what is said, under Atlan's attribute names."""
        said = {"name": self.name, "userDescription": self.description}
        owners = {} if self.owners is None else {"ownerUsers": list(self.owners)}
        return {key: value for key, value in said.items() if value is not None} | owners


@dataclass(frozen=True, slots=True)
class Defined:
    """A product as stored, and what `check` had to say of its selection."""

    product: Product
    complaints: tuple[Complaint, ...]


def create(
    work: Workspace, name: str, written: Written, details: Details, *, domain_name: str, lenient: bool = False
) -> Defined:
    """Store a new product.

    Raises:
        InvalidInput: the selection cannot be read or run, or names a field that is not mapped (unless `lenient`).
        Conflict: the domain has a product of that name.
    """
    if not name.strip():
        raise InvalidInput("a product needs a name")
    project(work)
    node, face = read(work, written)
    complaints = _acceptable(check(work, node), lenient=lenient)
    home = domain(work, domain_name)
    draft = _new_draft(name, home, details, _selection_attributes(written.text, face, node))
    product = work.record.create_product(draft, _selection(written.text, face, node, 1), by=work.by, at=work.clock())
    return Defined(product, complaints)


def update(work: Workspace, ref: str, written: Written | None, details: Details, *, lenient: bool = False) -> Defined:
    """Change a product's details, its selection, or both; the next revision is made only when the query changes.

    Raises:
        InvalidInput: as `create`.
        Conflict: someone else changed the selection in the meantime.
    """
    product = work.record.product(ref)
    attributes = {**product.entity.attributes, **details.attributes()}
    selection: Selection | None = None
    complaints: tuple[Complaint, ...] = ()
    if written is not None:
        project(work)
        node, face = read(work, written)
        complaints = _acceptable(check(work, node), lenient=lenient)
        attributes |= _selection_attributes(written.text, face, node)
        selection = _next_selection(product, written.text, face, node)
    stored = work.record.update_product(
        product.entity.guid,
        replace(product.entity.draft(), attributes=attributes),
        selection,
        revision=product.selection.revision,
        by=work.by,
        at=work.clock(),
    )
    return Defined(stored, complaints)


def delete(work: Workspace, ref: str) -> Product:
    """Archive a product; what it held stays on record."""
    product = work.record.product(ref)
    work.record.delete_product(product.entity.guid, by=work.by, at=work.clock())
    return product


def read(work: Workspace, written: Written) -> tuple[Node, Face]:
    """Read a selection in its face, or in the one its text looks like.

    Raises:
        InvalidSelection: it cannot be read; `path` points at the part to fix.
    """
    face = written.face or faces.guess_face(written.text, work.limits)
    return faces.read(face, written.text, work.limits), face


def _acceptable(complaints: list[Complaint], *, lenient: bool) -> tuple[Complaint, ...]:
    """Refuse on the first error: a product that can never run is no product."""
    for complaint in complaints:
        if complaint.severity is Severity.ERROR and not (lenient and complaint.code == UnknownField.code):
            raise REFUSALS[complaint.code](complaint.message, path=complaint.path, hint=complaint.hint)
    return tuple(complaints)


def _selection(text: str, face: Face, node: Node, revision: int) -> Selection:
    return Selection(text, face, canonical(node), digest(node), revision)


def _next_selection(product: Product, text: str, face: Face, node: Node) -> Selection | None:
    if text == product.selection.text and digest(node) == product.selection.digest:
        return None
    return _selection(text, face, node, product.selection.revision + 1)


def _selection_attributes(text: str, face: Face, node: Node) -> dict[str, Any]:
    """Return what Atlan's clients read of a selection; what came in their form is kept to the byte."""
    return {
        "dataProductAssetsDSL": text if face is Face.DSL else write_dsl(node),
        "dataProductAssetsPlaybookFilter": text if face is Face.RULES else EMPTY,
    }


def _new_draft(name: str, home: Entity, details: Details, selection: dict[str, Any]) -> EntityDraft:
    parent = home.key.qualified_name
    attributes = {
        "daapStatus": "Active",
        "daapVisibility": "Private",
        "parentDomainQualifiedName": parent,
        "superDomainQualifiedName": "/".join(parent.split("/")[:4]),
        **details.attributes(),
        **selection,
        "name": name,
    }
    return EntityDraft(
        Key("DataProduct", f"{parent}/product/{new_id()}"), attributes, relationships={"dataDomain": (home.key,)}
    )
