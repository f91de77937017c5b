"""An index that is rebuilt with another mapping: what selections say stands for something else, and they are asked anew."""

from __future__ import annotations

import pytest

from muster.membership import Cause
from muster.query.nodes import Bool, Range
from muster.service.ingest import ingest
from muster.service.keeping.keeper import Keeper
from muster.service.project import project, reindex
from muster.service.workspace import Workspace
from tests.integration.places import ENGINES
from tests.integration.rounds import kept
from tests.integration.verified import begin, last, live, select, stored, table

pytestmark = pytest.mark.parametrize("engine_setting", ENGINES, indirect=True)


@pytest.fixture
def shop(work: Workspace) -> Workspace:
    """Three verified tables, and a product of them."""
    return begin(work)


def test_a_field_that_is_mapped_anew_is_asked_anew(shop: Workspace) -> None:
    """`9` comes after `10` as a word, and before it as a number; no asset changed when the index was rebuilt."""
    ingest(shop, [table("e", "DRAFT", size="10"), table("f", "DRAFT", size="9")])
    project(shop)
    select(shop, Bool(filter=(Range("size", gte="10"),)))
    keeper = Keeper(shop)
    kept(keeper)
    ingest(shop, [table("e", "DRAFT", size=10), table("f", "DRAFT", size=9)])
    kept(keeper)
    assert stored(shop) == "ef"
    reindex(shop)
    kept(keeper)
    assert stored(shop) == live(shop) == "e"
    run = last(shop)
    assert [one.cause for one in shop.record.moves(run.product, run.number)] == [Cause.MEANING]


def test_a_rebuilt_index_with_the_same_fields_asks_nothing_anew(shop: Workspace) -> None:
    """Whoever rebuilds it for another reason starts no evaluation of everything."""
    keeper = Keeper(shop)
    kept(keeper)
    before = last(shop)
    reindex(shop)
    kept(keeper)
    assert last(shop) == before
