"""What the verbs ask about what keeps memberships right: policies, runs of all products, verdicts, the past."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from muster.client.answers import RunOfProductPage
from muster.client.models import Approved, Difference, Effective, Policy, Run
from muster.membership import Outcome, Trigger


@dataclass(frozen=True, slots=True)
class Scope:
    """What a policy is said for: a product, a domain and those below it, or neither: everything."""

    product: str | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs of all products: so many of those below a number, of one outcome or trigger, decided about or not."""

    limit: int
    before: int | None = None
    outcome: Outcome | None = None
    trigger: Trigger | None = None
    decided: bool | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """Which difference: from one moment to another (None: now), so many assets after a cursor, only joins or only leaves."""

    before: str
    after: str | None
    limit: int
    cursor: str | None = None
    joined: bool | None = None


class Keeping(Protocol):
    """The questions about what keeps memberships right."""

    def policy(self, scope: Scope) -> Policy:
        """Return what is said for a scope itself."""
        ...

    def put_policy(self, scope: Scope, said: Mapping[str, Any]) -> Policy:
        """Let a policy hold, as JSON says it, in the place of the one before."""
        ...

    def delete_policy(self, scope: Scope) -> None:
        """Take back what is said for a scope."""
        ...

    def effective_policy(self, product: str) -> Effective:
        """Return what holds for a product, and where each part comes from."""
        ...

    def runs(self, wanted: Wanted) -> RunOfProductPage:
        """Return runs of all products, newest first."""
        ...

    def approve(self, product: str, run: int, reason: str) -> Approved:
        """Do what a held run would have done."""
        ...

    def difference(self, product: str, wanted: Between) -> Difference:
        """Return what two memberships of a product differ by."""
        ...

    def reject(self, product: str, run: int, reason: str) -> Run:
        """Leave undone what a held run would have done."""
        ...
