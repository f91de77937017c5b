"""The page on ports and assets, with references where it has dictionaries: all six calls, by id and by name, and what they answer."""

from time import time_ns

from metadata.generated.schema.api.domains.createDataProduct import CreateDataProductRequest
from metadata.generated.schema.api.domains.createDomain import CreateDomainRequest
from metadata.generated.schema.entity.domains.dataProduct import DataProduct
from metadata.generated.schema.entity.domains.domain import DomainType
from metadata.generated.schema.type.bulkOperationResult import BulkOperationResult
from metadata.generated.schema.type.entityReference import EntityReference
from metadata.ingestion.ometa.client import APIError
from metadata.sdk import DataProducts, Domains, configure

client = configure().ometa
stamp = str(time_ns())
marketing = Domains.create(
    CreateDomainRequest(name=f"Marketing {stamp}", description="All of it", domainType=DomainType.Aggregate)
)


def product(name: str, **said: object) -> DataProduct:
    """Create a data product."""
    domains = [marketing.fullyQualifiedName.root]
    return DataProducts.create(CreateDataProductRequest(name=name, description="Curated", domains=domains, **said))


# two tables and a view, found by a product of all of them
every = product(f"Every relation {stamp}", extension={"selection": "type:Table,View"})
found = client.get_data_product_assets(every.fullyQualifiedName.root, limit=1000)
assert found["paging"]["total"] == len(found["data"]) > 3, found["paging"]
references = [EntityReference(**one) for one in found["data"]]
tables = [one for one in references if one.type == "table"][:2]
assert len(tables) == 2, {one.type for one in references}

CALLS = {
    "inputPorts": (DataProducts.add_input_ports, DataProducts.remove_input_ports),
    "outputPorts": (DataProducts.add_output_ports, DataProducts.remove_output_ports),
    "assets": (DataProducts.add_assets, DataProducts.remove_assets),
}


def held(one: DataProduct, kind: str) -> list[str]:
    """Return the ids of a product's assets or ports, in order."""
    page = client.client.get(f"/dataProducts/{one.id.root}/{kind}?limit=100")
    assert page["paging"]["total"] == len(page["data"])
    return sorted(each["id"] for each in page["data"])


def done(said: dict[str, object], count: int = 2) -> None:
    """See that a call did what it was asked to, of each of so many."""
    result = BulkOperationResult(**said)
    assert result.status.value == "success" and not result.failedRequest, said
    assert (result.numberOfRowsProcessed.root, result.numberOfRowsPassed.root) == (count, count), said
    assert len(result.successRequest) == count, said


def only(reference: EntityReference) -> EntityReference:
    """Return a reference of nothing but what the page has: id and type."""
    return EntityReference(id=reference.id, type=reference.type)


insights = product(f"CustomerInsights {stamp}")
dotted = product(f"cust.v1 {stamp}")
assert dotted.fullyQualifiedName.root == f'"cust.v1 {stamp}"'
ids = sorted(str(one.id.root) for one in tables)
for one, address in (
    (insights, str(insights.id.root)),
    (insights, insights.fullyQualifiedName.root),
    (insights, f"Marketing {stamp}.CustomerInsights {stamp}"),
    (dotted, dotted.fullyQualifiedName.root),
):
    for kind in ("inputPorts", "assets"):
        add, remove = CALLS[kind]
        assert held(one, kind) == []
        done(add(address, [only(each) for each in tables]))
        assert held(one, kind) == ids
        done(add(address, [only(each) for each in tables]))
        assert held(one, kind) == ids
        done(remove(address, tables[:1]), 1)
        assert held(one, kind) == [str(tables[1].id.root)]
        done(remove(address, tables))
        assert held(one, kind) == []
    done(DataProducts.add_assets(address, tables))
    add, remove = CALLS["outputPorts"]
    done(add(address, tables))
    assert held(one, "outputPorts") == ids
    done(remove(address, tables))
    assert held(one, "outputPorts") == []
    done(DataProducts.remove_assets(address, tables))
for add, remove in CALLS.values():
    done(add(str(insights.id.root), []), 0)
    done(remove(str(insights.id.root), []), 0)

# the client's own calls encode the name, so that a slash is no separator
slashed = product(f"My Prod/1 {stamp}?#%")
name = slashed.fullyQualifiedName.root
done(client.add_assets_to_data_product(name, tables))
done(client.add_input_ports_to_data_product(name, tables[:1]), 1)
done(client.add_output_ports_to_data_product(name, tables[1:]), 1)
assert held(slashed, "assets") == ids
assert (held(slashed, "inputPorts"), held(slashed, "outputPorts")) == (
    [str(tables[0].id.root)],
    [str(tables[1].id.root)],
)
page = client.get_data_product_assets(name, limit=1, offset=1)
assert (page["paging"]["total"], len(page["data"])) == (2, 1), page
assert str(EntityReference(**page["data"][0]).id.root) in ids
view = client.client.get(f"/dataProducts/{slashed.id.root}/portsView")
assert [one["id"] for one in view["outputPorts"]["data"]] == [str(tables[1].id.root)], view
done(client.remove_input_ports_from_data_product(name, tables[:1]), 1)
done(client.remove_output_ports_from_data_product(name, tables[1:]), 1)
done(client.remove_assets_from_data_product(name, tables))
assert held(slashed, "assets") == held(slashed, "inputPorts") == held(slashed, "outputPorts") == []

# the page's own dictionaries fail in the client, before anything is sent; a text that is no id fails where the reference is made
for add, remove in CALLS.values():
    for call in (add, remove):
        try:
            call(str(insights.id.root), [{"id": str(tables[0].id.root), "type": "table"}])
        except AttributeError as failure:
            assert "model_dump" in str(failure)
        else:
            raise AssertionError("the client took a dictionary")
try:
    EntityReference(id="table-uuid-1", type="table")
except ValueError:
    pass
else:
    raise AssertionError("the client took a text for an id")

# what is not there
for address in (f"nothing {stamp}", "00000000-0000-4000-8000-000000000000"):
    for add, remove in CALLS.values():
        for call in (add, remove):
            try:
                call(address, tables)
            except APIError as failure:
                assert failure.code == failure.status_code == 404
            else:
                raise AssertionError(f"found {address}")
absent = EntityReference(id="00000000-0000-4000-8000-000000000000", type="table")
for add, _ in CALLS.values():
    try:
        add(str(insights.id.root), [tables[0], absent])
    except APIError as failure:
        assert failure.code == 404
    else:
        raise AssertionError("found an asset that is not there")
assert held(insights, "assets") == held(insights, "inputPorts") == held(insights, "outputPorts") == []

# a port that is no asset of the product, or one of the other side
try:
    said = DataProducts.add_output_ports(str(insights.id.root), tables[:1])
except APIError as failure:
    assert failure.code == 400 and held(insights, "outputPorts") == []
else:
    done(said, 1)
    done(DataProducts.remove_output_ports(str(insights.id.root), tables[:1]), 1)

Domains.delete(marketing.id, recursive=True, hard_delete=True)
assert DataProducts.retrieve(insights.id) is None
print("done")
