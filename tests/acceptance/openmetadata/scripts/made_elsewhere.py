"""Domains and products that Atlan's clients made, with names, owners and states that OpenMetadata's would not give: read and changed all the same."""

from metadata.generated.schema.entity.domains.dataProduct import DataProduct
from metadata.generated.schema.entity.domains.domain import Domain
from metadata.generated.schema.type.entityReference import EntityReference
from metadata.sdk import DataProducts, Domains, Users, configure

client = configure().ometa


def made(facade: type[DataProducts | Domains], **filters: str) -> list[DataProduct | Domain]:
    """Return what there is, page by page."""
    return facade.list_all(batch_size=3, fields=["*"], filters=filters)


products = [one for one in made(DataProducts) if one.description.root == "made elsewhere"]
domains = [one for one in made(Domains) if one.description.root == "made elsewhere"]
assert len(products) == len(domains) > 8, (len(products), len(domains))
for one in products:
    assert one.owners.root and one.tags and one.domains.root, one
    assert len({each.name for each in one.owners.root}) == len(one.owners.root) > 3
    assert one.lifecycleStage.value == "DEPRECATED" and one.portfolioPriority.value == "HIGH"
    assert one.extension.root["selection"], one.extension

for facade, some in ((DataProducts, products), (Domains, domains)):
    for one in some:
        read = facade.retrieve(one.id, fields=["*"])
        assert read.name == one.name and read.fullyQualifiedName == one.fullyQualifiedName
        found = facade.retrieve_by_name(one.fullyQualifiedName.root)
        assert found and found.id == one.id, one.fullyQualifiedName
        read.displayName = "read elsewhere"
        updated = facade.update(read)
        assert updated and updated.displayName == "read elsewhere" and updated.name == one.name, one.name
        assert facade.get_versions(one.id) and facade.get_specific_version(one.id, str(one.version.root)).id == one.id

table = EntityReference(**client.get_data_product_assets(products[0].fullyQualifiedName.root, limit=1)["data"][0])
for one in products:
    name = one.fullyQualifiedName.root
    total = client.get_data_product_assets(name)["paging"]["total"]
    assert total > 1, name
    assert client.remove_assets_from_data_product(name, [table])["status"] == "success"
    assert client.get_data_product_assets(name)["paging"]["total"] == total - 1
    assert client.add_input_ports_to_data_product(name, [table])["status"] == "success"
    view = client.client.get(f"/dataProducts/{one.id.root}/portsView")
    assert EntityReference(**view["entity"]).id == one.id
    for each in one.owners.root:
        if each.type == "user":
            assert Users.retrieve(each.id).name.root == each.name[:256]
print("done")
