"""What a write did, as Atlan's clients read it."""

from collections.abc import Sequence
from typing import Any

from muster.api.atlan.headers import headers
from muster.api.atlan.projection import FULL
from muster.catalog.entity import Entity
from muster.service.save.commands import Mutation, Removal
from muster.service.workspace import Workspace


def told_mutation(
    work: Workspace, mutation: Mutation, *, handler: Removal | None = None, at_least: str | None = None
) -> dict[str, Any]:
    """Return what a write did; lists without entities are left out, as Atlan does it and its users' scripts expect.

    `handler` is how entities were deleted. `at_least` is the guid of an entity that is told even if it did not change:
    some clients take the first one that they are told for the answer.
    """
    updated = mutation.updated
    if at_least is not None and at_least not in {one.guid for one in updated}:
        updated = (*work.record.find((at_least,), ()), *updated)
    created, changed, deleted = _told(work, mutation.created, updated, mutation.deleted)
    if handler is not None:
        deleted = [one | {"deleteHandler": handler.value} for one in deleted]
    lists = {"CREATE": created, "UPDATE": changed, "DELETE": deleted}
    mutated = {name: some for name, some in lists.items() if some}
    answer: dict[str, Any] = {"guidAssignments": dict(mutation.assigned)}
    return answer | ({"mutatedEntities": mutated} if mutated else {})


def _told(work: Workspace, *parts: Sequence[Entity]) -> list[list[dict[str, Any]]]:
    """Return the JSON of several lists of entities by one look around."""
    shown = iter(headers(work, [one for part in parts for one in part], FULL))
    return [[next(shown) for _ in part] for part in parts]
