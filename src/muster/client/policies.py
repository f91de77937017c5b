"""Policies: when products are synced, what their runs may move by themselves, how fresh they are to be, what is kept."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, TypeAlias

from muster.client.models import Effective, Policy
from muster.client.part import Part, product_path
from muster.client.saying import body, span
from muster.client.sending import name as step
from muster.errors import InvalidInput

Schedule: TypeAlias = str | Mapping[str, Any]
"""When products are synced: `on change`, `manual`, `{"every": "15m"}` or `{"cron": "0 6 * * *", "timeZone": "Europe/Berlin"}`."""


class Policies(Part):
    """The part of the client that is about policies: of a `product`, of a `domain` and those below it, else of everything.

    Raises:
        NotFound: there is no such product or domain.
        InvalidInput: both are named, or the policy is none; `path` points at the part to mend.
        Forbidden: the token may not say this there.
    """

    def policy(self, *, product: str | None = None, domain: str | None = None) -> Policy:
        """Return what is said for a scope itself.

        Example:
            >>> muster.policy(product="Gold tables").by is None
            True
        """
        return self._sender.look(Policy, _path(product, domain))

    def put_policy(
        self,
        *,
        product: str | None = None,
        domain: str | None = None,
        schedule: Schedule | None = None,
        percent: float | None = None,
        least: int | None = None,
        may_empty: bool | None = None,
        freshness: timedelta | str | int | None = None,
        keep: int | None = None,
    ) -> Policy:
        """Let a policy hold for a scope, in the place of the one before; what is None the scope around it says.

        Example:
            >>> muster.put_policy(product="Gold tables", percent=25, freshness="1d").text.freshness
            '1d'
        """
        said = body(
            schedule=schedule,
            percent=percent,
            least=least,
            mayEmpty=may_empty,
            freshness=freshness if isinstance(freshness, int) else span(freshness),
            keep=keep,
        )
        return self._sender.ask(Policy, "PUT", _path(product, domain), body=said)

    def delete_policy(self, *, product: str | None = None, domain: str | None = None) -> None:
        """Take back what is said for a scope; what is said around it holds then.

        Example:
            >>> muster.delete_policy(product="Gold tables")
        """
        self._sender.send("DELETE", _path(product, domain))

    def effective_policy(self, ref: str) -> Effective:
        """Return what holds for a product, where each part comes from, and when it is due.

        Example:
            >>> muster.effective_policy("Gold tables").text.schedule
            'on change'
        """
        return self._sender.look(Effective, product_path(ref, "policy", "effective"))


def _path(product: str | None, domain: str | None) -> str:
    match product, domain:
        case None, None:
            return "/policy"
        case str(ref), None:
            return product_path(ref, "policy")
        case None, str(ref):
            return f"/domains/{step(ref)}/policy"
        case _:
            raise InvalidInput("a product or a domain, not both", hint="leave one of them out")
