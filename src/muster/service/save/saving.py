"""Do what a request wants of entities: all of it, or nothing."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import structlog

from muster.catalog.entity import Entity
from muster.catalog.writing import Answered, Transaction
from muster.errors import EngineUnavailable
from muster.service.project import project
from muster.service.save.commands import Command, Mutation
from muster.service.save.planning import Plan, plan
from muster.service.save.turns import in_turn
from muster.service.workspace import Workspace

log = structlog.get_logger(__name__)


def save(
    work: Workspace, commands: Sequence[Command], *, request: str | None = None, within: Sequence[str] = ()
) -> Mutation:
    """Create, change and revive entities as commands say, and return what that did; a search finds it from then on.

    A `request` that came before under this name is not done again, but answered as it was. `within` are the qualified
    names of the domains at or below which the caller may write; none: everywhere. With the index away everything is
    written all the same: it follows when the index is back.

    Raises:
        InvalidInput: something that cannot be; `path` points at it.
        NotFound: an entity, a tag or custom metadata that a command names is not there.
        Conflict: a name is taken, or others keep writing the same entities.
        Forbidden: something outside `within`.
    """
    for attempt in in_turn():
        answer = work.record.answer(request) if request else None
        if answer is not None:
            return _recalled(work, json.loads(answer))
        now = work.clock()
        planned = plan(work, commands, within=within, at=now)
        with attempt:
            work.record.transact(_transaction(planned, request), by=work.by, at=now)
    carry(work)
    return _mutation(work, planned)


def rehearse(work: Workspace, commands: Sequence[Command], *, within: Sequence[str] = ()) -> None:
    """See that commands could be saved, and write nothing.

    Raises:
        InvalidInput, NotFound, Conflict, Forbidden: as `save` does.
    """
    plan(work, commands, within=within, at=work.clock())


def carry(work: Workspace) -> None:
    """Bring what was written to the index; when that is away, say so in the log."""
    try:
        project(work)
    except EngineUnavailable as error:
        log.warning("written, but not searchable yet", error=error.message, hint=error.hint)


def _transaction(planned: Plan, request: str | None) -> Transaction:
    answer = {"created": planned.created, "updated": planned.updated, "assigned": dict(planned.assigned)}
    answered = Answered(request, json.dumps(answer)) if request else None
    return Transaction(planned.writes, answered, dict.fromkeys(planned.renamed))


def _mutation(work: Workspace, planned: Plan) -> Mutation:
    found = _read(work, [*planned.created, *planned.updated])
    return Mutation(
        created=_listed(found, planned.created),
        updated=_listed(found, planned.updated),
        assigned=planned.assigned,
    )


def _recalled(work: Workspace, answer: Mapping[str, Any]) -> Mutation:
    """Answer a request as before, with its entities as they are now."""
    return _mutation(work, Plan((), (), tuple(answer["created"]), tuple(answer["updated"]), answer["assigned"]))


def _read(work: Workspace, guids: Sequence[str]) -> dict[str, Entity]:
    return {entity.guid: entity for entity in work.record.find(guids, [])}


def _listed(found: Mapping[str, Entity], guids: Iterable[str]) -> tuple[Entity, ...]:
    return tuple(found[guid] for guid in guids if guid in found)
