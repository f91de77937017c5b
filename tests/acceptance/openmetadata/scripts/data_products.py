"""Everything that the client's `DataProducts` offers: made, read, listed, changed, followed, archived, restored, deleted; and what fails in it."""

from collections.abc import Callable, Iterable
from time import time_ns
from uuid import uuid4

from metadata.generated.schema.api.domains.createDataProduct import CreateDataProductRequest
from metadata.generated.schema.api.domains.createDomain import CreateDomainRequest
from metadata.generated.schema.entity.domains.dataProduct import DataProduct
from metadata.generated.schema.entity.domains.domain import DomainType
from metadata.generated.schema.type.basic import EntityExtension, Style
from metadata.generated.schema.type.entityReference import EntityReference
from metadata.generated.schema.type.entityReferenceList import EntityReferenceList
from metadata.generated.schema.type.tagLabel import LabelType, State, TagLabel, TagSource
from metadata.ingestion.ometa.client import APIError
from metadata.sdk import DataProducts, Domains, Users, configure, to_entity_reference

client = configure().ometa
stamp = str(time_ns())


def refused(code: int, call: Callable[..., object], *said: object, **more: object) -> str:
    """See that a call fails with an error of the API, and return what it says."""
    try:
        told = call(*said, **more)
    except APIError as failure:
        assert failure.code == failure.status_code == code and str(failure), failure
        return str(failure)
    raise AssertionError(f"{call} did {told}")


def ids(entities: Iterable[DataProduct]) -> set[str]:
    """Return the ids of some entities."""
    return {str(one.id.root) for one in entities}


def tag(name: str) -> TagLabel:
    """Return a tag on something."""
    return TagLabel(tagFQN=name, source=TagSource.Classification, labelType=LabelType.Manual, state=State.Confirmed)


for name in ("Sales", "Marketing"):
    Domains.create(CreateDomainRequest(name=f"{name} {stamp}", description="d", domainType=DomainType.Aggregate))
me = Users.retrieve_by_name("admin")
assert Users.retrieve(me.id).name == me.name
owner = EntityReference(id=me.id, type="user")

# created with all that a request has, and created again, which updates
request = CreateDataProductRequest(
    name=f"Insights {stamp}",
    displayName="CI",
    description="Curated *customers*",
    domains=[f"Marketing {stamp}"],
    owners=EntityReferenceList(root=[owner]),
    experts=["admin"],
    reviewers=EntityReferenceList(root=[owner]),
    tags=[tag("marketing")],
    style=Style(color="#ff0000"),
    dataProductType="ANALYTIC_VIEW",
    visibility="ORGANISATION",
    portfolioPriority="HIGH",
    extension={"selection": "type:Table tag:marketing", "tier": 1},
)
made = DataProducts.create(request)
assert isinstance(made, DataProduct) and made.version.root == 0.1 and made.changeDescription is None
assert made.name.root == f"Insights {stamp}" and made.fullyQualifiedName.root == f"Insights {stamp}"
assert made.displayName == "CI" and made.description.root == "Curated *customers*" and made.updatedBy == "admin"
assert [one.name for one in made.domains.root] == [f"Marketing {stamp}"]
assert [one.id for one in made.owners.root] == [one.id for one in made.experts.root] == [me.id]
assert [one.id for one in made.reviewers.root] == [me.id] and [one.tagFQN.root for one in made.tags] == ["marketing"]
assert made.style.color == "#ff0000" and made.dataProductType.value == "ANALYTIC_VIEW"
assert made.visibility.value == "ORGANISATION" and made.portfolioPriority.value == "HIGH"
assert made.lifecycleStage.value == "DEVELOPMENT" and made.entityStatus.value == "Unprocessed"
assert made.extension.root == {"selection": "type:Table tag:marketing", "tier": 1}
selected = client.get_data_product_assets(made.fullyQualifiedName.root, limit=1000)["paging"]["total"]
assert selected > 0
again = DataProducts.create(request)
assert again.id == made.id and again.version == made.version
again = DataProducts.create(
    CreateDataProductRequest(name=f"Insights {stamp}", description="Changed", domains=[f"Marketing {stamp}"])
)
assert again.id == made.id and again.version.root == 0.2 and again.description.root == "Changed"
assert [(one.name.root, one.oldValue, one.newValue) for one in again.changeDescription.fieldsUpdated] == [
    ("description", "Curated *customers*", "Changed")
]
assert again.changeDescription.previousVersion.root == 0.1
assert again.extension == made.extension and again.owners.root[0].id == me.id

# names: the client writes some signs otherwise, and reads them back
strange = DataProducts.create(
    CreateDataProductRequest(name=f'a::b>"c" {stamp}', description="d", domains=[f"Sales {stamp}"])
)
assert strange.name.root == f'a::b>"c" {stamp}', strange.name
assert DataProducts.retrieve_by_name(strange.fullyQualifiedName.root).id == strange.id
for name in (f"größe 注文日 {stamp}", f"cust.v1 {stamp}", f"a/b?c#d%e&f+g {stamp}"):
    one = DataProducts.create(CreateDataProductRequest(name=name, description="d", domains=[f"Sales {stamp}"]))
    assert one.name.root == name
    assert DataProducts.retrieve_by_name(one.fullyQualifiedName.root).id == one.id
    assert DataProducts.retrieve(one.id).fullyQualifiedName == one.fullyQualifiedName

