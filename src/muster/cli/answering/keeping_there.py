"""Answers about what keeps memberships right, by a server."""

from collections.abc import Mapping
from typing import Any, TypedDict

from muster.cli.answering.across import OnServer, pointing_here
from muster.cli.answering.keeping import Between, Scope, Wanted
from muster.client.answers import RunOfProductPage
from muster.client.models import Approved, Difference, Effective, Policy, Run


class _Scope(TypedDict):
    product: str | None
    domain: str | None


class KeepingThere(OnServer):
    """A server, as `muster.cli.answering.keeping.Keeping` asks it."""

    def policy(self, scope: Scope) -> Policy:
        """Show what is said for a scope."""
        return self._client.policy(**self._scope(scope))

    def put_policy(self, scope: Scope, said: Mapping[str, Any]) -> Policy:
        """Let a policy hold."""
        return self._client.put_policy(
            **self._scope(scope),
            schedule=said.get("schedule"),
            percent=said.get("percent"),
            least=said.get("least"),
            may_empty=said.get("mayEmpty"),
            freshness=said.get("freshness"),
            keep=said.get("keep"),
        )

    def delete_policy(self, scope: Scope) -> None:
        """Take a policy back."""
        self._client.delete_policy(**self._scope(scope))

    def effective_policy(self, product: str) -> Effective:
        """Say what holds for a product."""
        return self._client.effective_policy(self._guid(product))

    def runs(self, wanted: Wanted) -> RunOfProductPage:
        """List runs of all products."""
        return self._client.run_of_all_page(
            outcome=None if wanted.outcome is None else wanted.outcome.value,
            trigger=None if wanted.trigger is None else wanted.trigger.value,
            decided=wanted.decided,
            limit=wanted.limit,
            before=wanted.before,
        )

    def approve(self, product: str, run: int, reason: str) -> Approved:
        """Do what a held run would have done."""
        return self._client.approve(self._guid(product), run, reason=reason)

    def reject(self, product: str, run: int, reason: str) -> Run:
        """Leave it undone."""
        return self._client.reject(self._guid(product), run, reason=reason)

    @pointing_here()
    def difference(self, product: str, wanted: Between) -> Difference:
        """Compare two memberships."""
        return self._client.difference_page(
            self._remembered(product),
            wanted.before,
            wanted.after,
            joined=wanted.joined,
            limit=wanted.limit,
            cursor=wanted.cursor,
        )

    def _scope(self, scope: Scope) -> _Scope:
        product = None if scope.product is None else self._guid(scope.product)
        return {"product": product, "domain": scope.domain}
