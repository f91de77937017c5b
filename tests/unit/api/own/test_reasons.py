"""Why an asset moved, and why it was in or out at a run of the past, over HTTP."""

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.token import Role
from muster.membership import Decision
from muster.service import decide, define
from muster.service.define import Details, Written
from muster.service.ingest import ingest
from tests.unit.api.own.asking import Asking, fresh

HOUR = 3_600_000


def test_changes_say_because(api: Asking) -> None:
    """What changed of an asset, which edit it was, what was decided; null where the cause says it all."""
    scope = fresh("default/because/")

    def put(name: str, **attributes: object) -> None:
        api.clock.time += HOUR
        ingest(api.work, [EntityDraft(Key("Table", f"{scope}/{name}"), {"name": name, **attributes})])

    product = api.product(f'type:Table certificate:VERIFIED qualifiedName:"{scope}/*"')
    guid, path = product.entity.guid, f"/dataProducts/{product.entity.guid}"
    put("a", certificateStatus="VERIFIED")
    put("b", certificateStatus="DRAFT")
    api.sync(product)
    put("b", certificateStatus="VERIFIED")
    api.sync(product)
    api.clock.time += HOUR
    decide.decide(api.work, guid, [f"{scope}/a"], Decision.EXCLUSION, decide.Given("broken"))
    api.clock.time += HOUR
    define.update(api.work, guid, Written(f'type:Table qualifiedName:"{scope}/a"'), Details())
    api.sync(product, force=True)
    told = api.get(f"{path}/changes", role=Role.VIEWER)["data"]
    assert [(one["asset"]["name"], one["joined"], one["cause"]) for one in told] == [
        ("a", False, "exclusion"),
        ("b", False, "selection edited"),
        ("b", True, "asset changed"),
        ("a", True, "first run"),
    ]
    excluded, edited, altered, first = (one["because"] for one in told)
    assert first is None
    assert altered["fields"] == [{"field": "certificateStatus", "before": "DRAFT", "after": "VERIFIED"}]
    assert (altered["new"], altered["by"]) == (False, api.work.by)
    assert (edited["revision"], edited["before"], edited["by"]) == (2, 1, api.work.by)
    assert (excluded["decision"], excluded["reason"], excluded["by"]) == ("exclusion", "broken", api.work.by)


def test_a_run_of_the_past_is_explained(api: Asking) -> None:
    """With the run and its time; a run that is not the product's is not found."""
    scope = fresh("default/explained/")
    product = api.product(f'type:Table state:ACTIVE qualifiedName:"{scope}/*"')
    path = f"/dataProducts/{product.entity.guid}/explain/{scope}/a"
    api.tables(scope, ["a"])
    run = api.sync(product)
    api.clock.time += HOUR
    api.tables(scope, ["b"])
    now, then = api.get(path), api.get(path, params={"run": run.number})
    assert (now["member"], now["asset"]["status"], now["run"], now["at"]) == (False, "DELETED", None, None)
    assert (then["member"], then["asset"]["status"], then["stored"]) == (True, "ACTIVE", True)
    assert (then["run"], then["revision"]) == (run.number, 1)
    assert api.get(path, params={"run": 999_999}, code=404)["reason"] == "not_found"
    assert api.get(path, params={"run": 0}, code=400)["path"] == "/query/run"
