"""Held runs over HTTP: what waits for somebody, what would move, and the verdict of who may give one."""

import pytest

from muster.catalog.product import Product
from muster.catalog.token import Role
from tests.unit.api.own.asking import Asking, Json, fresh


def held(api: Asking) -> tuple[Product, str, Json]:
    """Make a product whose last run was held for emptying it; return it, the path of its runs, and that run."""
    scope = fresh("default/held/")
    api.tables(scope, ["a", "b"], costCentre=scope)
    product = api.product(f"type:Table costCentre:{scope!r}".replace("'", '"'), domain=fresh("Domain"))
    api.sync(product)
    api.tables(scope, ["a", "b"], costCentre="nobody's")
    path = f"/dataProducts/{product.entity.guid}/runs"
    api.ask("POST", f"/dataProducts/{product.entity.guid}/sync", {})
    return product, path, api.get(path)["data"][0]


def total(api: Asking, product: Product) -> int:
    """Return how many members are stored."""
    count: int = api.get(f"/dataProducts/{product.entity.guid}/members/count", params={"mode": "stored"})["total"]
    return count


def test_a_held_run_waits_and_shows_whom_it_would_move(api: Asking) -> None:
    """It is listed with its product; its leaves are told, and the stored members are as before."""
    product, path, run = held(api)
    assert (run["outcome"], run["trigger"], run["verdict"], run["decidedAt"]) == ("held", "full", None, None)
    assert run["heldBecause"] == "it would empty the product, which has 2 members"
    waiting = api.get("/runs", params={"outcome": "held", "decided": "false"})["data"]
    (mine,) = [one for one in waiting if one["product"]["guid"] == product.entity.guid]
    assert {**mine, "product": None} == {**run, "product": None}
    assert mine["product"]["dottedName"].endswith(f".{product.entity.name}")
    leaves = api.get(f"/dataProducts/{product.entity.guid}/changes", params={"run": run["run"]})["data"]
    assert [(one["asset"]["name"], one["joined"], one["outcome"]) for one in leaves] == [
        ("a", False, "held"),
        ("b", False, "held"),
    ]
    assert api.get(f"{path}/{run['run']}")["causes"] == [{"cause": "asset changed", "joined": 0, "left": 2}]
    assert total(api, product) == 2


def test_an_approval_does_it(api: Asking) -> None:
    """By a run of its own; the held one says who decided, when and why, and waits no more."""
    product, path, run = held(api)
    told = api.ask("POST", f"{path}/{run['run']}/approve", {"reason": "as announced"}, role=Role.EDITOR)
    assert (told["run"]["outcome"], told["run"]["trigger"], told["run"]["left"]) == ("applied", "approval", 2)
    decided = {name: told["approved"][name] for name in ("run", "verdict", "decidedBy", "decidedBecause")}
    assert decided == {
        "run": run["run"],
        "verdict": "approved",
        "decidedBy": "editor",
        "decidedBecause": "as announced",
    }
    assert api.get(path)["data"][:2] == [told["run"], told["approved"]]
    assert total(api, product) == 0
    again = api.ask("POST", f"{path}/{run['run']}/approve", code=409)
    assert "was approved by editor" in again["message"]
    waiting = api.get("/runs", params={"decided": "false"})["data"]
    assert product.entity.guid not in {one["product"]["guid"] for one in waiting}


def test_a_rejection_leaves_it(api: Asking) -> None:
    """Also when the product is synced again, and finds the same."""
    product, path, run = held(api)
    rejected = api.ask("POST", f"{path}/{run['run']}/reject", {"reason": "the import was broken"})["rejected"]
    assert (rejected["verdict"], rejected["decidedBy"]) == ("rejected", "admin")
    api.ask("POST", f"/dataProducts/{product.entity.guid}/sync", {})
    assert api.get(path)["data"][0] == rejected
    assert total(api, product) == 2
    decided = api.get("/runs", params={"decided": "true", "limit": 1})["data"][0]
    assert decided["run"] == run["run"]


def test_nobody_gets_past_a_guard_who_may_not(api: Asking) -> None:
    """Not by approving, nor by force, nor by a policy that lets it through; everybody may look."""
    product, path, run = held(api)
    of_product, number = f"/dataProducts/{product.entity.guid}", run["run"]
    stranger = api.bound(api.product(domain="Elsewhere").entity.attributes["parentDomainQualifiedName"])
    attempts = [
        ("POST", f"{path}/{number}/approve", {}),
        ("POST", f"{path}/{number}/reject", {}),
        ("POST", f"{of_product}/sync", {"force": True}),
        ("PUT", f"{of_product}/policy", {"mayEmpty": True}),
        ("PUT", f"{of_product}/selection", {"selection": "type:Table"}),
    ]
    for method, attempt, said in attempts:
        for who in ({"role": Role.VIEWER}, {"headers": stranger}):
            assert api.ask(method, attempt, said, code=403, **who)["reason"] == "forbidden"
        assert api.sent(method, attempt, json=said, role=None).status_code == 401
    assert api.get("/runs", role=Role.VIEWER)["data"]
    assert total(api, product) == 2
    assert api.get(f"{path}/{number}")["verdict"] is None


@pytest.mark.parametrize("verdict", ["approve", "reject"])
def test_what_cannot_be_decided_about(api: Asking, verdict: str) -> None:
    """A run that is not there, one that was applied, and a body that says something else."""
    _, path, run = held(api)
    number = run["run"]
    assert "is none of" in api.ask("POST", f"{path}/999999999/{verdict}", {}, code=404)["message"]
    assert "was applied, not held" in api.ask("POST", f"{path}/{number - 1}/{verdict}", {}, code=409)["message"]
    assert api.ask("POST", f"{path}/{number}/{verdict}", {"force": True}, code=400)["path"] == "/force"
    assert api.ask("POST", f"{path}/{number}/{verdict}", {"reason": "x" * 10_001}, code=400)["path"] == "/reason"


def test_runs_of_all_products_come_page_by_page(api: Asking) -> None:
    """The newest first, each with its product."""
    held(api)
    seen: list[int] = []
    paging: Json = {}
    for _ in range(3):
        page = api.get("/runs", params={"limit": 1, **paging})
        seen += [one["run"] for one in page["data"]]
        paging = page["paging"]
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 3
    assert api.get("/runs", params={"outcome": "lost"}, code=400)["path"] == "/query/outcome"
