"""Everything that the client's `Domains` offers, on domains with others below them and products in them; and what fails in it."""

from collections.abc import Callable
from time import time_ns
from uuid import uuid4

from metadata.generated.schema.api.domains.createDataProduct import CreateDataProductRequest
from metadata.generated.schema.api.domains.createDomain import CreateDomainRequest
from metadata.generated.schema.entity.domains.domain import Domain, DomainType
from metadata.generated.schema.type.basic import EntityExtension, Style
from metadata.generated.schema.type.entityReference import EntityReference
from metadata.generated.schema.type.entityReferenceList import EntityReferenceList
from metadata.generated.schema.type.tagLabel import LabelType, State, TagLabel, TagSource
from metadata.ingestion.ometa.client import APIError
from metadata.sdk import DataProducts, Domains, Users, configure

client = configure().ometa
stamp = str(time_ns())
me = Users.retrieve_by_name("admin")
owner = EntityReference(id=me.id, type="user")
pii = TagLabel(tagFQN="pii", source=TagSource.Classification, labelType=LabelType.Manual, state=State.Confirmed)


def refused(code: int, call: Callable[..., object], *said: object, **more: object) -> str:
    """See that a call fails with an error of the API, and return what it says."""
    try:
        told = call(*said, **more)
    except APIError as failure:
        assert failure.code == failure.status_code == code and str(failure), failure
        return str(failure)
    raise AssertionError(f"{call} did {told}")


def fails(kind: type[Exception], call: Callable[[], object]) -> None:
    """See that a call fails in the client, before it sends anything."""
    try:
        call()
    except kind:
        return
    raise AssertionError(f"{call} went through")


# created with all that a request has, and created again, which updates
request = CreateDomainRequest(
    name=f"Marketing {stamp}",
    displayName="Marketing",
    description="*All* of it",
    domainType=DomainType.Source_aligned,
    owners=EntityReferenceList(root=[owner]),
    experts=["admin"],
    tags=[pii],
    style=Style(color="#00ff00"),
    extension={"budget": 12},
)
marketing = Domains.create(request)
assert isinstance(marketing, Domain) and marketing.version.root == 0.1
assert (marketing.name.root, marketing.fullyQualifiedName.root) == (f"Marketing {stamp}",) * 2
assert (marketing.displayName, marketing.description.root) == ("Marketing", "*All* of it")
assert marketing.domainType is DomainType.Source_aligned and marketing.style.color == "#00ff00"
assert marketing.owners.root[0].id == marketing.experts.root[0].id == me.id
assert marketing.tags[0].tagFQN.root == "pii" and marketing.extension.root == {"budget": 12}
again = Domains.create(request)
assert (again.id, again.version) == (marketing.id, marketing.version)
changed = Domains.create(request.model_copy(update={"description": "Some of it"}))
assert (changed.id, changed.version.root, changed.description.root) == (marketing.id, 0.2, "Some of it")


def below(name: str, parent: str) -> Domain:
    """Create a domain below another."""
    return Domains.create(
        CreateDomainRequest(name=name, description="d", domainType=DomainType.Aggregate, parent=parent)
    )


emea = below("Emea", f"Marketing {stamp}")
dotted = below("North.West", f"Marketing {stamp}.Emea")
assert emea.fullyQualifiedName.root == f"Marketing {stamp}.Emea" and emea.parent.id == marketing.id
assert dotted.fullyQualifiedName.root == f'Marketing {stamp}.Emea."North.West"'
other = Domains.create(CreateDomainRequest(name=f"a/b#c? {stamp}", description="d", domainType=DomainType.Aggregate))
refused(404, below, "Nowhere", f"no such {stamp}")
product = DataProducts.create(
    CreateDataProductRequest(
        name=f"Northern {stamp}", description="d", domains=[f'Marketing {stamp}.Emea."North.West"']
    )
)
assert product.domains.root[0].id == dotted.id

# read
for one in (marketing, emea, dotted, other):
    assert Domains.retrieve(one.id).fullyQualifiedName == one.fullyQualifiedName
    assert Domains.retrieve_by_name(one.fullyQualifiedName.root).id == one.id
optional = {"tags", "children", "owners", "experts", "extension", "followers", "votes", "parent", "childrenCount"}
assert not optional & Domains.retrieve(emea.id).model_fields_set
for name in sorted(optional):
    assert optional & Domains.retrieve(emea.id, fields=[name]).model_fields_set == {name}, name