# read: what is optional comes when it is asked for
bare = DataProducts.retrieve(made.id)
optional = {"domains", "owners", "reviewers", "experts", "extension", "tags", "followers", "votes"}
assert not optional & bare.model_fields_set, bare
for name in sorted(optional):
    told = DataProducts.retrieve(made.id, fields=[name])
    assert optional & told.model_fields_set == {name}, (name, told)
assert DataProducts.retrieve(made.id, fields=["*"]).tags[0].tagFQN.root == "marketing"
assert DataProducts.retrieve_by_name(f"Insights {stamp}", fields=["owners"]).owners.root[0].name == "admin"
assert DataProducts.retrieve_by_name(f"Marketing {stamp}.Insights {stamp}").id == made.id
assert DataProducts.retrieve(uuid4()) is None and DataProducts.retrieve_by_name(f"no such {stamp}") is None
refused(404, DataProducts.retrieve, uuid4(), nullable=False)
refused(404, DataProducts.retrieve_by_name, f"no such {stamp}", nullable=False)
refused(400, DataProducts.retrieve, made.id, fields=["nonsense"])

# lists, a page at a time
sales = {"domain": f"Sales {stamp}"}
page = DataProducts.list(limit=2, fields=["domains"], filters=sales)
assert len(page.entities) == 2 and page.after and not page.before
assert all(one.domains.root[0].name == f"Sales {stamp}" for one in page.entities)
second = DataProducts.list(limit=2, after=page.after, filters=sales)
assert len(second.entities) == 2 and second.before and not second.after
back = DataProducts.list(limit=2, before=second.before, filters=sales)
assert [one.id for one in back.entities] == [one.id for one in page.entities]
every = DataProducts.list_all(batch_size=1, filters=sales)
assert [one.id for one in every] == [one.id for one in (*page.entities, *second.entities)]
assert [one.name.root for one in every] == sorted(one.name.root for one in every)
assert {str(made.id.root), str(strange.id.root)} <= ids(DataProducts.list_all(batch_size=2))
refused(404, DataProducts.list, filters={"domain": f"no such {stamp}"})
refused(400, DataProducts.list, after="nonsense")

# update sends what differs; nothing sends nothing
read = DataProducts.retrieve(made.id, fields=["owners", "tags", "domains"])
read.displayName = "Insights"
read.description.root = "Described"
updated = DataProducts.update(read)
assert (updated.displayName, updated.description.root, updated.version.root) == ("Insights", "Described", 0.3)
assert updated.owners.root[0].id == me.id and updated.tags and updated.extension == made.extension
assert {one.name.root for one in updated.changeDescription.fieldsUpdated} == {"displayName", "description"}
assert DataProducts.update(DataProducts.retrieve(made.id)) is None
assert DataProducts.retrieve(made.id).version.root == 0.3
read = DataProducts.retrieve(made.id)
read.displayName = None
assert DataProducts.update(read).displayName is None
read = DataProducts.retrieve(made.id, fields=["tags", "owners", "extension"])
read.tags = [*read.tags, tag("pii")]
read.lifecycleStage = "PRODUCTION"
read.extension = EntityExtension(root={**read.extension.root, "selection": "type:Table", "tier": 2})
updated = DataProducts.update(read)
assert sorted(one.tagFQN.root for one in updated.tags) == ["marketing", "pii"], updated.tags
assert updated.lifecycleStage.value == "PRODUCTION" and updated.extension.root == {"selection": "type:Table", "tier": 2}
assert client.get_data_product_assets(made.fullyQualifiedName.root)["paging"]["total"] > selected
stale = DataProducts.retrieve(made.id)
DataProducts.update(stale.model_copy(update={"displayName": "first"}))
last = DataProducts.update(stale.model_copy(update={"displayName": "last"}))
assert last.displayName == "last"
renamed = DataProducts.retrieve(made.id)
renamed.name.root = f"Renamed {stamp}"
renamed = DataProducts.update(renamed)
assert renamed.fullyQualifiedName.root == f"Renamed {stamp}" and renamed.id == made.id
assert DataProducts.retrieve_by_name(f"Insights {stamp}") is None
moved = DataProducts.retrieve(made.id, fields=["domains"])
moved.domains = EntityReferenceList(
    root=[EntityReference(**to_entity_reference(Domains.retrieve_by_name(f"Sales {stamp}")))]
)
moved = DataProducts.update(moved)
assert [one.name for one in moved.domains.root] == [f"Sales {stamp}"]

# what cannot be is said to nobody: the client logs it, and returns nothing
wrong = DataProducts.retrieve(made.id, fields=["extension"])
wrong.extension = EntityExtension(root={"selection": "certificateState:VERIFIED"})
assert DataProducts.update(wrong) is None
assert DataProducts.retrieve(made.id, fields=["extension"]).extension.root["selection"] == "type:Table"

