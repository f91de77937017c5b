"""What keeps memberships right, as JSON: policies, and runs with their products."""

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from muster.catalog.entity import Entity
from muster.catalog.product import Product
from muster.membership import Generation, Run
from muster.policy import Cron, Every, Manual, OnChange, Policy, Schedule, Stated
from muster.service.domains import DOMAIN, PRODUCT
from muster.service.judging import Listed
from muster.service.keeping.audit import Audited
from muster.service.moments import told
from muster.service.past import Difference
from muster.service.policing import Effective, Scope
from muster.service.sync import Synced
from muster.views.history import run
from muster.views.products import brief
from muster.views.things import entity, time

NAMES: Mapping[str, str] = {"may_empty": "mayEmpty"}
"""Parts of a policy that JSON calls otherwise."""

KINDS: Mapping[str, str] = {DOMAIN: "domain", PRODUCT: "dataProduct"}
"""What policies are said for, by type."""


def policy(scope: Scope, one: Stated | None, names: Mapping[str, str]) -> dict[str, Any]:
    """Return what is said for a scope, given the dotted names of domains and products by guid; `policy` can be put back."""
    said = Policy() if one is None else one.policy
    return {
        "scope": _scope(scope, names),
        "policy": said.said(),
        "text": _texts(said),
        "by": None if one is None else one.by,
        "at": None if one is None else time(one.at),
    }


def runs(some: Listed, names: Mapping[str, str]) -> dict[str, Any]:
    """Return runs with their products, given the dotted names of these by guid."""
    data = [run_of_product(one, product, names) for one, product in some.shown]
    return {"data": data, "paging": {} if some.before is None else {"before": some.before}}


def run_of_product(one: Run, product: Entity, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a run with its product, given the dotted names of products by guid."""
    return {**run(one), "product": brief(product, names)}


def synced(some: Sequence[Synced], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the runs of a sync with their products, given the dotted names of these by guid."""
    return [run_of_product(one.run, one.product.entity, names) for one in some]


def approved(done: Run, held: Run) -> dict[str, Any]:
    """Return the run that moved what was approved, and the one that had been held."""
    return {"run": run(done), "approved": run(held)}


def audited(one: Audited, product: Entity, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a product whose members an audit found to be others than its selection holds: how many were missing, or extra."""
    return {
        "product": brief(product, names),
        "run": run(one.run),
        "missing": len(one.missing),
        "extra": len(one.extra),
    }


def effective(one: Effective, names: Mapping[str, str]) -> dict[str, Any]:
    """Return what holds for a product, and from where; `from` is null where nobody said it."""
    origins = {NAMES.get(part, part): None if at is None else _scope(at, names) for part, at in one.origins.items()}
    return {
        "product": brief(one.product.entity, names),
        "policy": one.policy.said(),
        "text": _texts(one.policy),
        "from": origins,
        "last": None if one.last is None else time(one.last),
        "next": None if one.next is None else time(one.next),
    }


def _scope(one: Scope, names: Mapping[str, str]) -> dict[str, Any]:
    if one.entity is None:
        return {"kind": "everything"}
    return {"kind": KINDS[one.entity.key.type_name], **brief(one.entity, names)}


def _texts(one: Policy) -> dict[str, str]:
    """Return the spans and the schedule of a policy in words."""
    schedule = {} if one.schedule is None else {"schedule": _schedule(one.schedule)}
    return schedule if one.freshness is None else {**schedule, "freshness": told(one.freshness)}


def _schedule(one: Schedule) -> str:
    match one:
        case OnChange():
            return "on change"
        case Manual():
            return "manual"
        case Every(milliseconds):
            return f"every {told(milliseconds)}"
        case Cron():
            return one.english
        case _:
            assert_never(one)


def difference(product: Product, one: Difference) -> dict[str, Any]:
    """Return what two memberships of a product differ by."""
    return {
        "product": product.entity.name,
        "from": _generation(one.before),
        "to": _generation(one.after),
        "joined": one.joined,
        "left": one.left,
        "data": [{"asset": entity(asset), "joined": joined} for asset, joined in one.shown],
        "paging": {} if one.next is None else {"next": one.next},
    }


def _generation(one: Generation) -> dict[str, Any]:
    """Return a membership without the members; run and time are those of the last run that made or confirmed it."""
    return {
        "generation": one.number,
        "run": one.run,
        "revision": one.revision,
        "at": time(one.at),
        "total": len(one.members),
        "digest": one.digest,
    }
