"""What was decided by hand for a product: pins and exclusions, those that stand and those that stood."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

from muster.catalog.entity import Entity
from muster.catalog.product import Product
from muster.errors import InvalidInput
from muster.membership import Decision, Standing
from muster.service import cursor as cursors
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Asked:
    """Which decisions: `size` of a kind after a cursor, those that ended among them or not."""

    decision: Decision
    size: int = 100
    cursor: str | None = None
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Stood:
    """One decision and the asset that it is about, with its last words where it is PURGED."""

    standing: Standing
    asset: Entity | None


@dataclass(frozen=True, slots=True)
class Listed:
    """Some decisions, and how many there are; `next` is None where they end."""

    total: int
    shown: tuple[Stood, ...]
    next: str | None


def standing(work: Workspace, product: Product, asked: Asked) -> Listed:
    """Return decisions in the order in which their assets came to the catalog, of one asset in order of time.

    Raises:
        InvalidInput: the cursor is none of these decisions.
    """
    guid, now = product.entity.guid, work.clock()
    question = cursors.fingerprint("standing", guid, asked.decision, asked.ended)
    after = _after(question, asked.cursor)
    all_ = [one for one in _of_kind(work, guid, asked.decision) if asked.ended or one.holds(now)]
    some = list(islice((one for one in all_ if _place(one) > after), asked.size + 1))
    shown, more = some[: asked.size], len(some) > asked.size
    last = cursors.encode(question, _place(shown[-1])[::-1]) if more else None
    return Listed(len(all_), _with_assets(work, shown), last)


def about(work: Workspace, product: Product, decision: Decision, assets: Collection[Entity]) -> tuple[Stood, ...]:
    """Return the decisions of a kind that stand about some assets now, in the order of the assets."""
    now = work.clock()
    held = {one.ordinal: one for one in _of_kind(work, product.entity.guid, decision) if one.holds(now)}
    return tuple(Stood(held[asset.ordinal], asset) for asset in assets if asset.ordinal in held)


def _of_kind(work: Workspace, guid: str, decision: Decision) -> list[Standing]:
    return [one for one in work.record.standings([guid]).get(guid, ()) if one.decision is decision]


def _place(one: Standing) -> tuple[int, int]:
    return one.ordinal, one.version


def _after(question: str, cursor: str | None) -> tuple[int, int]:
    if cursor is None:
        return -1, -1
    version, ordinal = cursors.decode(question, cursor, 1)
    if type(version) is not int:
        raise InvalidInput("that is not a cursor", hint=cursors.UNCHANGED)
    return ordinal, version


def _with_assets(work: Workspace, shown: Collection[Standing]) -> tuple[Stood, ...]:
    found = work.record.entities(list(dict.fromkeys(one.ordinal for one in shown)), purged=True)
    assets = {one.ordinal: one for one in found}
    return tuple(Stood(one, assets.get(one.ordinal)) for one in shown)
