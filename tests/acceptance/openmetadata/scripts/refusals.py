"""What cannot be, may not be, or is not there: as the client shows it to who calls it."""

import os
from collections.abc import Callable
from time import time_ns
from uuid import uuid4

from metadata.generated.schema.api.domains.createDataProduct import CreateDataProductRequest
from metadata.generated.schema.api.domains.createDomain import CreateDomainRequest
from metadata.generated.schema.entity.domains.domain import DomainType
from metadata.generated.schema.type.basic import EntityExtension
from metadata.generated.schema.type.entityReference import EntityReference
from metadata.generated.schema.type.entityReferenceList import EntityReferenceList
from metadata.ingestion.ometa.client import APIError
from metadata.ingestion.ometa.mixins.server_mixin import VersionNotFoundException
from metadata.sdk import DataProducts, Domains, OpenMetadata, OpenMetadataConfig, configure

host = os.environ["OPENMETADATA_HOST"]
admin = configure().ometa
stamp = str(time_ns())


def as_token(token: str) -> None:
    """Let the facades speak for whoever has a token."""
    one = OpenMetadata(OpenMetadataConfig(server_url=host, jwt_token=token)).ometa
    DataProducts.use_client(one)
    Domains.use_client(one)


def refused(code: int, call: Callable[..., object], *said: object, **more: object) -> str:
    """See that a call fails with an error of the API, and return what it says."""
    try:
        told = call(*said, **more)
    except APIError as failure:
        assert failure.code == failure.status_code == code, failure
        return str(failure)
    raise AssertionError(f"{call} did {told}")


def request(**said: object) -> CreateDataProductRequest:
    """Return a request for a product."""
    known = {"name": f"Insights {stamp}", "description": "d", "domains": [f"Marketing {stamp}"]}
    return CreateDataProductRequest(**(known | said))


domain = CreateDomainRequest(name=f"Marketing {stamp}", description="d", domainType=DomainType.Aggregate)
marketing = Domains.create(domain)
product = DataProducts.create(request())
every = DataProducts.create(request(name=f"All {stamp}", extension={"selection": "type:Table"}))
table = EntityReference(**admin.get_data_product_assets(f"All {stamp}", limit=1)["data"][0])
ids = (str(product.id.root), f"Insights {stamp}")
CALLS = [
    *(DataProducts.add_assets, DataProducts.remove_assets),
    *(DataProducts.add_input_ports, DataProducts.remove_input_ports),
    *(DataProducts.add_output_ports, DataProducts.remove_output_ports),
]

# 400, with what to mend
assert "domain" in refused(400, DataProducts.create, request(name=f"Other {stamp}", domains=[]))
told = refused(400, DataProducts.create, request(extension={"selection": "certificateState:VERIFIED"}))
assert "certificateStatus" in told, told
assert refused(400, DataProducts.create, request(extension={"selection": "type:Table AND ("}))
assert refused(400, DataProducts.create, request(extension={"selection": {"script": {"source": "1"}}}))
assert refused(400, DataProducts.add_assets, ids[0], [EntityReference(id=table.id, type="dashboard")])
assert refused(
    400, DataProducts.create, request(owners=EntityReferenceList(root=[EntityReference(id=table.id, type="table")]))
)

# 404: nothing for what is read, an error for all else
assert DataProducts.retrieve(uuid4()) is None and Domains.retrieve(uuid4()) is None
assert "not found" in refused(404, DataProducts.retrieve, uuid4(), nullable=False)
assert refused(404, DataProducts.create, request(domains=[f"no such {stamp}"]))
assert refused(404, DataProducts.create, request(experts=["nobody"]))
assert refused(404, DataProducts.add_assets, ids[0], [EntityReference(id=uuid4(), type="table")])
assert refused(404, DataProducts.delete, uuid4())

# 409: the name is taken
assert "Insights" in refused(409, admin.create, request())

# 403: a viewer reads, and changes nothing
as_token(os.environ["TOKEN_OF_VIEWER"])
read = DataProducts.retrieve(product.id, fields=["extension", "domains"])
assert read.id == product.id and DataProducts.list_all() and Domains.list_all()
assert "viewer" in refused(403, DataProducts.create, request(name=f"Other {stamp}"))
assert refused(403, DataProducts.create, request())
assert refused(403, Domains.create, domain)
assert refused(403, DataProducts.delete, product.id)
assert refused(403, Domains.delete, marketing.id, recursive=True)
for call in CALLS:
    for one in ids:
        assert refused(403, call, one, [table])
read.description.root = "Changed"
assert DataProducts.update(read) is None
assert DataProducts.update_custom_properties(product.id).with_property("a", 1).execute() is None

# 401: a token that does not hold; the client learns the version all the same
as_token("nonsense")
assert refused(401, DataProducts.retrieve, product.id)
assert refused(401, DataProducts.create, request())
assert refused(401, DataProducts.delete, product.id)
for call in CALLS:
    assert refused(401, call, ids[0], [table])

# another host, or not the whole of it
for wrong in (host.removesuffix("/api"), host + "/api"):
    try:
        OpenMetadata(OpenMetadataConfig(server_url=wrong, jwt_token="nonsense"))
    except VersionNotFoundException as failure:
        assert "404" in str(failure) or "401" in str(failure), failure
    else:
        raise AssertionError(f"found something at {wrong}")

# nothing of it was done
as_token(os.environ["OPENMETADATA_JWT_TOKEN"])
left = DataProducts.retrieve(product.id, fields=["*"])
assert (left.version.root, left.description.root) == (0.1, "d") and left.extension == EntityExtension(root={})
assert admin.get_data_product_assets(f"Insights {stamp}")["paging"]["total"] == 0
assert DataProducts.retrieve_by_name(f"Other {stamp}") is None
Domains.delete(marketing.id, recursive=True, hard_delete=True)
print("done")
