"""What the verbs ask of reports about all products."""

from dataclasses import dataclass
from typing import IO, Any, Protocol, TypeAlias

from muster.client.models import Report, Supposition, Uncovered


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old stored members are: so many rows."""

    limit: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """Which products have members in common: so many pairs, those of one product only where that is named."""

    limit: int
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Unchanging:
    """Which products have not moved for so many milliseconds; None: never."""

    limit: int
    since: int | None = None


@dataclass(frozen=True, slots=True)
class DeadClauses:
    """Which clauses say nothing today: so many rows."""

    limit: int


@dataclass(frozen=True, slots=True)
class NoProduct:
    """Which assets no product has: a page of them, among those of a selection where one is said."""

    limit: int
    among: str | None = None
    cursor: str | None = None
    sort: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Supposing:
    """What would move if one tag, owner or schema went by another name, or (None) were there no more."""

    tag: str | None
    owner: str | None
    schema: str | None
    renamed_to: str | None
    limit: int


OfProducts: TypeAlias = Freshness | Overlap | Unchanging | DeadClauses
"""The reports whose rows are about products."""


class Reporting(Protocol):
    """The questions about all products together."""

    def report(self, wanted: OfProducts) -> Report[Any]:
        """Return a report."""
        ...

    def uncovered(self, wanted: NoProduct) -> Uncovered:
        """Return assets that no product has."""
        ...

    def what_if(self, wanted: Supposing) -> Supposition:
        """Return what would move."""
        ...

    def write_report(self, wanted: OfProducts | NoProduct, to: IO[bytes]) -> None:
        """Write a report as CSV; of assets that no product has, all of them."""
        ...
