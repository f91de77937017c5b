"""After a dbt project was imported: domains, and products whose members follow a query, by OpenMetadata's client alone."""

from time import time_ns

from metadata.generated.schema.api.domains.createDataProduct import CreateDataProductRequest
from metadata.generated.schema.api.domains.createDomain import CreateDomainRequest
from metadata.generated.schema.entity.domains.dataProduct import DataProduct
from metadata.generated.schema.entity.domains.domain import DomainType
from metadata.generated.schema.type.entityReference import EntityReference
from metadata.sdk import DataProducts, Domains, configure

client = configure().ometa
stamp = str(time_ns())

# two domains, one in the other
marketing = Domains.create(
    CreateDomainRequest(name=f"Marketing {stamp}", description="*Everything*", domainType=DomainType.Consumer_aligned)
)
emea = Domains.create(
    CreateDomainRequest(
        name="Emea",
        description="Europe and more",
        domainType=DomainType.Aggregate,
        parent=marketing.fullyQualifiedName.root,
    )
)
assert emea.fullyQualifiedName.root == f"Marketing {stamp}.Emea"
assert Domains.retrieve_by_name(f"Marketing {stamp}.Emea", fields=["parent"]).parent.id == marketing.id


def members(product: DataProduct) -> dict[str, EntityReference]:
    """Return the members of a product by id, page by page."""
    name, found = product.fullyQualifiedName.root, {}
    while True:
        page = client.get_data_product_assets(name, limit=3, offset=len(found))
        found |= {one["id"]: EntityReference(**one) for one in page["data"]}
        if not page["data"]:
            assert page["paging"]["total"] == len(found)
            return found


# a product whose members are whatever a query finds
relations = DataProducts.create(
    CreateDataProductRequest(
        name=f"Marketing relations {stamp}",
        displayName="Marketing relations",
        description="What marketing may use",
        domains=[f"Marketing {stamp}.Emea"],
        extension={"selection": "type:Table,View state:ACTIVE tag:marketing -tag:pii", "team": "growth"},
    )
)
assert relations.version.root == 0.1 and relations.extension.root["team"] == "growth"
selected = members(relations)
assert len(selected) == 8, len(selected)
assert {one.type for one in selected.values()} == {"table"}, {one.type for one in selected.values()}
names = {one.name for one in selected.values()}
assert len(names) == 8 and "dim_customers" not in names, names

# a hand may add and remove, and the query goes on
everything = DataProducts.create(
    CreateDataProductRequest(
        name=f"All {stamp}", description="d", domains=[f"Marketing {stamp}"], extension={"selection": "type:Table,View"}
    )
)
customers = next(one for one in members(everything).values() if one.name == "dim_customers")
first = min(selected.values(), key=lambda one: one.name)
said = DataProducts.add_assets(str(relations.id.root), [customers])
assert said["status"] == "success", said
said = DataProducts.remove_assets(relations.fullyQualifiedName.root, [first])
assert said["status"] == "success", said
assert set(members(relations)) == set(selected) - {str(first.id.root)} | {str(customers.id.root)}
said = DataProducts.add_output_ports(str(relations.id.root), [customers])
assert said["status"] == "success", said

# another query, by a custom property; what was done by hand stays
edited = (
    DataProducts.update_custom_properties(relations.id)
    .with_property("selection", "type:Table,View tag:marketing tag:pii")
    .execute()
)
assert edited.extension.root == {"selection": "type:Table,View tag:marketing tag:pii", "team": "growth"}
sensitive = members(relations)
assert sensitive and not set(sensitive) & set(selected), len(sensitive)
assert str(customers.id.root) in sensitive

# read again, changed, and read as it was
read = DataProducts.retrieve_by_name(relations.fullyQualifiedName.root, fields=["domains", "extension", "owners"])
assert [one.fullyQualifiedName for one in read.domains.root] == [f"Marketing {stamp}.Emea"]
read.description.root = "What marketing may look at"
changed = DataProducts.update(read)
assert changed.description.root == "What marketing may look at" and changed.version.root > edited.version.root
assert DataProducts.get_specific_version(relations.id, "0.1").description.root == "What marketing may use"
found = DataProducts.list_all(batch_size=1, filters={"domain": f"Marketing {stamp}.Emea"})
assert [one.id for one in found] == [relations.id]

# and goes
DataProducts.delete(relations.id, hard_delete=True)
assert DataProducts.retrieve(relations.id) is None
Domains.delete(marketing.id, recursive=True, hard_delete=True)
assert Domains.retrieve_by_name(f"Marketing {stamp}.Emea") is None and DataProducts.retrieve(everything.id) is None
print("done")
