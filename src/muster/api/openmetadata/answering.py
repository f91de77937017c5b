"""Answers about domains and products: one, a page, what a write did."""

from collections.abc import Collection, Sequence
from typing import Any, Final

import orjson
from fastapi import Response

from muster.api.openmetadata.around import around
from muster.api.openmetadata.rendering import FIELDS, shown, version_of, whole
from muster.api.openmetadata.versions import history
from muster.api.openmetadata.voice import Voice
from muster.catalog.entity import Entity
from muster.errors import InvalidInput
from muster.service.workspace import Workspace

CHANGE: Final = "X-OpenMetadata-Change"
CREATED, UPDATED, UNCHANGED = "entityCreated", "entityUpdated", "entityNoChange"
ARCHIVED, DELETED, RESTORED = "entitySoftDeleted", "entityDeleted", "entityRestored"


def read_fields(said: str | None, type_name: str) -> frozenset[str]:
    """Return what `fields` names, a list with commas or `*` for everything.

    Raises:
        InvalidInput: it names what is no such field.
    """
    names = [name.strip() for name in (said or "").split(",") if name.strip()]
    known = FIELDS[type_name]
    unknown = next((name for name in names if name not in {*known, "*"}), None)
    if unknown is not None:
        hint = f"allowed are {', '.join(sorted(known))}"
        raise InvalidInput(f"Invalid field name {unknown}", path="/query/fields", hint=hint)
    return known if "*" in names else frozenset(names)


def told_of(work: Workspace, one: Entity, voice: Voice, fields: Collection[str]) -> dict[str, Any]:
    """Return what is told of one domain or product, what its version changed among it."""
    last = work.record.versions(one.guid, limit=2, before=one.version + 1) if one.version > 1 else []
    near = around(work, [one], fields)
    doc = whole(one, near, voice)
    if len(last) > 1:
        doc["changeDescription"] = history(work, last, voice)[0]["changeDescription"]
    return shown(doc, one.key.type_name, fields, voice.form)


def told_page(work: Workspace, some: Sequence[Entity], voice: Voice, fields: Collection[str]) -> list[dict[str, Any]]:
    """Return what is told of a page of domains or products."""
    near = around(work, some, fields)
    return [shown(whole(one, near, voice), one.key.type_name, fields, voice.form) for one in some]


def answered_with(
    work: Workspace, one: Entity, voice: Voice, change: str, *, status: int = 200, more: dict[str, Any] | None = None
) -> Response:
    """Return what a write left of an entity, with all that there is to tell; `more` is told in the documented form."""
    doc = told_of(work, one, voice, FIELDS[one.key.type_name]) | (more or {})
    headers = {CHANGE: change, "ETag": tag_of(one.version)}
    if status == 201:
        headers["Location"] = doc["href"]
    return Response(orjson.dumps(doc), status, headers, "application/json")


def tag_of(version: int) -> str:
    """Return the entity tag of a version; it is weak, since answers tell more or less of one."""
    return f'W/"{version_of(version)}"'


def wanted_version(if_match: str | None) -> int | None:
    """Return the version that `If-Match` asks for; None for any, 0 where it is none that there could be."""
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    return parsed_version(text) or 0


def parsed_version(text: str) -> int | None:
    """Return the version that a number such as `0.3` stands for; None where it stands for none."""
    whole_part, _, tenths = text.partition(".")
    digits = whole_part.isascii() and whole_part.isdecimal() and len(whole_part) < 10
    if not digits or (tenths and not (tenths.isascii() and tenths.isdecimal() and not tenths[1:].strip("0"))):
        return None
    return 10 * int(whole_part) + int(tenths[:1] or 0)
