"""Until when a stored membership is known to be right: its last run, or the last change that was followed without moving it."""

from muster.catalog.product import Product
from muster.membership import Generation
from muster.policy import OnChange, effective
from muster.query.timing import is_timely
from muster.service.workspace import Workspace


def known_at(work: Workspace, product: Product, generation: Generation) -> int:
    """Return the time, in ms since 1970; what waits for somebody's decision is as old as its generation."""
    followed = work.record.followed()
    if followed.at <= generation.at or not _is_followed(work, product, generation):
        return generation.at
    return followed.at


def _is_followed(work: Workspace, product: Product, generation: Generation) -> bool:
    """Whether changes of assets are held against these members: not where the time alone may move some."""
    guid, selection = product.entity.guid, product.selection
    if generation.revision != selection.revision or is_timely(selection.node):
        return False
    schedule = effective(work.record.policies(), guid, product.entity.key.qualified_name).schedule
    return (
        isinstance(schedule, OnChange) and guid not in work.record.waiting([guid]) and guid not in work.record.missed()
    )
