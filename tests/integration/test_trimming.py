"""Letting go of history as policies say."""

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.errors import NotFound
from muster.policy import Policy
from muster.service import define, past
from muster.service.define import Details, Written
from muster.service.ingest import ingest
from muster.service.past import AtRun
from muster.service.sync import sync
from muster.service.trimming import trim_all
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock

pytestmark = pytest.mark.parametrize("engine_setting", ["embedded"], indirect=True)


def test_each_product_keeps_what_its_policy_says(work: Workspace, clock: SetClock) -> None:
    """Its own, that of its domain, or the usual thousand; members of the past are known for all runs that are kept."""
    products = {}
    for name, home in (("own", "Home"), ("housed", "Home"), ("usual", "Elsewhere")):
        products[name] = define.create(work, name, Written("type:Table"), Details(), domain_name=home).product
    home = products["own"].entity.attributes["parentDomainQualifiedName"]
    work.record.put_policy(home, Policy(keep=4), by="ann", at=1)
    work.record.put_policy(products["own"].entity.guid, Policy(keep=2), by="ann", at=1)
    for number in range(6):
        clock.time += 1_000
        ingest(work, [EntityDraft(Key("Table", f"default/t/{number}"), {"name": str(number)})])
        list(sync(work))
    define.delete(work, "housed")

    assert trim_all(work) == 4 + 2
    assert trim_all(work) == 0
    kept = {name: work.record.runs(one.entity.guid, limit=9) for name, one in products.items()}
    assert {name: len(some) for name, some in kept.items()} == {"own": 2, "housed": 4, "usual": 6}
    for name, some in kept.items():
        sizes = [len(past.generation_at(work, products[name], AtRun(run.number)).members) for run in some]
        assert sizes == list(range(6, 6 - len(some), -1))
    with pytest.raises(NotFound):
        past.generation_at(work, products["own"], AtRun(1))
