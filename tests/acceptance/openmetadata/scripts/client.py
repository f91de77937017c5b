"""What the client itself has for products and domains, below its facades: create that meets what is there, patches, lists, assets, and what it is refused."""

from collections.abc import Callable
from time import time_ns
from uuid import uuid4

from metadata.generated.schema.api.domains.createDataProduct import CreateDataProductRequest
from metadata.generated.schema.api.domains.createDomain import CreateDomainRequest
from metadata.generated.schema.entity.domains.dataProduct import DataProduct
from metadata.generated.schema.entity.domains.domain import Domain, DomainType
from metadata.generated.schema.type.entityReference import EntityReference
from metadata.generated.schema.type.entityReferenceList import EntityReferenceList
from metadata.generated.schema.type.tagLabel import LabelType, State, TagLabel, TagSource
from metadata.ingestion.ometa.client import APIError
from metadata.ingestion.ometa.mixins.patch_mixin_utils import PatchOperation
from metadata.sdk import Users, configure

client = configure().ometa
stamp = str(time_ns())
assert client.health_check() and client.server_version.startswith("2.0.")


def refused(code: int, call: Callable[..., object], *said: object, **more: object) -> str:
    """See that a call fails with an error of the API, and return what it says."""
    try:
        told = call(*said, **more)
    except APIError as failure:
        assert failure.code == failure.status_code == code and str(failure), failure
        return str(failure)
    raise AssertionError(f"{call} did {told}")


# created once, and no second time; created or updated any number of times
marketing = client.create(
    CreateDomainRequest(name=f"Marketing {stamp}", description="d", domainType=DomainType.Aggregate)
)
emea = client.create(
    CreateDomainRequest(
        name="Emea",
        description="d",
        domainType=DomainType.Aggregate,
        parent=marketing.fullyQualifiedName and marketing.fullyQualifiedName.root,
    )
)
refused(
    409, client.create, CreateDomainRequest(name=f"Marketing {stamp}", description="d", domainType=DomainType.Aggregate)
)
request = CreateDataProductRequest(
    name=f"Insights {stamp}",
    description="Curated",
    domains=[f"Marketing {stamp}.Emea"],
    extension={"selection": "type:Table tag:marketing"},
)
product = client.create(request)
name = product.fullyQualifiedName.root
refused(409, client.create, request)
assert client.create_or_update(request).version == product.version
elsewhere = client.create(request.model_copy(update={"domains": [marketing.fullyQualifiedName]}))
assert elsewhere.id != product.id
assert client.get_by_name(DataProduct, f"Marketing {stamp}.Insights {stamp}").id == elsewhere.id
assert client.get_by_name(DataProduct, f"Marketing {stamp}.Emea.Insights {stamp}").id == product.id
refused(409, client.get_by_name, DataProduct, name)
client.delete(DataProduct, elsewhere.id, hard_delete=True)

# read
assert client.get_by_id(DataProduct, product.id).id == client.get_by_name(DataProduct, name).id == product.id
assert client.get_by_name(DataProduct, name, fields=["domains"], include="all").domains.root[0].id == emea.id
assert client.get_by_name(DataProduct, f"no such {stamp}") is None and client.get_by_id(Domain, uuid4()) is None
refused(404, client.get_by_name, DataProduct, f"no such {stamp}", nullable=False)
reference = client.get_entity_reference(DataProduct, name)
assert (reference.id, reference.type, reference.fullyQualifiedName) == (product.id, "dataProduct", name)
page = client.list_entities(DataProduct, fields=["domains"], limit=1, params={"domain": f"Marketing {stamp}"})
assert (page.total, len(page.entities), page.after) == (1, 1, None)
assert client.list_entities(DataProduct, limit=0).entities == []
assert [one.id for one in client.list_all_entities(DataProduct, limit=1, params={"domain": f"Marketing {stamp}"})] == [
    product.id
]
every = {one.fullyQualifiedName.root for one in client.list_all_entities(Domain, limit=1)}
assert {f"Marketing {stamp}", f"Marketing {stamp}.Emea"} <= every