# custom properties
props = DataProducts.update_custom_properties(made.id).with_property("quality", {"grade": "A", "checks": [1, 2]})
assert props.execute().extension.root["quality"] == {"grade": "A", "checks": [1, 2]}
props = DataProducts.update_custom_properties_by_name(f"Renamed {stamp}").with_properties({"tier": 3, "team": "growth"})
assert props.execute().extension.root == {
    "selection": "type:Table",
    "tier": 3,
    "team": "growth",
    "quality": {"grade": "A", "checks": [1, 2]},
}
cleared = DataProducts.update_custom_properties(made.id).clear_property("quality").execute()
assert "quality" not in cleared.extension.root, cleared.extension
for text in ("type:Table tag:marketing", {"term": {"__typeName.keyword": "Table"}}):
    edited = DataProducts.update_custom_properties(made.id).with_property("selection", text).execute()
    assert edited.extension.root["selection"] == text
    assert client.get_data_product_assets(f"Renamed {stamp}")["paging"]["total"] > 0
DataProducts.update_custom_properties(made.id).clear_all().execute()
assert set(DataProducts.retrieve(made.id, fields=["extension"]).extension.root) <= {"selection"}

# versions
versions = DataProducts.get_versions(made.id)
read = [DataProduct.model_validate_json(one) for one in versions]
numbers = [one.version.root for one in read]
assert numbers == sorted(numbers, reverse=True) and numbers[-1] == 0.1 and len(numbers) == round(numbers[0] * 10)
assert numbers[0] == DataProducts.retrieve(made.id).version.root
first = DataProducts.get_specific_version(made.id, "0.1")
assert first.description.root == "Curated *customers*" and first.displayName == "CI" and first == read[-1]
assert first.extension.root == {"selection": "type:Table tag:marketing", "tier": 1}
assert DataProducts.get_specific_version(made.id, "0.2") == read[-2]
assert DataProducts.get_specific_version(made.id, "77.7") is None
refused(404, DataProducts.get_versions, uuid4())

# followers
followed = DataProducts.add_followers(made.id, [me.id])
assert [one.id for one in followed.followers.root] == [me.id] and followed.version.root == numbers[0]
assert [one.id for one in DataProducts.add_followers(made.id, [me.id]).followers.root] == [me.id]
assert [one.id for one in DataProducts.add_followers(made.id, []).followers.root] == [me.id]
assert DataProducts.remove_followers(made.id, [me.id]).followers.root == []
assert DataProducts.remove_followers(made.id, []).followers.root == []
refused(404, DataProducts.add_followers, made.id, [uuid4()])

# archived, restored in each way, and deleted for good
kept = DataProducts.retrieve(made.id, fields=["*"])
for restore in (
    lambda: DataProducts.restore(made.id),
    lambda: DataProducts.restore_request(made.id).execute(),
    lambda: client.restore(DataProduct, made.id),
):
    DataProducts.delete(made.id)
    assert DataProducts.retrieve(made.id) is None and DataProducts.retrieve_by_name(f"Renamed {stamp}") is None
    assert str(made.id.root) not in ids(DataProducts.list_all())
    assert str(made.id.root) in ids(DataProducts.list_all(filters={"include": "deleted"}))
    back = restore()
    assert back.id == made.id and back.description == kept.description, back
    assert DataProducts.retrieve(made.id, fields=["extension"]).extension == kept.extension
for restore in (
    lambda: DataProducts.restore_async(made.id),
    lambda: DataProducts.restore_request(made.id).with_async().execute(),
):
    DataProducts.delete(made.id, recursive=True)
    assert restore().job_id
    assert DataProducts.retrieve(made.id).id == made.id
DataProducts.delete(made.id, hard_delete=True)
assert DataProducts.retrieve(made.id) is None
refused(404, DataProducts.restore, made.id)
refused(404, DataProducts.delete, made.id)
refused(404, DataProducts.delete, uuid4(), recursive=True, hard_delete=True)


def fails(kind: type[Exception], call: Callable[[], object]) -> None:
    """See that a call fails in the client, before it sends anything."""
    try:
        call()
    except kind:
        return
    raise AssertionError(f"{call} went through")


# what the client offers for all kinds of things, and does not know for products: it fails before it sends anything
fails(KeyError, lambda: DataProducts.search("Insights"))
fails(ValueError, lambda: DataProducts.export_csv(f"Insights {stamp}").execute())
fails(ValueError, lambda: DataProducts.export_csv(f"Insights {stamp}").with_async().execute_async())
fails(ValueError, lambda: DataProducts.import_csv(f"Insights {stamp}").with_data("a").set_dry_run(True).execute())
fails(ValueError, lambda: DataProducts.import_csv(f"Insights {stamp}").with_data("a").with_async().execute_async())

for name in ("Sales", "Marketing"):
    Domains.delete(Domains.retrieve_by_name(f"{name} {stamp}").id, recursive=True, hard_delete=True)
print("done")
