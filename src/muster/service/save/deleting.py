"""Archive entities, or take them away for good, with what belongs to them."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from muster.catalog.entity import Entity, Status
from muster.catalog.writing import Answered, Transaction, Write
from muster.errors import Conflict
from muster.service.domains import DOMAIN
from muster.service.save.commands import Mutation, Removal
from muster.service.save.loading import EVERY, load_versions
from muster.service.save.naming import GLOSSARY, PARENTS
from muster.service.save.planning import refuse_outside, write_of
from muster.service.save.rules.contracts import ASSET, CONTRACT, release, version_keys
from muster.service.save.saving import carry
from muster.service.save.turns import in_turn
from muster.service.save.working import Desk, Working
from muster.service.workspace import Workspace

HOMES = frozenset(PARENTS.values())
"""How entities name the domain or glossary that they are in."""

STATUSES = {Removal.SOFT: Status.DELETED, Removal.HARD: Status.PURGED, Removal.PURGE: Status.PURGED}


@dataclass(frozen=True, slots=True)
class _Plan:
    writes: tuple[Write, ...]
    deleted: tuple[Entity, ...]
    deserted: Mapping[int, Collection[str]]

    def transaction(self, request: str | None) -> Transaction:
        """Return what the record is to store."""
        answer = json.dumps({"deleted": [one.ordinal for one in self.deleted]})
        return Transaction(self.writes, Answered(request, answer) if request else None, self.deserted)


def delete(
    work: Workspace,
    guids: Sequence[str],
    how: Removal,
    *,
    latest_only: bool = False,
    request: str | None = None,
    within: Sequence[str] = (),
) -> Mutation:
    """Archive entities, or purge them, and return those that went, as they are now.

    With a glossary go its terms and categories, with an asset its data contract, with a version of a contract all
    others, unless `latest_only` says that the version before takes its place. Nothing else goes along: not the columns
    of a table. Whoever named a purged entity still does, and nobody sees it. Guids that are not there, or archived
    already, are passed over. `request` and `within` are as for `save`.

    Raises:
        Conflict: a domain would go that has ACTIVE products or domains; or others keep writing the same entities.
        Forbidden: something outside `within`.
    """
    for attempt in in_turn():
        answer = work.record.answer(request) if request else None
        if answer is not None:
            return Mutation(deleted=tuple(work.record.entities(json.loads(answer)["deleted"], purged=True)))
        now = work.clock()
        planned = _planned(work, guids, STATUSES[how], latest_only=latest_only, within=within, at=now)
        with attempt:
            work.record.transact(planned.transaction(request), by=work.by, at=now)
    carry(work)
    return Mutation(deleted=planned.deleted)


def _planned(
    work: Workspace, guids: Sequence[str], status: Status, *, latest_only: bool, within: Sequence[str], at: int
) -> _Plan:
    desk = Desk()
    desk.take(work.record.find(list(dict.fromkeys(guids)), []))
    named = [one for guid in dict.fromkeys(guids) if (one := desk.of(guid)) and _goes(one, status)]
    assets = _with_contracts(work, desk, named)
    going = dict.fromkeys(one.guid for one in named)
    going |= dict.fromkeys(_contents(work, desk, named, status))
    going |= dict.fromkeys(_versions(desk, named, assets, status, latest_only=latest_only))
    _refuse_inhabited(work, desk, going)
    for guid in going:
        desk.put(replace(desk.get(guid), status=status))
    for asset in assets:
        if asset.guid not in going:
            release(desk, desk.get(asset.guid))
    refuse_outside((desk.get(guid) for guid in going), within)
    writes = tuple(write_of(working) for working in desk if working.changed)
    homes = (one.stored for guid in going if (one := desk.get(guid)).key.type_name in {DOMAIN, GLOSSARY})
    deserted = {home.ordinal: HOMES for home in homes if home}
    return _Plan(writes, tuple(_last(desk.get(guid), work.by, at) for guid in going), deserted)


def _goes(working: Working, status: Status) -> bool:
    """Whether there is anything to do: what is archived can still be purged."""
    return working.status is not status


def _last(working: Working, by: str, at: int) -> Entity:
    """Return an entity as its deletion leaves it."""
    if working.stored is None:
        raise AssertionError("nothing goes that is not stored")
    version = working.stored.version + 1
    return replace(working.stored, status=working.status, version=version, updated_at=at, updated_by=by)


def _contents(work: Workspace, desk: Desk, named: Iterable[Working], status: Status) -> Iterable[str]:
    """Yield the terms and categories of glossaries that go."""
    glossaries = [one.stored.ordinal for one in named if one.key.type_name == GLOSSARY and one.stored]
    for one in _below(work, desk, glossaries):
        if _goes(one, status):
            yield one.guid


def _below(work: Workspace, desk: Desk, ordinals: Sequence[int]) -> list[Working]:
    """Return what is in glossaries or domains, laid on the desk."""
    if not ordinals:
        return []
    links = work.record.links(ordinals, limit=EVERY)
    found = work.record.entities(sorted({link.source for link in links if link.name in HOMES}))
    found = [one for one in found if one.key.type_name in PARENTS]
    desk.take(found)
    return [desk.get(one.guid) for one in found]


def _with_contracts(work: Workspace, desk: Desk, named: Iterable[Working]) -> list[Working]:
    """Bring the contracts of what goes, and the assets of contracts that go; return the assets that have a contract."""
    load_versions(work, desk)
    guids = {one.guid if one.key.type_name != CONTRACT else str(one.draft.attributes.get(ASSET)) for one in named}
    return [one for guid in guids if (one := desk.of(guid)) and any(map(desk.at, version_keys(one)))]


def _versions(
    desk: Desk, named: Sequence[Working], assets: Iterable[Working], status: Status, *, latest_only: bool
) -> Iterable[str]:
    """Yield the versions that go along: all of an asset's, unless one of them is meant alone."""
    alone = {str(one.draft.attributes.get(ASSET)) for one in named if one.key.type_name == CONTRACT and latest_only}
    for asset in assets:
        for key in version_keys(asset):
            version = desk.at(key)
            if version is not None and asset.guid not in alone and _goes(version, status):
                yield version.guid


def _refuse_inhabited(work: Workspace, desk: Desk, going: Collection[str]) -> None:
    domains = [one for guid in going if (one := desk.get(guid)).key.type_name == DOMAIN]
    below = _below(work, desk, [one.stored.ordinal for one in domains if one.stored])
    staying = [one for one in below if one.guid not in going and one.status is Status.ACTIVE]
    if staying:
        named = ", ".join(f"`{one.stored.name}`" for one in staying[:5] if one.stored)
        raise Conflict(
            f"the domain still has {len(staying)} products or domains in use: {named}",
            hint="delete them first, in the same request, or move them to another domain",
        )
