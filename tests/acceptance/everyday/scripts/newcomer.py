"""After a dbt project was imported: a product of its marketing tables, defined, read, changed and archived by pyatlan alone."""

from time import time

from pyatlan.client.atlan import AtlanClient
from pyatlan.errors import NotFoundError
from pyatlan.model.assets import Asset, Column, DataDomain, DataProduct, Table
from pyatlan.model.enums import CertificateStatus, DataProductStatus
from pyatlan.model.fluent_search import CompoundQuery, FluentSearch

client = AtlanClient()
stamp = f"{time():.6f}"
assert client.user.get_current().username

# what is here?
kinds = FluentSearch.select().aggregate("kinds", Asset.TYPE_NAME.bucket_by()).page_size(0).execute(client)
counts = {one.key: one.doc_count for one in kinds.aggregations["kinds"].buckets}
assert counts["Table"] and counts["Column"] and counts["DbtModel"], counts
some = FluentSearch.select().where(CompoundQuery.asset_type(Table)).include_on_results(Asset.DESCRIPTION)
tables = list(some.execute(client))
assert len(tables) == counts["Table"] and all(one.name for one in tables)

# tags of dbt are tags here, by name and by id
tagged = some.where(Asset.ATLAN_TAGS.eq("marketing"))
marketing = {one.guid for one in tagged.execute(client)}
assert marketing
by_id = some.where(CompoundQuery.tagged(client=client, with_one_of=["marketing"], directly=True))
assert {one.guid for one in by_id.execute(client)} == marketing
names = {str(tag.type_name) for one in tagged.execute(client) for tag in one.atlan_tags or []}
assert "marketing" in names, names

# a table with its columns, from both sides
table = client.asset.get_by_guid(min(marketing), asset_type=Table, ignore_relationships=False)
assert table.columns
column = client.asset.get_by_guid(table.columns[0].guid, asset_type=Column, ignore_relationships=False)
assert column.table.guid == table.guid

# a product of them
(domain,) = client.asset.save(DataDomain.creator(name=f"Marketing {stamp}")).assets_created(DataDomain)
product = DataProduct.creator(
    client=client,
    name=f"Marketing tables {stamp}",
    domain_qualified_name=domain.qualified_name,
    asset_selection=tagged.to_request(),
)
(product,) = client.asset.save(product).assets_created(DataProduct)
assert product.owner_users == {client.user.get_current().username}
found = client.asset.find_product_by_name(f"Marketing tables {stamp}", attributes=["daapStatus"])
assert found.guid == product.guid and found.daap_status is DataProductStatus.ACTIVE
read = client.asset.get_by_guid(product.guid, asset_type=DataProduct, ignore_relationships=False)
assert read.data_domain.guid == domain.guid
assert {one.guid for one in read.get_assets(client)} == marketing

# it follows what changes
certified = {one.guid for one in tagged.where(Asset.CERTIFICATE_STATUS.eq("VERIFIED")).execute(client)}
change = Table.updater(qualified_name=table.qualified_name, name=table.name)
change.certificate_status = CertificateStatus.VERIFIED
client.asset.save(change)
verified = tagged.where(Asset.CERTIFICATE_STATUS.eq("VERIFIED")).to_request()
edited = DataProduct.updater(
    qualified_name=product.qualified_name, name=f"Marketing tables {stamp}", asset_selection=verified
)
(edited,) = client.asset.save(edited).assets_updated(DataProduct)
read = client.asset.get_by_guid(product.guid, asset_type=DataProduct)
assert {one.guid for one in read.get_assets(client)} == certified | {table.guid}
ports = DataProduct.updater(qualified_name=product.qualified_name, name=f"Marketing tables {stamp}")
ports.output_ports = [Table.ref_by_guid(table.guid)]
client.asset.save(ports)
read = client.asset.get_by_guid(product.guid, asset_type=DataProduct, ignore_relationships=False)
assert [one.guid for one in read.output_ports] == [table.guid]
seen = client.asset.get_by_guid(table.guid, asset_type=Table, ignore_relationships=False)
assert product.guid in [one.guid for one in seen.output_port_data_products]

# and goes
client.asset.delete_by_guid(product.guid)
try:
    client.asset.find_product_by_name(f"Marketing tables {stamp}")
except NotFoundError:
    pass
else:
    raise AssertionError("archived, and still found")
assert client.asset.restore(asset_type=DataProduct, qualified_name=product.qualified_name)
assert client.asset.find_product_by_name(f"Marketing tables {stamp}").guid == product.guid
client.asset.purge_by_guid(product.guid)
client.asset.purge_by_guid(domain.guid)
print("done")
