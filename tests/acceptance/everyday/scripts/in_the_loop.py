"""The same by the asynchronous client: a domain and a product made, found, read, listed, changed, archived and purged."""

import asyncio
from time import time

from pyatlan.client.aio.client import AsyncAtlanClient
from pyatlan.model.assets import Asset, DataDomain, DataProduct
from pyatlan.model.fluent_search import CompoundQuery, FluentSearch

stamp = f"{time():.6f}"


async def main() -> None:
    """Go through a product's life."""
    async with AsyncAtlanClient() as client:
        (domain,) = (await client.asset.save(DataDomain.creator(name=f"Looped {stamp}"))).assets_created(DataDomain)
        wanted = FluentSearch().where(CompoundQuery.active_assets()).where(Asset.GUID.eq(domain.guid))
        product = DataProduct.creator(
            name=f"Self {stamp}", domain_qualified_name=domain.qualified_name, asset_selection=wanted.to_request()
        )
        (product,) = (await client.asset.save(product)).assets_created(DataProduct)
        assert (await client.asset.find_product_by_name(f"Self {stamp}")).guid == product.guid
        assert (await client.asset.get_by_guid(product.guid, asset_type=DataProduct)).data_product_assets_d_s_l
        assert [one.guid async for one in await wanted.execute_async(client)] == [domain.guid]
        change = DataProduct.updater(qualified_name=product.qualified_name, name=f"Self {stamp}")
        change.user_description = "Only itself"
        (changed,) = (await client.asset.save(change)).assets_updated(DataProduct)
        assert changed.user_description == "Only itself"
        await client.asset.delete_by_guid(product.guid)
        assert await client.asset.restore(asset_type=DataProduct, qualified_name=product.qualified_name)
        purged = (await client.asset.purge_by_guid(product.guid)).assets_deleted(DataProduct)
        assert [one.guid for one in purged] == [product.guid]
        await client.asset.purge_by_guid(domain.guid)


asyncio.run(main())
print("done")
