"""What domains hold: assets that are assigned to them, and domains below each other."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import Query, Response

from muster.api.access import Caller
from muster.api.bodies import read
from muster.api.openmetadata import answering as say
from muster.api.openmetadata.around import around
from muster.api.openmetadata.membership import Limit, Offset, assets_meant, bulk
from muster.api.openmetadata.references import page_of, reference
from muster.api.openmetadata.resource import FieldsWanted
from muster.api.openmetadata.voice import Form, Speaking, Voice
from muster.api.openmetadata.wanted import Assets
from muster.api.web import Body, Editor, Viewer, told
from muster.catalog.entity import Entity
from muster.service import dotted
from muster.service.domains import DOMAIN
from muster.service.mesh import Listing, assets_of, assigned, listed
from muster.service.project import project
from muster.service.save.commands import Command
from muster.service.save.saving import rehearse, save

Tops = Annotated[int, Query(ge=0, le=1_000_000, description="How many of those that are in no other.")]

ASSIGNED: Final = "domainGUIDs"
MOST: Final = 10_000
"""Domains of a hierarchy, and of a count."""


def read_domain_assets(caller: Viewer, ref: str, voice: Speaking, limit: Limit = 10, offset: Offset = 0) -> Response:
    """List the assets that are assigned to a domain or one below it, in order of name."""
    found = assets_of(caller.work, dotted.domain(caller.work, ref), offset=offset, size=limit)
    near = around(caller.work, found.entities, ())
    return told(page_of([reference(one, near.homes, voice) for one in found.entities], found.total))


def add_domain_assets(caller: Editor, ref: str, body: Body, voice: Speaking) -> Response:
    """Assign assets to a domain; each leaves the one that it was in."""
    return _assigned(caller, ref, body, voice, adds=True)


def remove_domain_assets(caller: Editor, ref: str, body: Body, voice: Speaking) -> Response:
    """Take assets out of a domain."""
    return _assigned(caller, ref, body, voice, adds=False)


def _assigned(caller: Caller, ref: str, body: bytes, voice: Voice, *, adds: bool) -> Response:
    wanted, home = read(Assets, body), dotted.domain(caller.work, ref)
    assets = assets_meant(caller.work, wanted.assets or (), archived=not adds)
    commands = [_command(at, one, home, adds=adds) for at, one in enumerate(assets)]
    if commands:
        (rehearse if wanted.dry_run else save)(caller.work, commands, within=caller.within)
    near = around(caller.work, assets, ())
    rows = [{"request": reference(one, near.homes, voice)} for one in assets]
    if voice.form is Form.RELEASED:
        return told(bulk(rows, dry=wanted.dry_run))
    after = dotted.domain(caller.work, home.guid)
    return say.answered_with(caller.work, after, voice, say.UNCHANGED, more=bulk(rows, dry=wanted.dry_run))


def _command(at: int, asset: Entity, home: Entity, *, adds: bool) -> Command:
    held = [guid for guid in asset.attributes.get(ASSIGNED) or () if guid != home.guid]
    return Command(
        asset.key.type_name, asset.guid, attributes={ASSIGNED: [home.guid] if adds else held}, path=f"/assets/{at}"
    )


def count_domain_assets(caller: Viewer) -> Response:
    """Count the assets that are assigned to each domain or one below it, by its name."""
    found = _domains(caller)
    homes, now = dotted.homes_of(caller.work, found), caller.work.clock()
    project(caller.work)
    within = {one.guid: [other for other in found if _is_below(other, one)] for one in found}
    counted = {homes.name(one): caller.work.engine.count(assigned(within[one.guid]), now=now) for one in found}
    return told(counted)


def _is_below(one: Entity, home: Entity) -> bool:
    return one.guid == home.guid or one.key.qualified_name.startswith(f"{home.key.qualified_name}/")


def read_hierarchy(caller: Viewer, voice: Speaking, limit: Tops = 10, fields: FieldsWanted = None) -> Response:
    """List the domains that are in no other, each with all that are below it."""
    wanted, found = say.read_fields(fields, DOMAIN), _domains(caller)
    docs = dict(zip((one.guid for one in found), say.told_page(caller.work, found, voice, wanted), strict=True))
    homes = dotted.homes_of(caller.work, found)
    inside: dict[str | None, list[Entity]] = {}
    for one in found:
        home = homes.home(one)
        inside.setdefault(home.guid if home else None, []).append(one)
    tops = inside.get(None, [])
    return told(page_of([_nested(one, inside, docs) for one in tops[:limit]], len(tops)))


def _nested(one: Entity, inside: Mapping[str | None, Sequence[Entity]], docs: Mapping[str, Any]) -> dict[str, Any]:
    children = [_nested(other, inside, docs) for other in inside.get(one.guid, ())]
    return {**docs[one.guid], "children": children, "childrenCount": len(children)}


def _domains(caller: Caller) -> Sequence[Entity]:
    return listed(caller.work, Listing(DOMAIN, MOST - 1)).entities
