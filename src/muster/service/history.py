"""What happened to a product's membership: runs, who moved in each and why."""

from dataclasses import dataclass

from muster.catalog.entity import Entity
from muster.catalog.product import Product, Selection
from muster.membership import Cause, Run
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Moved:
    """One asset that joined or left in a run, and why."""

    asset: Entity
    joined: bool
    cause: Cause


@dataclass(frozen=True, slots=True)
class Moves:
    """Whom a run moved: how many in all, and some of them."""

    total: int
    shown: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """One edit of a selection."""

    selection: Selection
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class History:
    """Runs and revisions of a product, newest first."""

    runs: tuple[Run, ...]
    revisions: tuple[Revision, ...]


def history(work: Workspace, product: Product, *, limit: int = 20) -> History:
    """Return the last runs and all revisions of a product."""
    guid = product.entity.guid
    revisions = (Revision(selection, by, at) for selection, by, at in work.record.revisions(guid))
    return History(tuple(work.record.runs(guid, limit=limit)), tuple(revisions))


def moved(work: Workspace, product: Product, run: int, *, limit: int = 100) -> Moves:
    """Return whom a run of a product moved, joins before leaves, at most `limit` of each cause and way.

    Raises:
        NotFound: the run is none of the product's.
    """
    moves = work.record.moves(product.entity.guid, run)
    found = []
    for move in moves:
        for joined, ordinals in ((True, move.joined), (False, move.left)):
            some = work.record.entities(list(ordinals[:limit]), purged=True)
            found += [Moved(asset, joined, move.cause) for asset in some]
    found.sort(key=lambda one: (not one.joined, one.asset.key.qualified_name))
    return Moves(sum(len(move.joined) + len(move.left) for move in moves), tuple(found))
