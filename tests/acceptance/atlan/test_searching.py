"""Thousands of assets, searched by an unmodified `pyatlan` and in the forms of Atlan's Java client.

Page by page, in bulk, by offset, onwards from a hit, and counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyatlan.model.aggregation import AggregationBucketResult, AggregationMetricResult, Aggregations
from pyatlan.model.assets import Asset, DataDomain, DataProduct, Table
from pyatlan.model.enums import SortOrder
from pyatlan.model.fluent_search import CompoundQuery, FluentSearch
from pyatlan.model.search import DSL, IndexSearchRequest, SortItem, Term

from tests.acceptance.atlan.conftest import SEARCH, Catalog, opened
from tests.acceptance.command import run
from tests.acceptance.serving import served
from tests.integration.places import EMBEDDED, OnServer, UrlOf, place, with_alias

ASSETS = 5_200
ROOT = "default/demo/1/db/schema"
NAMES = {f"{ROOT}/table_{number:05}" for number in range(ASSETS)}
TABLES: Any = {"term": {"__typeName.keyword": {"value": "Table"}}}

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the client's own


def lines() -> Iterator[str]:
    """Yield tables, of which every other is verified, and each has one of three row counts."""
    for name in sorted(NAMES):
        number = int(name[-5:])
        attributes = {"name": f"table {number % 100}", "rowCount": number % 3}
        verified = {"certificateStatus": "VERIFIED"} if number % 2 else {}
        yield json.dumps({"typeName": "Table", "qualifiedName": name, "attributes": attributes | verified})


@pytest.fixture(scope="module", params=[EMBEDDED, "opensearch"])
def full(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, engine_url: UrlOf
) -> Iterator[Catalog]:
    """A catalog of 5,200 tables on each kind of engine; they were imported together, so many have the same time."""
    folder: Path = tmp_path_factory.mktemp("full")
    (folder / "tables.ndjson").write_text("\n".join(lines()), encoding="utf-8")
    with place(request.param, folder, engine_url) as there:
        url = with_alias(engine_url(request.param), there.alias) if isinstance(there, OnServer) else ""
        settings = {"MUSTER_ENGINE_URL": url} if url else {}
        run(folder / "data", "import", "ndjson", str(folder / "tables.ndjson"), settings=settings)
        with served(folder / "data", settings) as one, opened(one) as made:
            yield made


def tables() -> FluentSearch:
    """Return a search for all tables."""
    return FluentSearch().where(CompoundQuery.active_assets()).where(CompoundQuery.asset_type(Table))


def named(found: Any) -> list[str]:
    """Return the qualified names of all results, whatever pages they come in."""
    return [asset.qualified_name for asset in found]


def test_a_product_gives_all_of_its_assets(full: Catalog) -> None:
    """`get_assets` reads on to the end: each asset once, and `count` says how many."""
    (domain,) = full.client.asset.save(DataDomain.creator(name="Sales")).assets_created(DataDomain)
    wanted = tables().to_request()
    product = DataProduct.creator(name="All of it", domain_qualified_name=domain.qualified_name, asset_selection=wanted)
    (made,) = full.client.asset.save(product).assets_created(DataProduct)
    found = full.client.asset.get_by_guid(made.guid, asset_type=DataProduct).get_assets(full.client)
    got = named(found)
    assert (found.count, len(got), set(got)) == (ASSETS, ASSETS, NAMES)
    assert found.current_page() == []


@pytest.mark.parametrize("order", ["__guid", "name.keyword", "rowCount"])
def test_a_search_is_read_to_its_end(full: Catalog, order: str) -> None:
    """Page by page in every order, though thousands tie in it."""
    dsl = DSL(query=tables().to_query(), size=500, sort=[SortItem(field=order, order=SortOrder.DESCENDING)])
    found = full.client.asset.search(IndexSearchRequest(dsl=dsl, attributes=["rowCount"]))
    got = named(found)
    assert (found.count, len(got), set(got)) == (ASSETS, ASSETS, NAMES)


def test_a_search_in_bulk_is_read_to_its_end(full: Catalog) -> None:
    """The client goes on from times that thousands of assets share, and by offset where a page has only one of them."""
    request = tables().page_size(300).to_request()
    got = named(full.client.asset.search(request, bulk=True))
    assert (len(got), set(got)) == (ASSETS, NAMES)


def ask(catalog: Catalog, **dsl: Any) -> Any:
    """Search as Atlan's Java client does, with the values to go on from."""
    said = {"from": 0, "size": 700, "query": TABLES, "track_total_hits": True, **dsl}
    return catalog.ask("POST", SEARCH, json={"dsl": said, "attributes": ["rowCount"], "showSearchMetadata": True})


JAVA = [{"__timestamp": {"order": "asc"}}, {"__guid": {"order": "asc"}}]


