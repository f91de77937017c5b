"""Tags, custom metadata and enums: defined, put on assets, searched for, changed and taken away."""

from time import time

from pyatlan.client.atlan import AtlanClient
from pyatlan.errors import ConflictError, NotFoundError
from pyatlan.model.assets import Asset, DataDomain
from pyatlan.model.custom_metadata import CustomMetadataDict
from pyatlan.model.enums import AtlanCustomAttributePrimitiveType, AtlanTagColor, AtlanTypeCategory
from pyatlan.model.fields.atlan_fields import CustomMetadataField
from pyatlan.model.fluent_search import CompoundQuery, FluentSearch
from pyatlan.model.typedef import AtlanTagDef, AttributeDef, CustomMetadataDef, EnumDef

client = AtlanClient()
stamp = f"{time():.6f}"
pii, gold = f"PII {stamp}", f"Gold ✨ {stamp}"

# tags
for name in (pii, gold):
    (made,) = client.typedef.create(AtlanTagDef.create(name=name, color=AtlanTagColor.RED)).atlan_tag_defs
    assert made.display_name == name and made.name != name and made.guid
try:
    client.typedef.create(AtlanTagDef.create(name=pii))
except ConflictError:
    pass
else:
    raise AssertionError("two tags of one name")

domains = [DataDomain.creator(name=f"Governed {number} {stamp}") for number in range(3)]
first, second, third = client.asset.save(domains).assets_created(DataDomain)


def tags(guid: str) -> set[str]:
    """Return the names of the tags of a domain."""
    read = client.asset.get_by_guid(guid, asset_type=DataDomain)
    return {str(one.type_name) for one in read.atlan_tags or []}


client.asset.add_atlan_tags(
    asset_type=DataDomain, qualified_name=first.qualified_name, atlan_tag_names=[pii, gold], propagate=False
)
client.asset.add_atlan_tags(asset_type=DataDomain, qualified_name=second.qualified_name, atlan_tag_names=[pii])
assert tags(first.guid) == {pii, gold} and tags(second.guid) == {pii} and tags(third.guid) == set()
mine = FluentSearch.select().where(Asset.NAME.match(f"{stamp}")).where(CompoundQuery.asset_type(DataDomain))
by_id = mine.where(CompoundQuery.tagged(client=client, with_one_of=[pii], directly=True))
assert {one.guid for one in by_id.execute(client)} == {first.guid, second.guid}
by_name = mine.where(Asset.ATLAN_TAGS.eq(gold))
assert [one.guid for one in by_name.execute(client)] == [first.guid]
counted = mine.aggregate("tags", Asset.ATLAN_TAGS.bucket_by()).execute(client).aggregations["tags"].buckets
assert {one.key: one.doc_count for one in counted} == {
    client.atlan_tag_cache.get_id_for_name(pii): 2,
    client.atlan_tag_cache.get_id_for_name(gold): 1,
}
client.asset.remove_atlan_tag(asset_type=DataDomain, qualified_name=first.qualified_name, atlan_tag_name=pii)
assert tags(first.guid) == {gold}

# custom metadata, on an enum
grades = f"Grades {stamp}"
client.typedef.create(EnumDef.create(name=grades, values=["A", "B"]))
quality = CustomMetadataDef.create(display_name=f"Quality {stamp}")
quality.attribute_defs = [
    AttributeDef.create(
        client=client,
        display_name="Grade",
        attribute_type=AtlanCustomAttributePrimitiveType.OPTIONS,
        options_name=grades,
    ),
    AttributeDef.create(client=client, display_name="Rows", attribute_type=AtlanCustomAttributePrimitiveType.INTEGER),
    AttributeDef.create(
        client=client,
        display_name="Stewards",
        attribute_type=AtlanCustomAttributePrimitiveType.STRING,
        multi_valued=True,
    ),
    AttributeDef.create(
        client=client, display_name="Checked", attribute_type=AtlanCustomAttributePrimitiveType.BOOLEAN
    ),
]
(quality,) = client.typedef.create(quality).custom_metadata_defs
assert quality.name != quality.display_name and all(one.name != one.display_name for one in quality.attribute_defs)

values = CustomMetadataDict(client=client, name=f"Quality {stamp}")
values["Grade"], values["Rows"], values["Checked"] = "A", 12, True
values["Stewards"] = ["ada", "grace"]
client.asset.update_custom_metadata_attributes(guid=first.guid, custom_metadata=values)


def metadata(guid: str) -> dict[str, object]:
    """Return the custom metadata of a domain by the names that people read."""
    read = client.asset.get_by_guid(guid, asset_type=DataDomain).get_custom_metadata(
        client=client, name=f"Quality {stamp}"
    )
    return {key: value for key, value in read.items() if value is not None}


told = metadata(first.guid)
assert (told["Grade"], told["Rows"], told["Checked"]) == ("A", 12, True), told
assert sorted(told["Stewards"]) == ["ada", "grace"]
grade = CustomMetadataField(client=client, set_name=f"Quality {stamp}", attribute_name="Grade")
assert [one.guid for one in mine.where(grade.eq("A")).execute(client)] == [first.guid]
rows = CustomMetadataField(client=client, set_name=f"Quality {stamp}", attribute_name="Rows")
assert mine.where(rows.gt(100)).count(client) == 0 and mine.where(rows.gt(10)).count(client) == 1
(read,) = list(mine.where(grade.has_any_value()).include_on_results(grade).execute(client))
assert read.get_custom_metadata(client=client, name=f"Quality {stamp}")["Grade"] == "A"

partly = CustomMetadataDict(client=client, name=f"Quality {stamp}")
partly["Rows"] = 13
client.asset.update_custom_metadata_attributes(guid=first.guid, custom_metadata=partly)
assert metadata(first.guid)["Rows"] == 13 and metadata(first.guid)["Grade"] == "A"
client.asset.replace_custom_metadata(guid=first.guid, custom_metadata=partly)
assert metadata(first.guid) == {"Rows": 13}
client.asset.remove_custom_metadata(guid=first.guid, cm_name=f"Quality {stamp}")
assert metadata(first.guid) == {}

# taken away again
client.asset.purge_by_guid([first.guid, second.guid, third.guid])
client.typedef.purge(f"Quality {stamp}", CustomMetadataDef)
client.typedef.purge(grades, EnumDef)
for name in (pii, gold):
    client.typedef.purge(name, AtlanTagDef)
left = client.typedef.get(AtlanTypeCategory.CLASSIFICATION).atlan_tag_defs
assert not {one.display_name for one in left} & {pii, gold}
try:
    client.typedef.get_by_name("no such typedef")
except NotFoundError:
    pass
else:
    raise AssertionError("found what is not there")
print("done")
