"""Pin and exclude assets by hand, with a reason; take such a decision back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pyroaring import BitMap

from muster.catalog.entity import Entity
from muster.catalog.product import Product
from muster.errors import InvalidInput, NotFound
from muster.membership import Decision, Standing
from muster.query.nodes import Bool, Ids
from muster.service.domains import DOMAIN, PRODUCT
from muster.service.project import project
from muster.service.resolve import standings
from muster.service.save.planning import refuse_elsewhere
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Given:
    """What a decision is given with: its reason, and when it ends by itself (ms since 1970; None: never).

    `within` are the qualified names of the domains that the caller may write in; none: all.
    """

    reason: str
    expires_at: int | None = None
    within: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one asset: the decision that stands about it now, None where none does; whether that is news."""

    asset: Entity
    standing: Standing | None
    changed: bool


def decide(work: Workspace, product: str, assets: Sequence[str], decision: Decision, given: Given) -> list[Entity]:
    """Let a pin or an exclusion stand for each asset, replacing what stood before; all of them or none.

    Raises:
        InvalidInput: no reason, no asset, an expiry that is past, or a pin of what is no asset.
        NotFound: the product or one of the assets is not there.
        Forbidden: the product is outside `given.within`.
    """
    now = work.clock()
    if not given.reason.strip():
        raise InvalidInput("a pin or an exclusion needs a reason", hint="say why with `--reason`")
    if given.expires_at is not None and given.expires_at <= now:
        raise InvalidInput("the expiry is in the past")
    found, entities = _product(work, product, given.within), _entities(work, assets)
    if decision is Decision.PIN:
        _refuse_others(entities)
    made = [_standing(work, entity, decision, given, now) for entity in entities]
    work.record.decide(found.entity.guid, made, by=work.by, at=now)
    return entities


def withdraw(
    work: Workspace, product: str, assets: Sequence[str], *, only: Decision | None = None, within: Sequence[str] = ()
) -> int:
    """Take back the pins and exclusions of these assets, or one kind `only`; return how many stood.

    Raises:
        NotFound: the product or an asset is not there, or nothing stood for any of them.
        Forbidden: the product is outside `within`.
    """
    found, entities = _product(work, product, within), _entities(work, assets)
    held = {} if only is None else _held(work, found)
    ordinals = [one.ordinal for one in entities if only is None or _says(held.get(one.ordinal), only)]
    ended = work.record.decide(found.entity.guid, (), ordinals, by=work.by, at=work.clock())
    if not ended:
        raise NotFound("nothing was pinned or excluded there", hint="`muster product show` lists what stands")
    return ended


def put_in(work: Workspace, product: Product, assets: Sequence[Entity], given: Given, *, dry: bool) -> list[Settled]:
    """Have assets be members from now on, whatever the selection says: a pin for each that has none; `dry` only tells.

    Raises:
        Forbidden: the product is outside `given.within`.
    """
    refuse_elsewhere(product.entity, given.within)
    now, held = work.clock(), _held(work, product)
    settled = [
        Settled(asset, held[asset.ordinal], changed=False)
        if _says(held.get(asset.ordinal), Decision.PIN)
        else Settled(asset, _standing(work, asset, Decision.PIN, given, now), changed=True)
        for asset in assets
    ]
    return _done(work, product, settled, now, dry=dry)


def take_out(work: Workspace, product: Product, assets: Sequence[Entity], given: Given, *, dry: bool) -> list[Settled]:
    """Have assets be no members from now on: an exclusion for each that the selection holds, others lose their pin.

    Raises:
        Forbidden: the product is outside `given.within`.
        EngineUnavailable: the index cannot be asked what the selection holds.
    """
    refuse_elsewhere(product.entity, given.within)
    now, held, selected = work.clock(), _held(work, product), _selected(work, product, assets)
    settled = []
    for asset in assets:
        standing = held.get(asset.ordinal)
        if _says(standing, Decision.EXCLUSION):
            settled.append(Settled(asset, standing, changed=False))
        elif asset.ordinal in selected:
            settled.append(Settled(asset, _standing(work, asset, Decision.EXCLUSION, given, now), changed=True))
        else:
            settled.append(Settled(asset, None, changed=standing is not None))
    return _done(work, product, settled, now, dry=dry)


def _done(work: Workspace, product: Product, settled: list[Settled], now: int, *, dry: bool) -> list[Settled]:
    made = [one.standing for one in settled if one.changed and one.standing]
    ended = [one.asset.ordinal for one in settled if one.changed and one.standing is None]
    if not dry and (made or ended):
        work.record.decide(product.entity.guid, made, ended, by=work.by, at=now)
    return settled


def _held(work: Workspace, product: Product) -> dict[int, Standing]:
    return {one.ordinal: one for one in standings(work, product)}


def _says(standing: Standing | None, decision: Decision) -> bool:
    return standing is not None and standing.decision is decision


def _selected(work: Workspace, product: Product, assets: Collection[Entity]) -> BitMap:
    """Return which of these assets the selection holds now."""
    project(work)
    among = Ids(tuple(asset.guid for asset in assets))
    return work.engine.members(Bool(filter=(among, product.selection.node)), now=work.clock())


def _standing(work: Workspace, asset: Entity, decision: Decision, given: Given, now: int) -> Standing:
    return Standing(decision, asset.ordinal, given.reason, work.by, now, given.expires_at)


def _product(work: Workspace, ref: str, within: Sequence[str]) -> Product:
    found = work.record.product(ref)
    refuse_elsewhere(found.entity, within)
    return found


def _entities(work: Workspace, assets: Sequence[str]) -> list[Entity]:
    """Return the assets that are named, each once."""
    if not assets:
        raise InvalidInput("name at least one asset", hint="by guid or qualified name")
    known = {one.guid: one for one in work.record.find(assets, [])}
    found = (known.get(asset) or work.record.entity(asset) for asset in assets)
    return list({one.ordinal: one for one in found}.values())


def _refuse_others(entities: Sequence[Entity]) -> None:
    """Refuse domains and products, which are no assets."""
    other = next((one for one in entities if one.key.type_name in {DOMAIN, PRODUCT}), None)
    if other is not None:
        hint = "pin the assets that it holds, or name them in the selection"
        raise InvalidInput(f"`{other.name}` is no asset: it is a {other.key.type_name}", hint=hint)
