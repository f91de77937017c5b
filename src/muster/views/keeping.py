"""What keeps memberships right, as JSON: policies, and runs with their products."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, assert_never

from pyroaring import BitMap

from muster.catalog.entity import Entity
from muster.catalog.product import Product
from muster.membership import Generation, Run
from muster.policy import Cron, Every, Manual, OnChange, Policy, Schedule, Stated
from muster.service.domains import DOMAIN, PRODUCT
from muster.service.judging import Listed
from muster.service.moments import told
from muster.service.past import Difference
from muster.service.policing import Effective, Scope
from muster.service.reports.dead import Dead
from muster.service.reports.freshness import Freshness
from muster.service.reports.overlap import Overlap
from muster.service.reports.unchanging import Unchanging
from muster.service.reports.uncovered import Uncovered
from muster.service.supposing.suppose import Moving
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
    data = [{**run(one), "product": brief(product, names)} for one, product in some.shown]
    return {"data": data, "paging": {} if some.before is None else {"before": some.before}}


def approved(done: Run, held: Run) -> dict[str, Any]:
    """Return the run that moved what was approved, and the one that had been held."""
    return {"run": run(done), "approved": run(held)}


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


def overlap(one: Overlap, names: Mapping[str, str]) -> dict[str, Any]:
    """Return two products that have members in common, given the dotted names of products by guid."""
    return {
        "one": brief(one.one, names),
        "other": brief(one.other, names),
        "common": one.common,
        "ofOne": one.of_one,
        "ofOther": one.of_other,
        "jaccard": round(one.jaccard, 6),
    }


def unchanging(one: Unchanging, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a product whose members do not move."""
    return {
        "product": brief(one.product, names),
        "members": one.members,
        "since": time(one.since),
        "runs": one.runs,
        "never": one.never,
    }


def dead(one: Dead, names: Mapping[str, str]) -> dict[str, Any]:
    """Return a clause that says nothing today."""
    return {
        "product": brief(one.product, names),
        "path": one.path,
        "clause": one.clause,
        "english": one.english,
        "because": one.idle.value,
    }


def freshness(one: Freshness, names: Mapping[str, str]) -> dict[str, Any]:
    """Return how old the stored members of a product are; `age` and `wanted` in seconds."""
    return {
        "product": brief(one.product, names),
        "at": None if one.at is None else time(one.at),
        "age": None if one.age is None else one.age / 1000,
        "wanted": None if one.wanted is None else one.wanted / 1000,
        "breached": one.breached,
        "waits": one.waits,
    }


def uncovered(one: Uncovered, attributes: Sequence[str] = ()) -> dict[str, Any]:
    """Return the assets that no product has."""
    return {
        "total": one.total,
        "of": one.of,
        "byType": dict(one.by_type),
        "data": [entity(asset, attributes) for asset in one.shown],
        "paging": {} if one.next is None else {"next": one.next},
    }


def moving(
    one: Moving, names: Mapping[str, str], read: Callable[[list[int]], list[Entity]], limit: int
) -> dict[str, Any]:
    """Return who would join a product and leave it: how many, and so many of them, as `read` by ordinal."""

    def some(assets: BitMap) -> dict[str, Any]:
        return {"total": len(assets), "assets": [entity(each) for each in read(list(assets[:limit]))]}

    return {"product": brief(one.product, names), "joins": some(one.joins), "leaves": some(one.leaves)}
