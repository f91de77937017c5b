"""What the developer page on data products shows, done by an unmodified `pyatlan`, with the page's own names.

The page takes a domain and a product for granted, by names that no service makes up: friendly names find them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from pyatlan.errors import NotFoundError
from pyatlan.model.assets import DataDomain, DataProduct, Table
from pyatlan.model.enums import CertificateStatus, EntityStatus
from pyatlan.model.fluent_search import CompoundQuery, FluentSearch
from pyatlan.model.search import IndexSearchRequest

from tests.acceptance.atlan.clients import AsyncAtlanClient
from tests.acceptance.atlan.conftest import Catalog

DOMAIN = "default/domain/marketing"
PRODUCT = "default/product/marketingInfluence"

pytestmark = [
    pytest.mark.usefixtures("tables", "domain"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # the client's own
]


def verified(tag: str) -> IndexSearchRequest:
    """Return the page's search: verified tables with a tag, by the name that people read."""
    return (
        FluentSearch()
        .where(CompoundQuery.active_assets())
        .where(CompoundQuery.asset_type(Table))
        .where(Table.CERTIFICATE_STATUS.eq(CertificateStatus.VERIFIED.value))
        .where(Table.ATLAN_TAGS.eq(tag))
    ).to_request()


@pytest.fixture(scope="module")
def tables(catalog: Catalog) -> dict[str, str]:
    """Two verified tables, each with a tag of its own; the guids by tag."""
    tags = {name: catalog.tag(name) for name in ("Marketing", "Digital Marketing")}
    return {
        name: catalog.table(name.replace(" ", "_").lower(), classifications=[{"typeName": tag}])["guid"]
        for name, tag in tags.items()
    }


@pytest.fixture
def domain(catalog: Catalog) -> Iterator[DataDomain]:
    """A domain with the name that the page's friendly name means."""
    (made,) = catalog.client.asset.save(DataDomain.creator(name="Marketing")).assets_created(DataDomain)
    yield made
    catalog.client.asset.purge_by_guid(made.guid)


def created(catalog: Catalog, name: str = "Marketing Influence") -> DataProduct:
    """Create the page's product."""
    product = DataProduct.creator(name=name, asset_selection=verified("Marketing"), domain_qualified_name=DOMAIN)
    (made,) = catalog.client.asset.save(product).assets_created(DataProduct)
    assert isinstance(made, DataProduct)
    return made


def test_create(catalog: Catalog, domain: DataDomain) -> None:
    """The product comes into the domain that the friendly name means, under a qualified name of its own."""
    made = created(catalog)

    assert made.name == "Marketing Influence"
    assert str(made.qualified_name).startswith(f"{domain.qualified_name}/product/")
    assert made.parent_domain_qualified_name == made.super_domain_qualified_name == domain.qualified_name
    read = catalog.client.asset.get_by_guid(made.guid, asset_type=DataProduct, ignore_relationships=False)
    assert read.data_domain.guid == domain.guid
    catalog.client.asset.purge_by_guid(made.guid)


def test_find_by_name(catalog: Catalog) -> None:
    """At once after it was saved, with the attribute that was asked for."""
    made = created(catalog, "marketingInfluence")
    catalog.client.asset.update_certificate(
        DataProduct, made.qualified_name, "marketingInfluence", CertificateStatus.VERIFIED
    )

    product = catalog.client.asset.find_product_by_name(name="marketingInfluence", attributes=["certificateStatus"])

    assert product.guid == made.guid
    assert product.certificate_status == CertificateStatus.VERIFIED
    catalog.client.asset.purge_by_guid(made.guid)


def test_get_assets(catalog: Catalog, tables: dict[str, str]) -> None:
    """The tables that are tagged with the name; the stored selection says names too."""
    product = catalog.client.asset.get_by_guid(guid=created(catalog).guid, asset_type=DataProduct)

    response = product.get_assets(catalog.client)

    assert response.count == 1
    assert [one.guid for one in response] == [tables["Marketing"]]
    catalog.client.asset.purge_by_guid(product.guid)


