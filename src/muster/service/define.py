"""Define products by a selection; change and delete them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from muster.catalog.entity import Entity, EntityDraft, Key
from muster.catalog.product import Product, Selection
from muster.errors import InvalidInput
from muster.service.check import Complaint
from muster.service.domains import domain, new_id
from muster.service.save.planning import refuse_elsewhere
from muster.service.selecting import Written, accept
from muster.service.workspace import Workspace


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
    work: Workspace,
    name: str,
    written: Written,
    details: Details,
    *,
    domain_name: str,
    lenient: bool = False,
    within: Sequence[str] = (),
) -> Defined:
    """Store a new product; who may write `within` some domains only makes no domain for it.

    Raises:
        InvalidInput: the selection cannot be read or run, or names a field that is not mapped (unless `lenient`).
        Conflict: the domain has a product of that name.
        Forbidden: the domain is outside `within`.
    """
    _refuse_blank(name)
    accepted = accept(work, written, lenient=lenient)
    home = domain(work, domain_name, make=not within)
    refuse_elsewhere(home, within)
    draft = _new_draft(name, home, details, accepted.attributes)
    product = work.record.create_product(draft, accepted.selection, by=work.by, at=work.clock())
    return Defined(product, accepted.complaints)


def update(
    work: Workspace,
    ref: str,
    written: Written | None,
    details: Details,
    *,
    lenient: bool = False,
    within: Sequence[str] = (),
) -> Defined:
    """Change a product's details, its selection, or both; the next revision is made only when the query changes.

    Raises:
        InvalidInput: as `create`.
        Conflict: someone else changed the selection in the meantime.
        Forbidden: the product is outside `within`.
    """
    product = work.record.product(ref)
    refuse_elsewhere(product.entity, within)
    if details.name is not None:
        _refuse_blank(details.name)
    attributes = {**product.entity.attributes, **details.attributes()}
    selection: Selection | None = None
    complaints: tuple[Complaint, ...] = ()
    if written is not None:
        accepted = accept(work, written, lenient=lenient)
        complaints = accepted.complaints
        attributes |= accepted.attributes
        selection = accepted.selection if accepted.differs(product) else None
    stored = work.record.update_product(
        product.entity.guid,
        replace(product.entity.draft(), attributes=attributes),
        selection,
        revision=product.selection.revision,
        by=work.by,
        at=work.clock(),
    )
    return Defined(stored, complaints)


def delete(work: Workspace, ref: str, *, within: Sequence[str] = ()) -> Product:
    """Archive a product; what it held stays on record.

    Raises:
        Forbidden: it is outside `within`.
    """
    product = work.record.product(ref)
    refuse_elsewhere(product.entity, within)
    work.record.delete_product(product.entity.guid, by=work.by, at=work.clock())
    return product


def _refuse_blank(name: str) -> None:
    if not name.strip():
        raise InvalidInput("a product needs a name")


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
