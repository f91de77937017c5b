"""A data contract to start from."""

import json
from collections.abc import Iterator

from fastapi import APIRouter, Response
from pydantic import ValidationError

from muster.api.atlan.pointing import decode
from muster.api.atlan.shapes import ContractBegun, ContractWanted
from muster.api.atlan.web import Body, Viewer, answers, body_of, told
from muster.catalog.entity import Entity
from muster.errors import InvalidInput
from muster.service.entities import by_name

router = APIRouter(prefix="/api/service", tags=["contracts"])

TEMPLATE = "0.0.2"


@router.post(
    "/contracts/init",
    responses=answers(ContractBegun, "The contract as YAML."),
    openapi_extra=body_of(ContractWanted),
)
def begin_contract(caller: Viewer, body: Body) -> Response:
    """Write a first data contract for an asset; it is not stored."""
    try:
        wanted = ContractWanted.model_validate(decode(body))
    except ValidationError as error:
        raise InvalidInput("a contract needs `assetType` and `assetQualifiedName`", path="") from error
    found = by_name(caller.work, wanted.asset_type, wanted.asset_qualified_name)
    return told({"contract": "".join(f"{line}\n" for line in _lines(found))})


def _lines(asset: Entity) -> Iterator[str]:
    """Yield the lines of a contract; a JSON text is a YAML text."""
    yield "kind: DataContract"
    yield "status: DRAFT"
    yield f"template_version: {TEMPLATE}"
    yield f"type: {json.dumps(asset.key.type_name)}"
    yield f"dataset: {json.dumps(asset.name)}"
    if described := asset.attributes.get("userDescription") or asset.attributes.get("description"):
        yield f"description: {json.dumps(described)}"
