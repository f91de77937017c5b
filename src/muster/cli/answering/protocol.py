"""What the verbs ask, whoever answers: the services in this process, or a server."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from muster.cli.answering.keeping import Keeping
from muster.cli.answering.reporting import Reporting
from muster.cli.answering.telling import Telling
from muster.client.answers import Moves
from muster.client.models import (
    Asset,
    Complaint,
    Count,
    Explained,
    MemberPage,
    Paging,
    Preview,
    Product,
    Revision,
    Run,
    SyncedRun,
)
from muster.membership import Decision
from muster.query.faces import Face


@dataclass(frozen=True, slots=True)
class Written:
    """A selection as someone wrote it; without a face, the text tells."""

    text: str
    face: Face | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """What is said of a product beside its selection; None: leave it as it is."""

    name: str | None = None
    description: str | None = None
    owners: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Mode:
    """Which membership is read: of now, as last synced, that when it is at most so many milliseconds old, or of the past."""

    stored: bool = False
    max_age: int | None = None
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a result is wanted: so many assets after a cursor, in order (`-field` descends), with attributes."""

    limit: int
    cursor: str | None = None
    sort: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision on assets: why, and when it ends by itself: a span from now, an ISO date or time; None: never."""

    decision: Decision
    reason: str
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Runs and revisions of a product, newest first; `paging` says below which run there are more."""

    runs: tuple[Run, ...]
    revisions: tuple[Revision, ...]
    paging: Paging


class Answering(Keeping, Reporting, Telling, Protocol):
    """One answer for each verb. A product is named by name, guid or qualified name, an asset by guid or qualified name.

    Raises:
        MusterError: as the services raise it.
    """

    def create(self, name: str, selection: Written, about: Details, *, domain: str, lenient: bool) -> Product:
        """Define a product; it comes with complaints."""
        ...

    def update(self, product: str, selection: Written | None, about: Details, *, lenient: bool) -> Product:
        """Change a product; it comes with complaints."""
        ...

    def products(self, contains: str) -> list[Product]:
        """Return the products whose names contain this, case aside, with the size of their stored membership."""
        ...

    def product(self, product: str) -> Product:
        """Return one product with what stands by hand and its last run."""
        ...

    def members(self, product: str, mode: Mode, part: Part) -> MemberPage:
        """Return one page of members."""
        ...

    def member_ids(self, product: str, mode: Mode) -> Iterator[str]:
        """Stream the guids of all members."""
        ...

    def count(self, product: str, mode: Mode) -> Count:
        """Count the members, in all and by type."""
        ...

    def explain(self, product: str, asset: str, run: int | None) -> Explained:
        """Say why an asset is in or out, as of a run, or now."""
        ...

    def history(self, product: str, limit: int) -> History:
        """Return the last runs, and all edits of the selection."""
        ...

    def moves(self, product: str, run: int, limit: int) -> Moves:
        """Return whom a run moved, at most `limit` of each cause and way."""
        ...

    def delete(self, product: str) -> Asset:
        """Archive a product."""
        ...

    def decide(self, product: str, assets: Sequence[str], ruling: Ruling) -> list[Asset]:
        """Let a pin or an exclusion stand for each of the assets."""
        ...

    def withdraw(self, product: str, assets: Sequence[str]) -> int:
        """Take pins and exclusions back; return how many stood."""
        ...

    def preview(self, selection: Written, part: Part, replaces: str | None) -> Preview:
        """Run a selection that is not stored; where it would replace a product's, say what that would change."""
        ...

    def check(self, selection: Written) -> list[Complaint]:
        """Return every complaint about a selection."""
        ...

    def sync(self, products: Sequence[str], *, force: bool) -> Iterator[SyncedRun]:
        """Sync these products, or all where none is named; each run comes when it is stored."""
        ...