read = Domains.retrieve(emea.id, fields=["*"])
assert (read.childrenCount, [one.id for one in read.children.root]) == (
    1,
    [dotted.id],
) and read.parent.id == marketing.id
assert Domains.retrieve(uuid4()) is None and Domains.retrieve_by_name(f"no such {stamp}") is None
refused(404, Domains.retrieve, uuid4(), nullable=False)
refused(404, Domains.retrieve_by_name, f"no such {stamp}", nullable=False)
refused(400, Domains.retrieve, emea.id, fields=["reviewers"])

# lists
names = [one.fullyQualifiedName.root for one in Domains.list_all(batch_size=2, fields=["owners"])]
assert {one.fullyQualifiedName.root for one in (marketing, emea, dotted, other)} <= set(names)
page = Domains.list(limit=1)
second = Domains.list(limit=1, after=page.after)
assert len(page.entities) == len(second.entities) == 1 and page.entities[0].id != second.entities[0].id
assert Domains.list(limit=1, before=second.before).entities[0].id == page.entities[0].id

# update
read = Domains.retrieve(emea.id, fields=["owners", "tags", "extension"])
read.description.root, read.displayName = "Europe", "EMEA"
read.owners = EntityReferenceList(root=[owner])
read.extension = EntityExtension(root={"region": "north"})
updated = Domains.update(read)
assert (updated.description.root, updated.displayName, updated.version.root) == ("Europe", "EMEA", 0.2)
assert updated.owners.root[0].id == me.id and updated.extension.root == {"region": "north"}
assert updated.parent.id == marketing.id and updated.domainType is DomainType.Aggregate
assert Domains.update(Domains.retrieve(emea.id)) is None
read = Domains.retrieve(emea.id)
read.name.root = "Europe"
assert Domains.update(read).fullyQualifiedName.root == f"Marketing {stamp}.Europe"
assert Domains.retrieve(dotted.id).fullyQualifiedName.root == f'Marketing {stamp}.Europe."North.West"'
assert Domains.retrieve_by_name(f"Marketing {stamp}.Emea") is None
props = Domains.update_custom_properties(emea.id).with_property("head", "ada").execute()
assert props.extension.root == {"region": "north", "head": "ada"}
props = Domains.update_custom_properties_by_name(f"Marketing {stamp}.Europe").clear_property("region").execute()
assert props.extension.root == {"head": "ada"}
Domains.update_custom_properties(emea.id).clear_all().execute()
assert not Domains.retrieve(emea.id, fields=["extension"]).extension.root

# versions and followers
versions = [Domain.model_validate_json(one) for one in Domains.get_versions(emea.id)]
assert versions[-1].name.root == "Emea" and versions[-1].version.root == 0.1 and versions[0].name.root == "Europe"
assert Domains.get_specific_version(emea.id, "0.1") == versions[-1]
assert Domains.get_specific_version(emea.id, "9.9") is None
refused(404, Domains.get_versions, uuid4())
assert [one.id for one in Domains.add_followers(emea.id, [me.id]).followers.root] == [me.id]
assert Domains.remove_followers(emea.id, [me.id]).followers.root == []
refused(404, Domains.add_followers, emea.id, [uuid4()])

# one that has something in it does not go alone; what goes with it comes back with it
refused(409, Domains.delete, marketing.id)
Domains.delete(marketing.id, recursive=True)
for one in (marketing, emea, dotted):
    assert Domains.retrieve(one.id) is None
assert DataProducts.retrieve(product.id) is None
assert Domains.restore(marketing.id).id == marketing.id
for one in (marketing, emea, dotted):
    assert Domains.retrieve(one.id).id == one.id
assert DataProducts.retrieve(product.id, fields=["domains"]).domains.root[0].id == dotted.id
Domains.delete(other.id)
assert Domains.restore_async(other.id).job_id and Domains.retrieve(other.id).id == other.id
Domains.delete(other.id)
assert Domains.restore_request(other.id).execute().id == other.id
Domains.delete(other.id, hard_delete=True)
refused(404, Domains.restore, other.id)
refused(404, Domains.delete, other.id)
Domains.delete(marketing.id, recursive=True, hard_delete=True)
for one in (marketing, emea, dotted):
    assert Domains.retrieve(one.id) is None
assert DataProducts.retrieve(product.id) is None
refused(404, DataProducts.restore, product.id)

# what the client offers for all kinds of things, and does not know for domains: it fails before it sends anything
fails(KeyError, lambda: Domains.search("Marketing"))
fails(ValueError, lambda: Domains.export_csv(f"Marketing {stamp}").execute())
fails(ValueError, lambda: Domains.import_csv(f"Marketing {stamp}").with_data("a").execute())
print("done")
