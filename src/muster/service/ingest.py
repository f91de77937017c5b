"""Take entities in from an importer, and archive what it no longer names."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pyroaring import BitMap

from muster.batches import batches
from muster.catalog.entity import EntityDraft
from muster.protocols import Written
from muster.service.tags import admit
from muster.service.workspace import Workspace

BATCH = 2000
HALF = 0.5


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an import did, in numbers of entities.

    `gone` counts those under the scopes that the import did not name: archived, or left alone when `held`.
    """

    created: int
    updated: int
    unchanged: int
    gone: int
    held: bool

    @property
    def seen(self) -> int:
        """How many entities the import named."""
        return self.created + self.updated + self.unchanged


def ingest(
    work: Workspace,
    drafts: Iterable[EntityDraft],
    *,
    scopes: Iterable[str] = (),
    force: bool = False,
    advance: Callable[[int], None] = lambda _: None,
) -> Ingested:
    """Write drafts in batches, each one transaction; then archive what the scopes hold beyond them.

    Tags come as people call them; a name that no tag has is a tag from now on.
    A scope is a qualified name: everything at or below it belongs to this import. When more than half of what the
    scopes hold would be archived, nothing is, unless forced: half a manifest is likelier than half a warehouse gone.
    """
    created = updated = unchanged = 0
    seen = BitMap()
    for batch in batches(drafts, BATCH):
        written = work.record.write(admit(work, batch), by=work.by, at=work.clock())
        seen.update(_ordinals(written))
        created += len(written.created)
        updated += len(written.updated)
        unchanged += len(written.unchanged)
        advance(len(batch))
    gone, held = _archive(work, scopes, seen, force=force)
    return Ingested(created, updated, unchanged, gone, held)


def _archive(work: Workspace, scopes: Iterable[str], seen: BitMap, *, force: bool) -> tuple[int, bool]:
    owned = BitMap()
    for scope in scopes:
        owned |= work.record.under(scope)
    gone = owned - seen
    held = len(gone) > HALF * len(owned) and not force
    if gone and not held:
        work.record.archive(list(gone), by=work.by, at=work.clock())
    return len(gone), held and bool(gone)


def _ordinals(written: Written) -> BitMap:
    return BitMap([*written.created, *written.updated, *written.unchanged])
