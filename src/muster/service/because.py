"""Why an asset moved, beyond the cause: what of it changed, which edit it was, what somebody decided."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, TypeAlias

from muster.batches import batches
from muster.binding.bind import bind
from muster.binding.tests import asked_fields
from muster.catalog.document import document
from muster.catalog.entity import Entity
from muster.catalog.naming import TAG_FIELDS, TagNames, meant
from muster.catalog.product import Product
from muster.errors import InvalidInput
from muster.membership import Cause, Decision, Run, Standing
from muster.query.nodes import Node
from muster.service.tags import tag_names
from muster.service.workspace import Workspace

STATE: Final = "__state"

AT_ONCE: Final = 500
"""Assets that are compared at a time."""

MOST: Final = 100
"""Values told of a field."""

LONGEST: Final = 1_000
"""Characters told of a value."""

ALTERED: Final = frozenset((Cause.ASSET, Cause.ARCHIVE))
EDITED: Final = frozenset((Cause.SELECTION,))
DECISIONS: Final[Mapping[tuple[Cause, bool], Decision]] = {
    (Cause.PIN, True): Decision.PIN,
    (Cause.PIN, False): Decision.PIN,
    (Cause.EXCLUSION, True): Decision.EXCLUSION,
    (Cause.EXCLUSION, False): Decision.EXCLUSION,
    (Cause.EXPIRY, True): Decision.EXCLUSION,
    (Cause.EXPIRY, False): Decision.PIN,
}
"""What was decided about an asset that a decision moved: by cause, and whether the asset joined."""


@dataclass(frozen=True, slots=True)
class Place:
    """One change before its asset is read."""

    run: Run
    ordinal: int
    joined: bool
    cause: Cause


@dataclass(frozen=True, slots=True)
class Field:
    """What an asset had in a field, and has; None for nothing. Tags go by the names that people give them.

    Of a list the first `MOST` values are told, of a text the first `LONGEST` characters.
    """

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Altered:
    """What changed of an asset, of all that the selection reads, between two runs.

    `by` and `at` (ms since 1970) are of the last change that the later run saw; `fresh` says that the asset was not
    there at the earlier one. Where that one is not kept any more, no fields are told.
    """

    fields: tuple[Field, ...]
    by: str
    at: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class Edited:
    """The selection was edited: which revision the run was of, made by whom and when, and that of the run before."""

    revision: int
    before: int | None
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class Decided:
    """Somebody decided about the asset, or took that back, or it ended."""

    standing: Standing


Because: TypeAlias = Altered | Edited | Decided


def reasons(work: Workspace, product: Product, places: Sequence[Place]) -> Iterator[Because | None]:
    """Yield what is known of each change; those of a run stand together. None where the cause says it all."""
    decided = _decided(work, product, places)
    for _, some in groupby(places, key=lambda one: one.run.number):
        yield from _of_run(work, product, list(some), decided)


def _of_run(
    work: Workspace, product: Product, places: Sequence[Place], decided: Mapping[int, Sequence[Standing]]
) -> Iterator[Because | None]:
    run, guid = places[0].run, product.entity.guid
    causes = {one.cause for one in places}
    before = work.record.settled(guid, upto=run.number - 1) if causes & (ALTERED | EDITED) else None
    edited = _edited(work, guid, run, before) if causes & EDITED else None
    altered = _altered(work, product, places, before) if causes & ALTERED else {}
    for one in places:
        if one.cause in ALTERED:
            yield altered.get(one.ordinal)
        elif one.cause in EDITED:
            yield edited
        else:
            yield _standing(one, decided)


def _edited(work: Workspace, guid: str, run: Run, before: Run | None) -> Edited | None:
    found = work.record.revisions(guid, limit=1, before=run.revision + 1)
    return next(
        (Edited(run.revision, None if before is None else before.revision, by, at) for _, by, at in found), None
    )


def _altered(work: Workspace, product: Product, places: Sequence[Place], before: Run | None) -> dict[int, Altered]:
    """Compare the assets as they were at both runs, some at a time: what is kept of each is little."""
    run, names = places[0].run, tag_names(work.record)
    selection = selection_of(work, product, run.revision)
    fields = () if selection is None else (*dict.fromkeys(_read(work, selection, names, run.at)), STATE)
    found: dict[int, Altered] = {}
    for some in batches((one.ordinal for one in places if one.cause in ALTERED), AT_ONCE):
        earlier = {} if before is None else work.record.as_of(some, before.at)
        for ordinal, one in work.record.as_of(some, run.at).items():
            differing = () if before is None else tuple(_differing(fields, earlier.get(ordinal), one, names))
            fresh = before is not None and ordinal not in earlier
            found[ordinal] = Altered(differing, one.updated_by, one.updated_at, fresh=fresh)
    return found


def selection_of(work: Workspace, product: Product, revision: int) -> Node | None:
    """Return the query of a revision; None where the product has none of that number."""
    if revision == product.selection.revision:
        return product.selection.node
    found = work.record.revisions(product.entity.guid, limit=1, before=revision + 1)
    return next((one.node for one, _, _ in found if one.revision == revision), None)


def _read(work: Workspace, selection: Node, names: TagNames, now: int) -> Iterator[str]:
    """Yield the fields that a selection reads, each as often as it does; none where it cannot be evaluated any more."""
    try:
        bound = bind(meant(selection, names), work.fields, now=now)
    except InvalidInput:
        return
    yield from asked_fields(bound)


def _differing(fields: Sequence[str], before: Entity | None, after: Entity, names: TagNames) -> Iterator[Field]:
    """Yield what differs, each once: a field and its sub-fields are one."""
    then = {} if before is None else document(before)
    now = document(after)
    for name in dict.fromkeys(_name(field, then, now) for field in fields):
        old, new = then.get(name), now.get(name)
        if old != new:
            yield Field(name, _shown(name, old, names), _shown(name, new, names))


def _name(field: str, *documents: Mapping[str, Any]) -> str:
    """Return what documents have a field under: `certificateStatus` for `certificateStatus.keyword`."""
    parts = field.split(".")
    names = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((name for name in names if any(name in one for one in documents)), field)


def _shown(name: str, value: Any, names: TagNames) -> Any:
    """Return a value as people read it, and no more of it than they do."""
    match value:
        case list():
            return [names.shown_of(str(one)) if name in TAG_FIELDS else _cut(one) for one in value[:MOST]]
        case _:
            return _cut(value)


def _cut(value: Any) -> Any:
    if value is None or isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else json.dumps(value)
    return value if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _decided(work: Workspace, product: Product, places: Sequence[Place]) -> dict[int, list[Standing]]:
    """Return what was ever decided about the assets that decisions moved, in order of time."""
    wanted = {one.ordinal for one in places if (one.cause, one.joined) in DECISIONS}
    found: dict[int, list[Standing]] = {ordinal: [] for ordinal in wanted}
    all_ = work.record.standings([product.entity.guid]) if wanted else {}
    for one in all_.get(product.entity.guid, ()):
        if one.ordinal in wanted:
            found[one.ordinal].append(one)
    return found


def _standing(place: Place, decided: Mapping[int, Sequence[Standing]]) -> Decided | None:
    """Return the last decision of the kind that there was at the run."""
    kind = DECISIONS.get((place.cause, place.joined))
    mine = [one for one in decided.get(place.ordinal, ()) if one.decision is kind and one.at <= place.run.at]
    return Decided(mine[-1]) if mine else None
