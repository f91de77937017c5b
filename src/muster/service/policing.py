"""Policies: said for everything, for a domain, or for a product; and what comes of them for one product."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from muster.catalog.entity import Entity, Key
from muster.catalog.product import Product
from muster.errors import InvalidInput
from muster.policy import EVERYWHERE, PARTS, USUAL, OnChange, Policy, Stated, effective, next_time, scopes
from muster.service import dotted
from muster.service.domains import DOMAIN
from muster.service.moments import span
from muster.service.save.planning import refuse_elsewhere
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Scope:
    """What a policy is said for: its name in the record, and the domain or product; None: everything."""

    name: str
    entity: Entity | None = None


EVERYTHING: Final = Scope(EVERYWHERE)


@dataclass(frozen=True, slots=True)
class Effective:
    """What holds for a product, and where each part comes from by its name; None: from nowhere, it is the usual.

    `last` is when the product was last synced, `next` when it is due by its schedule (ms since 1970); None where it
    never was, and where only a change, or somebody, makes it so.
    """

    product: Product
    policy: Policy
    origins: Mapping[str, Scope | None]
    last: int | None
    next: int | None

    @property
    def scopes(self) -> list[Scope]:
        """The product, and where its policy comes from."""
        return [Scope(self.product.entity.guid, self.product.entity), *filter(None, self.origins.values())]


def of_domain(work: Workspace, ref: str) -> Scope:
    """Return the scope of a domain, given by guid, qualified name or dotted name.

    Raises:
        NotFound: there is none.
        Conflict: several have the dotted name.
    """
    found = dotted.domain(work, ref)
    return Scope(found.key.qualified_name, found)


def of_product(work: Workspace, ref: str) -> Scope:
    """Return the scope of a product, given by guid, qualified name, dotted name, or a name that only one has.

    Raises:
        NotFound: there is none.
        Conflict: several have the name.
    """
    found = dotted.product(work, ref).entity
    return Scope(found.guid, found)


def names(work: Workspace, some: Iterable[Scope]) -> dict[str, str]:
    """Return the dotted names of the domains and products that scopes are of, by guid."""
    return dotted.dotted_names(work, [one.entity for one in some if one.entity is not None])


def policy_of(work: Workspace, scope: Scope) -> Stated | None:
    """Return what is said for a scope; None where nobody said anything."""
    return work.record.policy(scope.name)


def put(work: Workspace, scope: Scope, policy: Policy, *, within: Sequence[str] = ()) -> Stated:
    """Let a policy hold for a scope, in the place of the one before.

    Raises:
        Forbidden: the scope is outside the domains `within`.
    """
    _refuse_elsewhere(scope, within)
    at = work.clock()
    work.record.put_policy(scope.name, policy, by=work.by, at=at)
    return Stated(policy, work.by, at)


def take_away(work: Workspace, scope: Scope, *, within: Sequence[str] = ()) -> None:
    """Let what is said for a scope hold no longer; what is said around it does then.

    Raises:
        Forbidden: the scope is outside the domains `within`.
    """
    _refuse_elsewhere(scope, within)
    work.record.put_policy(scope.name, None, by=work.by, at=work.clock())


def _refuse_elsewhere(scope: Scope, within: Sequence[str]) -> None:
    if scope.entity is not None:
        refuse_elsewhere(scope.entity, within)


def effective_of(work: Workspace, product: Product) -> Effective:
    """Return what holds for a product, where each part of it comes from, and when the product is due."""
    policies, guid, name = work.record.policies(), product.entity.guid, product.entity.key.qualified_name
    found = _guarded(effective(policies, guid, name))
    known = _scopes(work, product, policies)
    origins = {part: _origin(part, known, policies) for part in PARTS if getattr(found, part) is not None}
    runs = work.record.runs(guid, limit=1)
    last = runs[0].at if runs else None
    due = next_time(found.schedule or USUAL.schedule or OnChange(), last, work.clock())
    return Effective(product, found, origins, last, due)


def _guarded(policy: Policy) -> Policy:
    """Return a policy with the guards that hold where nobody speaks of them."""
    guard = policy.guard
    return replace(policy, percent=guard.percent, least=guard.least, may_empty=guard.may_empty)


def _scopes(work: Workspace, product: Product, policies: Mapping[str, Policy]) -> list[Scope]:
    """Return the scopes around a product for which something is said, the nearest first."""
    entity = product.entity
    names = [name for name in scopes(entity.guid, entity.key.qualified_name) if name in policies]
    domains = work.record.find([], [Key(DOMAIN, name) for name in names if name not in {EVERYWHERE, entity.guid}])
    known = {one.key.qualified_name: one for one in domains} | {entity.guid: entity}
    return [Scope(name, known.get(name)) for name in reversed(names)]


def _origin(part: str, known: Sequence[Scope], policies: Mapping[str, Policy]) -> Scope | None:
    return next((scope for scope in known if getattr(policies[scope.name], part) is not None), None)


def read(said: Mapping[str, Any]) -> Policy:
    """Read a policy as JSON says it, where spans may be texts such as `15m`, `1h` or `30d`.

    Raises:
        InvalidInput: it is none; `path` points at the part to mend.
    """
    spans = {"freshness": _milliseconds(said["freshness"], "/freshness")} if "freshness" in said else {}
    match said.get("schedule"):
        case {"every": str() as every, **rest}:
            spans["schedule"] = {"every": _milliseconds(every, "/schedule/every"), **rest}
        case _:
            pass
    return Policy.of({**said, **spans})


def _milliseconds(said: Any, path: str) -> Any:
    if not isinstance(said, str):
        return said
    try:
        return span(said)
    except InvalidInput as error:
        error.path = path
        raise
