"""Pin and exclude assets by hand, with a reason; take such a decision back."""

from muster.catalog.entity import Entity
from muster.errors import InvalidInput, NotFound
from muster.membership import Decision, Standing
from muster.service.workspace import Workspace


def decide(
    work: Workspace, product: str, assets: list[str], decision: Decision, *, reason: str, expires_at: int | None = None
) -> list[Entity]:
    """Let a pin or an exclusion stand for each asset, replacing what stood before; all of them or none.

    Raises:
        InvalidInput: no reason, no asset, or an expiry that is past.
        NotFound: the product or one of the assets is not there.
    """
    now = work.clock()
    if not reason.strip():
        raise InvalidInput("a pin or an exclusion needs a reason", hint="say why with `--reason`")
    if expires_at is not None and expires_at <= now:
        raise InvalidInput("the expiry is in the past")
    guid, entities = work.record.product(product).entity.guid, _entities(work, assets)
    work.record.put_standings(
        guid, [Standing(decision, entity.ordinal, reason, work.by, now, expires_at) for entity in entities]
    )
    return entities


def withdraw(work: Workspace, product: str, assets: list[str]) -> int:
    """Take back the pins and exclusions of these assets; return how many stood.

    Raises:
        NotFound: the product or an asset is not there, or nothing stood for any of them.
    """
    guid, entities = work.record.product(product).entity.guid, _entities(work, assets)
    ordinals = [entity.ordinal for entity in entities]
    withdrawn = work.record.withdraw_standings(guid, ordinals, by=work.by, at=work.clock())
    if not withdrawn:
        raise NotFound("nothing was pinned or excluded there", hint="`muster product show` lists what stands")
    return withdrawn


def _entities(work: Workspace, assets: list[str]) -> list[Entity]:
    if not assets:
        raise InvalidInput("name at least one asset", hint="by guid or qualified name")
    return [work.record.entity(asset) for asset in assets]