@pytest.mark.parametrize("sort", [JAVA, [{"rowCount": {"order": "desc"}}], [{"nowhere": "asc"}], []], ids=str)
def test_pages_go_on_from_a_hit(full: Catalog, sort: Any) -> None:
    """By the values that the answer tells of the last hit, none is lost and none comes twice."""
    got: list[str] = []
    said: dict[str, Any] = {}
    while entities := (answer := ask(full, sort=sort, **said)).get("entities"):
        assert answer["approximateCount"] == ASSETS
        got += [entity["attributes"]["qualifiedName"] for entity in entities]
        said = {"search_after": answer["searchMetadata"][entities[-1]["guid"]]["sort"]}
    assert (len(got), set(got)) == (ASSETS, NAMES)


def test_the_next_page_is_made_from_what_the_answer_repeats(full: Catalog) -> None:
    """Some clients read the search back from the answer, and ask for what follows."""
    answer = ask(full, sort=JAVA)
    told = answer["searchParameters"]
    dsl = json.loads(told["query"])
    following = full.ask(
        "POST", SEARCH, json={**told, "query": None, "dsl": {**dsl, "from": dsl["from"] + dsl["size"]}}
    )
    assert following["entities"][0]["guid"] == ask(full, sort=JAVA, size=701)["entities"][-1]["guid"]
    assert told["showSearchMetadata"] is True


@pytest.mark.parametrize(("offset", "size"), [(ASSETS - 1, 300), (ASSETS, 300), (99_700, 300), (2_000_000, 10_000)])
def test_a_page_begins_anywhere(full: Catalog, offset: int, size: int) -> None:
    """Past the end, however far, there are no entities and the same count."""
    answer = ask(full, sort=JAVA, size=size, **{"from": offset})
    assert (answer["approximateCount"], len(answer.get("entities", []))) == (ASSETS, max(0, ASSETS - offset))


def test_assets_are_counted_by_their_values(full: Catalog) -> None:
    """Buckets with hits and numbers, as the client reads them; without hits where none are asked for."""
    request = tables().page_size(0).aggregate("rows", Asset.CERTIFICATE_STATUS.bucket_by()).to_request()
    request.dsl.aggregations["most"] = Table.ROW_COUNT.max()
    found = full.client.asset.search(request)
    assert isinstance(found.aggregations, Aggregations)
    buckets, most = found.aggregations["rows"], found.aggregations["most"]
    assert isinstance(buckets, AggregationBucketResult)
    assert isinstance(most, AggregationMetricResult)
    assert [(one.key, one.doc_count) for one in buckets.buckets] == [("VERIFIED", ASSETS // 2)]
    assert (found.count, found.current_page(), most.value) == (ASSETS, [], 2.0)


def test_a_bucket_shows_a_value_of_its_assets(full: Catalog) -> None:
    """What the client calls a source value comes from the first asset of a bucket; it says an order in its own way."""
    counts = {"rows": Table.ROW_COUNT.avg()}
    by_status = Asset.CERTIFICATE_STATUS.bucket_by(include_source_value=True)
    by_name = Asset.NAME.bucket_by(size=2, nested=counts, order=[{"_key": SortOrder.DESCENDING}])
    request = tables().page_size(0).aggregate("status", by_status).aggregate("name", by_name).to_request()
    found = full.client.asset.search(request).aggregations
    assert isinstance(found, Aggregations)
    status, name = found["status"], found["name"]
    assert isinstance(status, AggregationBucketResult)
    assert isinstance(name, AggregationBucketResult)
    assert [one.get_source_value(Asset.CERTIFICATE_STATUS) for one in status.buckets] == ["VERIFIED"]
    assert [(one.key, one.doc_count) for one in name.buckets] == [("table 99", ASSETS // 100), ("table 98", 52)]


WRONG: list[tuple[Any, str]] = [
    ({"query": {"term": {"a": 1, "b": 2}}}, "/dsl/query/term"),
    ({"query": {"nested": {"path": "nowhere", "query": TABLES}}}, "/dsl/query/nested"),
    ({"post_filter": {"nested": {"path": "nowhere", "query": TABLES}}}, "/dsl/post_filter/nested"),
    ({"sort": [{"_script": {}}]}, "/dsl/sort/0/_script"),
    ({"sort": ["name"]}, ""),
    ({"aggs": {"a": {"terms": {"script": "x"}}}}, "/dsl/aggs/a/terms/script"),
    ({"aggs": {"a": {"terms": {"field": "name"}}}}, ""),
    ({"size": 10_001}, "/dsl/size"),
]


@pytest.mark.parametrize(("dsl", "location"), WRONG, ids=str)
def test_what_cannot_be_asked_is_answered_with_its_place(full: Catalog, dsl: Any, location: str) -> None:
    """Status 400, so that clients do not try again; a pointer into the body where there is one."""
    answer = full.ask("POST", SEARCH, json={"dsl": {"query": TABLES, **dsl}}, code=400)
    assert [cause["location"] for cause in answer["causes"]] == [location]


def test_a_query_of_the_client_alone_is_enough(full: Catalog) -> None:
    """A `post_filter` without a query, and a count that asks for one asset."""
    dsl = DSL(post_filter=Term(field="certificateStatus", value="VERIFIED"), size=1)
    found = full.client.asset.search(IndexSearchRequest(dsl=dsl))
    assert found.count == ASSETS // 2
    assert tables().count(full.client) == ASSETS