def test_update(catalog: Catalog, tables: dict[str, str]) -> None:
    """The selection comes back to the byte, and counts at once.

    The page's own qualified name is one that this client refuses by itself; as a raw request it works.
    """
    with pytest.raises(ValueError, match="qualified_name"):
        DataProduct.updater(qualified_name=PRODUCT, name="Marketing Influence")
    made = created(catalog)
    product = DataProduct.updater(
        qualified_name=made.qualified_name,
        name="Marketing Influence",
        asset_selection=verified("Digital Marketing"),
    )
    product.user_description = "Now with a description!"

    (updated,) = catalog.client.asset.save(product).assets_updated(DataProduct)

    assert updated.guid == made.guid
    assert updated.data_product_assets_d_s_l == product.data_product_assets_d_s_l
    read = catalog.client.asset.get_by_guid(made.guid, asset_type=DataProduct)
    assert read.user_description == "Now with a description!"
    assert [one.guid for one in read.get_assets(catalog.client)] == [tables["Digital Marketing"]]
    catalog.client.asset.purge_by_guid(made.guid)


def test_saving_what_is_there_updates_nothing(catalog: Catalog) -> None:
    """Which clients check for."""
    made = created(catalog)

    response = catalog.client.asset.save(DataProduct.updater(made.qualified_name, "Marketing Influence"))

    assert response.assets_updated(DataProduct) == response.assets_created(DataProduct) == []
    catalog.client.asset.purge_by_guid(made.guid)


def test_archive_restore_and_purge(catalog: Catalog) -> None:
    """An archived product can still be read by its guid; a purged one is gone, and purging it again is no error."""
    assets = catalog.client.asset
    made = created(catalog)

    (archived,) = assets.delete_by_guid(made.guid).assets_deleted(DataProduct)
    assert (archived.guid, archived.status, archived.delete_handler) == (made.guid, EntityStatus.DELETED, "SOFT")
    assert assets.get_by_guid(made.guid, asset_type=DataProduct).status is EntityStatus.DELETED
    with pytest.raises(NotFoundError):
        assets.find_product_by_name(name="Marketing Influence")

    assert assets.restore(DataProduct, made.qualified_name)
    assert assets.find_product_by_name(name="Marketing Influence").guid == made.guid

    (purged,) = assets.purge_by_guid(made.guid).assets_deleted(DataProduct)
    assert (purged.guid, purged.qualified_name, purged.delete_handler) == (made.guid, made.qualified_name, "PURGE")
    with pytest.raises(NotFoundError):
        assets.get_by_guid(made.guid, asset_type=DataProduct)
    assert assets.purge_by_guid(made.guid).assets_deleted(DataProduct) == []


def test_the_same_by_the_asynchronous_client(catalog: Catalog, tables: dict[str, str]) -> None:
    """Created, found, read, resolved, updated, archived, restored and purged."""
    asyncio.run(_everything(catalog, tables))


async def _everything(catalog: Catalog, tables: dict[str, str]) -> None:
    one = catalog.served
    async with AsyncAtlanClient(base_url=one.url, api_key=one.token) as client:
        product = DataProduct.creator(
            name="Marketing Influence", asset_selection=verified("Marketing"), domain_qualified_name=DOMAIN
        )
        (made,) = (await client.asset.save(product)).assets_created(DataProduct)
        assert (await client.asset.find_product_by_name(name="Marketing Influence")).guid == made.guid
        read = await client.asset.get_by_guid(made.guid, asset_type=DataProduct)
        assert read.data_product_assets_d_s_l == product.data_product_assets_d_s_l
        found = await read.get_assets(client)
        assert [each.guid async for each in found] == [tables["Marketing"]]

        change = DataProduct.updater(made.qualified_name, "Marketing Influence")
        change.user_description = "Now with a description!"
        assert len((await client.asset.save(change)).assets_updated(DataProduct)) == 1

        await client.asset.delete_by_guid(made.guid)
        assert await client.asset.restore(DataProduct, made.qualified_name)
        (purged,) = (await client.asset.purge_by_guid(made.guid)).assets_deleted(DataProduct)
        assert purged.guid == made.guid
