"""A glossary with categories and terms, assigned to assets and searched for by them."""

from time import time

from pyatlan.client.atlan import AtlanClient
from pyatlan.model.assets import Asset, AtlasGlossary, AtlasGlossaryCategory, AtlasGlossaryTerm, DataDomain
from pyatlan.model.enums import CertificateStatus
from pyatlan.model.fluent_search import CompoundQuery, FluentSearch

client = AtlanClient()
stamp = f"{time():.6f}"

(glossary,) = client.asset.save(AtlasGlossary.creator(name=f"Words {stamp}")).assets_created(AtlasGlossary)
assert glossary.qualified_name != glossary.name
assert client.asset.find_glossary_by_name(f"Words {stamp}").guid == glossary.guid

category = AtlasGlossaryCategory.creator(name="Sales", anchor=AtlasGlossary.ref_by_guid(glossary.guid))
(category,) = client.asset.save(category).assets_created(AtlasGlossaryCategory)
assert category.qualified_name.endswith(f"@{glossary.qualified_name}")
below = AtlasGlossaryCategory.creator(
    name="Retail",
    anchor=AtlasGlossary.ref_by_guid(glossary.guid),
    parent_category=AtlasGlossaryCategory.ref_by_guid(category.guid),
)
client.asset.save(below)

terms = [
    AtlasGlossaryTerm.creator(
        name=name,
        glossary_guid=glossary.guid,
        categories=[AtlasGlossaryCategory.ref_by_guid(category.guid)],
    )
    for name in ("Revenue", "Churn")
]
revenue, churn = client.asset.save(terms).assets_created(AtlasGlossaryTerm)
assert client.asset.find_term_by_name(name="Revenue", glossary_name=f"Words {stamp}").guid == revenue.guid
assert (
    client.asset.find_term_fast_by_name(name="Churn", glossary_qualified_name=glossary.qualified_name).guid
    == churn.guid
)
assert client.asset.find_category_by_name(name="Sales", glossary_name=f"Words {stamp}")[0].guid == category.guid
read = client.asset.get_by_guid(glossary.guid, asset_type=AtlasGlossary, ignore_relationships=False)
assert {one.guid for one in read.terms} == {revenue.guid, churn.guid}
read = client.asset.get_by_guid(revenue.guid, asset_type=AtlasGlossaryTerm, ignore_relationships=False)
assert read.anchor.guid == glossary.guid and [one.guid for one in read.categories] == [category.guid]

(domain,) = client.asset.save(DataDomain.creator(name=f"Termed {stamp}")).assets_created(DataDomain)
client.asset.append_terms(asset_type=DataDomain, guid=domain.guid, terms=[AtlasGlossaryTerm.ref_by_guid(revenue.guid)])


def assigned() -> set[str]:
    """Return the guids of the domain's terms, as reading it tells."""
    whole = client.asset.get_by_guid(domain.guid, asset_type=DataDomain, ignore_relationships=False)
    return {one.guid for one in whole.assigned_terms or []}


assert assigned() == {revenue.guid}
with_term = FluentSearch.select().where(CompoundQuery.assigned_term([revenue.qualified_name]))
assert [one.guid for one in with_term.execute(client)] == [domain.guid]
client.asset.append_terms(asset_type=DataDomain, guid=domain.guid, terms=[AtlasGlossaryTerm.ref_by_guid(churn.guid)])
assert assigned() == {revenue.guid, churn.guid}
client.asset.remove_terms(asset_type=DataDomain, guid=domain.guid, terms=[AtlasGlossaryTerm.ref_by_guid(revenue.guid)])
assert assigned() == {churn.guid}
client.asset.replace_terms(asset_type=DataDomain, guid=domain.guid, terms=[AtlasGlossaryTerm.ref_by_guid(revenue.guid)])
assert assigned() == {revenue.guid}
client.asset.replace_terms(asset_type=DataDomain, guid=domain.guid, terms=[])
assert assigned() == set() and with_term.count(client) == 0

certified = client.asset.update_certificate(
    asset_type=AtlasGlossaryTerm,
    qualified_name=revenue.qualified_name,
    name="Revenue",
    glossary_guid=glossary.guid,
    certificate_status=CertificateStatus.VERIFIED,
)
assert certified.certificate_status is CertificateStatus.VERIFIED
words = (
    FluentSearch.select()
    .where(Asset.TYPE_NAME.eq("AtlasGlossaryTerm"))
    .where(AtlasGlossaryTerm.ANCHOR.eq(glossary.qualified_name))
)
assert sorted(one.name for one in words.execute(client)) == ["Churn", "Revenue"]
client.asset.purge_by_guid([revenue.guid, churn.guid, domain.guid])
client.asset.purge_by_guid(glossary.guid)
print("done")