# changed
described = client.patch_description(DataProduct, product, "Described", force=True)
assert described.description.root == "Described" and described.version.root == 0.2
assert client.patch_description(DataProduct, described, "Not without force") is None
labels = [
    TagLabel(tagFQN=tag, source=TagSource.Classification, labelType=LabelType.Manual, state=State.Confirmed)
    for tag in ("marketing", "pii")
]
tagged = client.patch_tags(DataProduct, client.get_by_id(DataProduct, product.id), labels)
assert sorted(one.tagFQN.root for one in tagged.tags) == ["marketing", "pii"]
tagged = client.patch_tags(
    DataProduct, client.get_by_id(DataProduct, product.id), labels[:1], operation=PatchOperation.REMOVE
)
assert [one.tagFQN.root for one in tagged.tags] == ["pii"]
me = Users.retrieve_by_name("admin")
owners = EntityReferenceList(root=[EntityReference(id=me.id, type="user")])
assert client.patch_owner(DataProduct, product, owners).owners.root[0].id == me.id
assert client.patch_owner(DataProduct, product, None) is None
assert not client.patch_owner(DataProduct, product, None, force=True).owners.root
moved = client.patch_domain(
    DataProduct, product, EntityReferenceList(root=[EntityReference(id=marketing.id, type="domain")])
)
assert moved.domains.root[0].id == marketing.id
custom = client.patch_custom_properties(DataProduct, product.id, {"tier": 1, "selection": "type:Table"}, force=True)
assert custom.extension.root == {"tier": 1, "selection": "type:Table"}

# made from an older version: the client says which one it has, and is told
old = client.get_by_id(DataProduct, product.id)
new = client.patch(DataProduct, old, old.model_copy(update={"displayName": "one"}), if_match=f'W/"{old.version.root}"')
assert new.displayName == "one"
refused(
    412,
    client.patch,
    DataProduct,
    old,
    old.model_copy(update={"displayName": "two"}),
    if_match=f'W/"{old.version.root}"',
)
assert client.get_by_id(DataProduct, product.id).displayName == "one"
for skip in (True, False):
    wrong = old.model_copy(update={"displayName": "x" * 2000})
    try:
        assert client.patch(DataProduct, old, wrong, skip_on_failure=skip) is None and skip
    except RuntimeError as failure:
        assert not skip and "displayName" in str(failure)
    else:
        assert skip

# versions
history = client.get_list_entity_versions(product.id, DataProduct)
assert history.entityType == "dataProduct" and len(history.versions) == round(new.version.root * 10)
assert client.list_versions(product.id, DataProduct) == history
assert client.get_entity_version(DataProduct, product.id, 0.1).description.root == "Curated"

# members
page = client.get_data_product_assets(name, limit=2, offset=1)
assert len(page["data"]) == 2 < page["paging"]["total"]
tables = [EntityReference(**one) for one in page["data"]]
assert client.get_data_product_assets(f"no such {stamp}") == client.get_domain_assets(f"no such {stamp}") == {}
assert client.get_domain_assets(f"Marketing {stamp}")["paging"]["total"] == 0
said = client.client.put(
    f"/domains/{emea.id.root}/assets/add",
    json={"assets": [one.model_dump(mode="json", include={"id", "type"}) for one in tables]},
)
assert said["status"] == "success" and said["numberOfRowsPassed"] == 2
for domain in (f"Marketing {stamp}.Emea", f"Marketing {stamp}"):
    found = client.get_domain_assets(domain)
    assert {one["id"] for one in found["data"]} == {str(one.id.root) for one in tables}, found
said = client.client.put(
    f"/domains/{emea.id.root}/assets/remove",
    json={"assets": [one.model_dump(mode="json", include={"id", "type"}) for one in tables]},
)
assert client.get_domain_assets(f"Marketing {stamp}")["paging"]["total"] == 0

# archived and restored, waited for or not; the client gives no more than nothing for what cannot be restored
client.delete(DataProduct, product.id)
assert client.get_by_id(DataProduct, product.id) is None
assert client.get_by_name(DataProduct, name, fields=["tags"], include="deleted").id == product.id
assert client.restore(DataProduct, product.id).id == product.id
client.delete_async(DataProduct, product.id)
assert client.get_by_id(DataProduct, product.id) is None
assert client.restore_async(DataProduct, product.id)["jobId"]
assert client.get_by_id(DataProduct, product.id).id == product.id
assert client.delete_async(Domain, marketing.id, recursive=True, hard_delete=True)["jobId"]
assert client.get_by_id(DataProduct, product.id) is None and client.get_by_id(Domain, emea.id) is None
assert client.restore(DataProduct, product.id) is None

# what the client has for all kinds of things and this service does not: the client makes of it what it makes of any refusal
done = client.bulk_create_or_update([request])
assert done.status.value == "failure" and done.failedRequest
refused(404, client.get_context, DataProduct, name)
print("done")
