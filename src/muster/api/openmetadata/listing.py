"""Lists of domains and products, in order of name and id, with cursors both ways (contract, section 5)."""

import base64
import binascii
from typing import Annotated, Any

import orjson
from fastapi import Query, Response
from pydantic import BaseModel, Field

from muster.api.openmetadata.answering import read_fields, told_page
from muster.api.openmetadata.collections import Collection
from muster.api.openmetadata.references import page_of
from muster.api.openmetadata.voice import Voice
from muster.api.pointing import pointed
from muster.api.web import told
from muster.catalog.entity import Entity
from muster.errors import InvalidInput
from muster.service import dotted
from muster.service.mesh import Include, Listed, Listing, listed
from muster.service.workspace import Workspace

MOST = 10_000
"""Entities of a page; more are asked for and cut to this."""


class Asking(BaseModel):
    """Which part of a list is wanted."""

    limit: int = Field(default=10, ge=0, le=1_000_000, description="How many; 0 only counts, over 10,000 is 10,000.")
    before: str | None = Field(default=None, max_length=10_000, description="`paging.before` of the page after.")
    after: str | None = Field(default=None, max_length=10_000, description="`paging.after` of the page before.")
    fields: str | None = Field(default=None, description="What to tell besides, with commas; `*` for all.")
    domain: str | None = Field(default=None, description="Only what is in this domain or below, by its name.")
    include: Include = Field(default=Include.PRESENT, description="Archived ones as well, or alone.")


Asked = Annotated[Asking, Query()]


def list_page(work: Workspace, of: Collection, asking: Asking, voice: Voice) -> Response:
    """Answer a part of a list.

    Raises:
        InvalidInput: a field or cursor that is none, or both cursors.
        NotFound: the domain is not there.
    """
    if asking.before and asking.after:
        raise InvalidInput("Only one of before or after query parameter allowed", path="/query/after")
    fields = read_fields(asking.fields, of.type_name)
    found = listed(work, _listing(work, of, asking))
    ends = _ends(found)
    return told(page_of(told_page(work, found.entities, voice, fields), found.total, **ends))


def _listing(work: Workspace, of: Collection, asking: Asking) -> Listing:
    home: Entity | None = None
    if asking.domain is not None:
        with pointed("/query/domain"):
            home = dotted.domain(work, asking.domain)
    return Listing(
        of.type_name,
        min(asking.limit, MOST),
        after=_decoded(asking.after, "/query/after"),
        before=_decoded(asking.before, "/query/before"),
        home=home,
        include=asking.include,
    )


def _ends(found: Listed) -> dict[str, str]:
    ends = {}
    if found.entities and not found.is_first:
        ends["before"] = _encoded(found.entities[0])
    if found.entities and not found.is_last:
        ends["after"] = _encoded(found.entities[-1])
    return ends


def _encoded(one: Entity) -> str:
    """Return the cursor of an entity; the client pastes it into an address as it is."""
    name = one.attributes.get("name")
    return base64.urlsafe_b64encode(orjson.dumps({"name": name, "id": one.guid})).decode().rstrip("=")


def _decoded(cursor: str | None, path: str) -> tuple[str | None, str] | None:
    if not cursor:
        return None
    refused = InvalidInput("that is not a cursor", path=path, hint="pass on `paging.after` or `paging.before`")
    try:
        said: Any = orjson.loads(base64.urlsafe_b64decode(cursor.rstrip("=") + "=" * (-len(cursor.rstrip("=")) % 4)))
    except (binascii.Error, ValueError) as error:
        raise refused from error
    match said:
        case {"name": (str() | None) as name, "id": str() as id_}:
            return name, id_
        case _:
            raise refused
