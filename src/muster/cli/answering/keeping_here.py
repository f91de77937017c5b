"""Answers about what keeps memberships right, by the services in this process."""

from collections.abc import Mapping
from typing import Any

from muster import views
from muster.cli.answering.inside import OnWorkspace, read
from muster.cli.answering.keeping import Between, Scope, Wanted
from muster.client.answers import RunOfProductPage
from muster.client.models import Approved, Difference, Effective, Policy, Run
from muster.policy import Stated
from muster.service import judging, past, policing
from muster.service.dotted import called, dotted_names
from muster.service.judging import Judgement
from muster.views import keeping


class KeepingHere(OnWorkspace):
    """The services, as `muster.cli.answering.keeping.Keeping` asks them."""

    def policy(self, scope: Scope) -> Policy:
        """Show what is said for a scope."""
        found = self._scope(scope)
        return self._said(found, policing.policy_of(self._work, found))

    def put_policy(self, scope: Scope, said: Mapping[str, Any]) -> Policy:
        """Let a policy hold."""
        found = self._scope(scope)
        return self._said(found, policing.put(self._work, found, policing.read(said)))

    def delete_policy(self, scope: Scope) -> None:
        """Take a policy back."""
        policing.take_away(self._work, self._scope(scope))

    def effective_policy(self, product: str) -> Effective:
        """Say what holds for a product."""
        found = policing.effective_of(self._work, called(self._work, product))
        return read(Effective, keeping.effective(found, policing.names(self._work, found.scopes)))

    def runs(self, wanted: Wanted) -> RunOfProductPage:
        """List runs of all products."""
        asked = judging.Wanted(wanted.limit, wanted.before, wanted.outcome, wanted.trigger, wanted.decided)
        found = judging.listed(self._work, asked)
        names = dotted_names(self._work, [one for _, one in found.shown])
        return read(RunOfProductPage, keeping.runs(found, names))

    def approve(self, product: str, run: int, reason: str) -> Approved:
        """Do what a held run would have done."""
        done, held = judging.approve(self._work, called(self._work, product), run, Judgement(reason.strip()))
        return read(Approved, keeping.approved(done, held))

    def reject(self, product: str, run: int, reason: str) -> Run:
        """Leave it undone."""
        held = judging.reject(self._work, called(self._work, product), run, Judgement(reason.strip()))
        return read(Run, views.run(held))

    def difference(self, product: str, wanted: Between) -> Difference:
        """Compare two memberships."""
        found, now = self._remembered(product), self._work.clock()
        before = past.read_when(wanted.before, now)
        after = past.AtTime(now) if wanted.after is None else past.read_when(wanted.after, now)
        asked = past.Between(before, after, wanted.limit, wanted.cursor, wanted.joined)
        return read(Difference, keeping.difference(found, past.difference(self._work, found, asked)))

    def _scope(self, scope: Scope) -> policing.Scope:
        if scope.domain is not None:
            return policing.of_domain(self._work, scope.domain)
        if scope.product is not None:
            return policing.of_product(self._work, self._guid(scope.product))
        return policing.EVERYTHING

    def _said(self, scope: policing.Scope, stated: Stated | None) -> Policy:
        return read(Policy, keeping.policy(scope, stated, policing.names(self._work, [scope])))
