"""Give a product another selection, on condition that it still has the one that was read."""

from collections.abc import Sequence
from dataclasses import dataclass

from muster.catalog.product import Product
from muster.errors import Stale
from muster.service.define import Defined
from muster.service.domains import PRODUCT
from muster.service.save.commands import Command
from muster.service.save.planning import refuse_elsewhere
from muster.service.save.saving import save
from muster.service.save.turns import in_turn
from muster.service.selecting import Accepted, Written, accept
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms: the revision that was read, where that matters; whether fields may be unknown yet.

    `within` are the qualified names of the domains that the caller may write in; none: all.
    """

    revision: int | None = None
    lenient: bool = False
    within: Sequence[str] = ()


def reselect(work: Workspace, product: Product, written: Written, terms: Terms) -> Defined:
    """Let a product have a selection; the same again makes no revision.

    Raises:
        Forbidden: the product is outside `terms.within`.
        Stale: it is at another revision than `terms` say; nothing is stored.
        InvalidInput: the selection cannot be read or run, or names a field that is not mapped (unless lenient).
    """
    refuse_elsewhere(product.entity, terms.within)
    _refuse_stale(product, terms)
    accepted = accept(work, written, lenient=terms.lenient)
    for attempt in in_turn(
        Stale
    ):  # it may be pinned, renamed, ... since it was read; that its selection is edited counts
        current = work.record.product(product.entity.guid)
        _refuse_stale(current, terms)
        with attempt:
            save(work, (_command(current, accepted, terms),), within=terms.within)
    return Defined(work.record.product(product.entity.guid), accepted.complaints)


def _command(product: Product, accepted: Accepted, terms: Terms) -> Command:
    """Return what is wanted; where the revision matters, of the product as it was read and no other."""
    return Command(
        PRODUCT,
        guid=product.entity.guid,
        attributes=accepted.attributes,
        selection=accepted.selection if accepted.differs(product) else None,
        version=None if terms.revision is None else product.entity.version,
    )


def _refuse_stale(product: Product, terms: Terms) -> None:
    current = product.selection.revision
    if terms.revision not in {None, current}:
        raise Stale(
            f"the selection of `{product.entity.name}` is at revision {current}, not {terms.revision}",
            hint="read it again, and repeat the change on what is there now",
        )
