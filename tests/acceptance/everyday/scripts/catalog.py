"""A connection, its databases, schemas, tables and columns: made, found, read from both sides, changed, taken away."""

from time import time

from pyatlan.client.asset import Batch
from pyatlan.client.atlan import AtlanClient
from pyatlan.errors import NotFoundError
from pyatlan.model.assets import Asset, Column, Connection, Database, Schema, Table, View
from pyatlan.model.core import Announcement
from pyatlan.model.enums import AnnouncementType, AtlanConnectorType, CertificateStatus
from pyatlan.model.fluent_search import CompoundQuery, FluentSearch

client = AtlanClient()
stamp = f"{time():.6f}"

# a connection, and all below it
admins = client.role_cache.get_id_for_name("$admin")
assert admins
connection = Connection.creator(
    client=client, name=f"warehouse {stamp}", connector_type=AtlanConnectorType.SNOWFLAKE, admin_roles=[admins]
)
made = client.asset.save(connection)
(connection,) = made.assets_created(Connection)
assert connection.qualified_name and connection.admin_roles == {admins}
assert client.asset.find_connections_by_name(connection.name, AtlanConnectorType.SNOWFLAKE)[0].guid == connection.guid

database = Database.creator(name="db", connection_qualified_name=connection.qualified_name)
schema = Schema.creator(name="sales", database_qualified_name=f"{connection.qualified_name}/db")
for asset in (database, schema):
    (saved,) = client.asset.save(asset).assets_created(type(asset))
    assert saved.name == asset.name and saved.qualified_name == asset.qualified_name

tables = [Table.creator(name=f"orders_{number}", schema_qualified_name=schema.qualified_name) for number in range(3)]
columns = [
    Column.creator(name=name, parent_qualified_name=tables[0].qualified_name, parent_type=Table, order=order)
    for order, name in enumerate(("id", "amount", "größe", "注文日"), 1)
]
view = View.creator(name="recent", schema_qualified_name=schema.qualified_name)
made = client.asset.save([*tables, view])
assert len(made.assets_created(Table)) == 3 and len(made.assets_created(View)) == 1
assert made.guid_assignments and len(made.guid_assignments) == 4
assert len(client.asset.save(columns).assets_created(Column)) == 4

# both sides of every relationship
read = client.asset.get_by_qualified_name(
    qualified_name=tables[0].qualified_name, asset_type=Table, ignore_relationships=False
)
assert {one.guid for one in read.columns} == {
    client.asset.get_by_qualified_name(qualified_name=one.qualified_name, asset_type=Column).guid for one in columns
}
assert read.atlan_schema and read.atlan_schema.guid
column = client.asset.get_by_qualified_name(
    qualified_name=columns[2].qualified_name, asset_type=Column, ignore_relationships=False
)
assert column.name == "größe" and column.table.guid == read.guid and column.order == 3
whole = client.asset.get_by_guid(
    column.guid, asset_type=Column, attributes=["name", "table"], related_attributes=["name"]
)
assert whole.table.name == "orders_0"

# changes, and changes that are none
change = Table.updater(qualified_name=tables[0].qualified_name, name="orders_0")
assert client.asset.save(change).assets_updated(Table) == []
change.user_description = "All orders"
change.owner_users = {"ada", "grace"}
(changed,) = client.asset.save(change).assets_updated(Table)
assert changed.user_description == "All orders" and changed.owner_users == {"ada", "grace"}
assert client.asset.save(change).assets_updated(Table) == []

certified = client.asset.update_certificate(
    asset_type=Table,
    qualified_name=tables[0].qualified_name,
    name="orders_0",
    certificate_status=CertificateStatus.VERIFIED,
    message="checked",
)
assert certified.certificate_status is CertificateStatus.VERIFIED
announced = client.asset.update_announcement(
    asset_type=Table,
    qualified_name=tables[0].qualified_name,
    name="orders_0",
    announcement=Announcement(
        announcement_type=AnnouncementType.WARNING, announcement_title="moving", announcement_message="on Monday"
    ),
)
assert announced.announcement_type == AnnouncementType.WARNING.value
plain = client.asset.remove_certificate(asset_type=Table, qualified_name=tables[0].qualified_name, name="orders_0")
assert plain.certificate_status is None
client.asset.remove_announcement(asset_type=Table, qualified_name=tables[0].qualified_name, name="orders_0")
again = client.asset.get_by_guid(read.guid, asset_type=Table)
assert again.certificate_status is None and again.announcement_title is None and again.user_description == "All orders"

# what is found
here = FluentSearch.select().where(Asset.QUALIFIED_NAME.startswith(connection.qualified_name))
assert here.count(client) == 11
assert here.where(CompoundQuery.asset_type(Column)).count(client) == 4
unicode = (
    FluentSearch.select()
    .where(Column.NAME.eq("注文日"))
    .where(Asset.CONNECTION_QUALIFIED_NAME.eq(connection.qualified_name))
)
(found,) = list(unicode.include_on_results(Column.TABLE).include_on_relations(Table.NAME).execute(client))
assert found.table.name == "orders_0"

# many in batches, of which some are there already
batch = Batch(client=client, max_size=20, track=True)
for number in range(50):
    batch.add(Table.creator(name=f"orders_{number}", schema_qualified_name=schema.qualified_name))
batch.flush()
assert batch.num_created == 47 and not batch.failures
assert (
    FluentSearch.select()
    .where(CompoundQuery.asset_type(Table))
    .where(Table.SCHEMA_QUALIFIED_NAME.eq(schema.qualified_name))
    .count(client)
    == 50
)

# taken away: archived and restored, purged for good
gone = client.asset.delete_by_guid(read.guid).assets_deleted(Table)
assert [one.guid for one in gone] == [read.guid]
assert client.asset.get_by_guid(read.guid, asset_type=Table).status.value == "DELETED"
assert here.where(Asset.NAME.eq("orders_0")).count(client) == 0
assert client.asset.restore(asset_type=Table, qualified_name=tables[0].qualified_name)
assert here.where(Asset.NAME.eq("orders_0")).count(client) == 1
client.asset.purge_by_guid([read.guid, column.guid])
for guid in (read.guid, column.guid):
    try:
        client.asset.get_by_guid(guid)
    except NotFoundError:
        continue
    raise AssertionError(f"{guid} is still there")
assert client.asset.purge_by_guid(read.guid).assets_deleted(Table) == []
print("done")
