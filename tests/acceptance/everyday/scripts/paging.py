"""Thousands of assets: pages to the last one, in any order, in bulk; counted, gathered, and as the assets of a product."""

from time import time

from pyatlan.client.asset import Batch
from pyatlan.client.atlan import AtlanClient
from pyatlan.model.assets import Asset, Database, DataDomain, DataProduct, Schema, Table
from pyatlan.model.enums import CertificateStatus, SortOrder
from pyatlan.model.fluent_search import CompoundQuery, FluentSearch

client = AtlanClient()
stamp = f"{time():.6f}"
TABLES = 5_200
connection = f"default/snowflake/{int(time())}"
schema = f"{connection}/db/{stamp}"
client.asset.save(Database.creator(name="db", connection_qualified_name=connection))
client.asset.save(Schema.creator(name=stamp, database_qualified_name=f"{connection}/db"))

batch = Batch(client=client, max_size=500, track=False)
for number in range(TABLES):
    table = Table.creator(name=f"t{number:05}", schema_qualified_name=schema)
    table.row_count = number
    table.certificate_status = CertificateStatus.VERIFIED if number % 2 else CertificateStatus.DRAFT
    batch.add(table)
batch.flush()
assert batch.num_created == TABLES

here = FluentSearch.select().where(CompoundQuery.asset_type(Table)).where(Table.SCHEMA_QUALIFIED_NAME.eq(schema))
results = here.page_size(500).execute(client)
assert results.count == TABLES
guids = [one.guid for one in results]
assert len(guids) == len(set(guids)) == TABLES

names = [one.name for one in here.sort(Asset.NAME.order(SortOrder.DESCENDING)).page_size(700).execute(client)]
assert names == sorted(names, reverse=True) and len(names) == TABLES
in_bulk = [one.guid for one in here.page_size(400).execute(client, bulk=True)]
assert sorted(in_bulk) == sorted(guids)

gathered = (
    here.page_size(0)
    .aggregate("status", Asset.CERTIFICATE_STATUS.bucket_by())
    .aggregate("most", Table.ROW_COUNT.max())
    .aggregate("all", Table.ROW_COUNT.sum())
    .aggregate("mean", Table.ROW_COUNT.avg())
    .execute(client)
    .aggregations
)
assert {one.key: one.doc_count for one in gathered["status"].buckets} == {"VERIFIED": 2_600, "DRAFT": 2_600}
assert gathered["most"].value == TABLES - 1 and gathered["all"].value == sum(range(TABLES))
assert gathered["mean"].value == (TABLES - 1) / 2

(domain,) = client.asset.save(DataDomain.creator(name=f"Paged {stamp}")).assets_created(DataDomain)
product = DataProduct.creator(
    name=f"Verified {stamp}",
    domain_qualified_name=domain.qualified_name,
    asset_selection=here.where(Asset.CERTIFICATE_STATUS.eq("VERIFIED")).to_request(),
)
(product,) = client.asset.save(product).assets_created(DataProduct)
assets = client.asset.get_by_guid(product.guid, asset_type=DataProduct).get_assets(client)
assert assets.count == 2_600
members = list(assets)
assert len({one.guid for one in members}) == 2_600
assert all(one.certificate_status is CertificateStatus.VERIFIED for one in members)
print("done")
