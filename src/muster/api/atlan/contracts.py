"""A data contract to start from."""

import json
import re
from collections.abc import Iterator, Sequence

from fastapi import APIRouter, Response
from pydantic import ValidationError

from muster.api.atlan.shapes import ContractBegun, ContractWanted
from muster.api.atlan.web import answers, entity_named
from muster.api.pointing import decode
from muster.api.web import Body, Viewer, body_of, told
from muster.catalog.entity import Entity, Status
from muster.errors import InvalidInput
from muster.service.entities import related
from muster.service.workspace import Workspace

router = APIRouter(prefix="/api/service", tags=["contracts"])

TEMPLATE = "0.0.2"
MOST_COLUMNS = 10_000

PLAIN = re.compile(r"[^\W\d][\w-]*")
WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Words that readers of YAML take for something else than text."""


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
    found = entity_named(caller.work, wanted.asset_type, wanted.asset_qualified_name)
    columns = _columns(caller.work, found)
    return told({"contract": "".join(f"{line}\n" for line in _lines(found, columns))})


def _lines(asset: Entity, columns: Sequence[Entity]) -> Iterator[str]:
    """Yield the lines of a contract."""
    yield "kind: DataContract"
    yield "status: DRAFT"
    yield f"template_version: {TEMPLATE}"
    yield f"type: {_scalar(asset.key.type_name)}"
    yield f"dataset: {_scalar(asset.name)}"
    if described := asset.attributes.get("userDescription") or asset.attributes.get("description"):
        yield f"description: {_scalar(described)}"
    yield "columns:" if columns else "columns: []"
    for column in columns:
        yield f"- name: {_scalar(column.name)}"
        yield f"  data_type: {_scalar(column.attributes.get('dataType') or '')}"
        yield "  tags: []"
        yield "  terms: []"


def _columns(work: Workspace, asset: Entity) -> Sequence[Entity]:
    """Return the columns that an asset has, in their order."""
    there = related(work, [asset], {asset.key.type_name: ("columns",)}, limit=MOST_COLUMNS)
    columns = [one for one in there.get(asset.ordinal, {}).get("columns", ()) if one.status is Status.ACTIVE]
    return sorted(columns, key=lambda one: (one.attributes.get("order") or 0, one.name))


def _scalar(text: str) -> str:
    """Write a text in YAML: as it is where that is plainly a text, else as JSON, which YAML is."""
    return text if PLAIN.fullmatch(text) and text.lower() not in WORDS else json.dumps(text)
