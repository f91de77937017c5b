"""Assets and ports of a product: added, removed, read (contract, sections 7 and 8, and the page "Ports & Assets")."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Query, Response

from muster import views
from muster.api.access import Caller
from muster.api.bodies import read
from muster.api.openmetadata import answering as say
from muster.api.openmetadata.around import around
from muster.api.openmetadata.kinds import kind_of
from muster.api.openmetadata.references import page_of, reference
from muster.api.openmetadata.voice import Form, Speaking, Voice
from muster.api.openmetadata.wanted import Assets, Reference
from muster.api.web import Body, Editor, Viewer, told
from muster.catalog.entity import Entity, Status
from muster.catalog.product import Product
from muster.errors import InvalidInput, NotFound
from muster.service import dotted
from muster.service.decide import Given, Settled, put_in, take_out
from muster.service.domains import PRODUCT
from muster.service.entities import related
from muster.service.mesh import sizes
from muster.service.resolve import Live, PageRequest, members_page
from muster.service.save.commands import Command, Ref, Relating
from muster.service.save.planning import refuse_elsewhere
from muster.service.save.rules.products import PORTS
from muster.service.save.saving import rehearse, save
from muster.service.workspace import Workspace

MOST_PORTS: Final = 10_000

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

Limit = Annotated[int, Query(ge=1, le=1_000, description="How many.")]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000, description="How many to pass over.")]


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one asset: why it could not be, or what stands about it."""

    asset: Entity
    settled: Settled | None = None
    changed: bool = False


def add_assets(caller: Editor, ref: str, body: Body, voice: Speaking) -> Response:
    """Add assets: each is pinned, whatever the selection says; those that are pinned stay so."""
    return _decided(caller, ref, body, voice, adds=True)


def remove_assets(caller: Editor, ref: str, body: Body, voice: Speaking) -> Response:
    """Remove assets: those that the selection holds are excluded, others lose their pin."""
    return _decided(caller, ref, body, voice, adds=False)


def _decided(caller: Caller, ref: str, body: bytes, voice: Voice, *, adds: bool) -> Response:
    wanted, product = read(Assets, body), _own(caller, ref)
    assets = assets_meant(caller.work, wanted.assets or (), archived=not adds)
    reason = (wanted.reason or "").strip() or ("added as an asset" if adds else "removed from the assets")
    given = Given(reason, within=caller.within)
    settled = (put_in if adds else take_out)(caller.work, product, assets, given, dry=wanted.dry_run)
    rows = [Row(one.asset, one, one.changed) for one in settled]
    return _answered(caller.work, product, rows, voice, dry=wanted.dry_run)


def _own(caller: Caller, ref: str) -> Product:
    """Return a product that the caller may change, before anything else is looked at.

    Raises:
        NotFound: it is not there.
        Forbidden: it is in another domain than those that the caller is bound to.
    """
    product = dotted.product(caller.work, ref)
    refuse_elsewhere(product.entity, caller.within)
    return product


@dataclass(frozen=True, slots=True)
class Ports:
    """The routes of one list of ports; `name` is that of the relationship, `other` that of the other list."""

    name: str
    other: str

    def add(self, caller: Editor, ref: str, body: Body, voice: Speaking) -> Response:
        """Add ports."""
        return self._changed(caller, ref, body, voice, adds=True)

    def remove(self, caller: Editor, ref: str, body: Body, voice: Speaking) -> Response:
        """Remove ports."""
        return self._changed(caller, ref, body, voice, adds=False)

    def read_some(self, caller: Viewer, ref: str, voice: Speaking, limit: Limit = 50, offset: Offset = 0) -> Response:
        """List the ports, in the order in which they were added."""
        product = dotted.product(caller.work, ref).entity
        return told(ports_page(caller.work, product, self.name, voice, limit, offset))

    def _changed(self, caller: Caller, ref: str, body: bytes, voice: Voice, *, adds: bool) -> Response:
        wanted, product = read(Assets, body), _own(caller, ref)
        assets = assets_meant(caller.work, wanted.assets or (), archived=not adds)
        there = {one.guid for one in _ports(caller.work, product.entity, self.name)}
        if adds:
            self._refuse_both(caller.work, product, assets)
        rows = [Row(one, changed=(one.guid in there) is not adds) for one in assets]
        if any(row.changed for row in rows):
            relating = _relating(product, self.name, assets, adds=adds)
            (rehearse if wanted.dry_run else save)(caller.work, [relating], within=caller.within)
        return _answered(caller.work, product, rows, voice, dry=wanted.dry_run)

    def _refuse_both(self, work: Workspace, product: Product, assets: Sequence[Entity]) -> None:
        """See that no asset is among the ports of both lists."""
        taken = {one.guid for one in _ports(work, product.entity, self.other)}
        for at, asset in enumerate(assets):
            if asset.guid in taken:
                raise InvalidInput(
                    f"Asset '{asset.key.qualified_name}' is already part of {_words(self.other)} and cannot be added to "
                    f"{self.name}",
                    path=f"/assets/{at}",
                    hint="remove it there first",
                )


INPUT: Final = Ports("inputPorts", "outputPorts")
OUTPUT: Final = Ports("outputPorts", "inputPorts")


def _words(name: str) -> str:
    return name.replace("Ports", " ports")


def _relating(product: Product, name: str, assets: Sequence[Entity], *, adds: bool) -> Command:
    refs = {name: tuple(Ref(one.key.type_name, one.guid, path=f"/assets/{at}") for at, one in enumerate(assets))}
    relating = Relating(added=refs) if adds else Relating(removed=refs)
    return Command(PRODUCT, product.entity.guid, relating=relating)


def assets_meant(work: Workspace, refs: Sequence[Reference], *, archived: bool) -> list[Entity]:
    """Return the assets that references mean, each once.

    Raises:
        NotFound: one is not there, or archived where that counts.
        InvalidInput: one has no id that there could be, or is of another type than is said.
    """
    found = {one.guid: one for one in work.record.find([ref.id for ref in refs], [])}
    assets = [_asset(found.get(ref.id), ref, f"/assets/{at}", archived=archived) for at, ref in enumerate(refs)]
    return list({one.guid: one for one in assets}.values())


def _asset(found: Entity | None, ref: Reference, path: str, *, archived: bool) -> Entity:
    if found is None and not _UUID.fullmatch(ref.id):
        raise InvalidInput(f"`{ref.id}` is no id", path=f"{path}/id", hint="send the UUID of an asset")
    if found is None or not (archived or found.status is Status.ACTIVE):
        raise NotFound(f"{ref.type} instance for {ref.id} not found", path=f"{path}/id", hint="name an asset by its id")
    kind = kind_of(found.key.type_name)
    if ref.type != kind:
        raise InvalidInput(f"`{ref.id}` is a `{kind}`, not a `{ref.type}`", path=f"{path}/type")
    return found


def _answered(work: Workspace, product: Product, rows: Sequence[Row], voice: Voice, *, dry: bool) -> Response:
    """Answer the product as it is now, or what became of each asset."""
    near = around(work, [row.asset for row in rows], ())
    if voice.form is Form.RELEASED:
        done = [{"request": reference(row.asset, near.homes, voice), **_message(row)} for row in rows]
        return told(bulk(done, dry=dry))
    after = work.record.product(product.entity.guid).entity
    changed = say.UPDATED if after.version != product.entity.version else say.UNCHANGED
    decisions = [{"asset": reference(row.asset, near.homes, voice), **_decision(row)} for row in rows]
    return say.answered_with(work, after, voice, changed, more={"decisions": decisions})


def bulk(done: list[dict[str, Any]], *, dry: bool) -> dict[str, Any]:
    """Return what became of each asset, as the released client takes it: nothing is done unless all can be."""
    return {
        "dryRun": dry,
        "status": "success",
        "numberOfRowsProcessed": len(done),
        "numberOfRowsPassed": len(done),
        "numberOfRowsFailed": 0,
        "successRequest": done,
        "failedRequest": [],
    }


def _message(row: Row) -> dict[str, Any]:
    standing = row.settled.standing if row.settled else None
    return {} if standing is None else {"message": f"{standing.decision.value} by {standing.by}: {standing.reason}"}


def _decision(row: Row) -> dict[str, Any]:
    """Return what stands about an asset now, and whether that is news."""
    standing = row.settled.standing if row.settled else None
    stands = {} if standing is None else {k: v for k, v in views.standing(standing).items() if k != "asset"}
    return {"changed": row.changed, **stands}


def read_assets(caller: Viewer, ref: str, voice: Speaking, limit: Limit = 10, offset: Offset = 0) -> Response:
    """List the members as they are now, as references."""
    page = members_page(
        caller.work, dotted.product(caller.work, ref).entity.guid, Live(), PageRequest(limit, offset=offset)
    )
    near = around(caller.work, page.members, ())
    return told(page_of([reference(one, near.homes, voice) for one in page.members], page.total))


def read_ports(
    caller: Viewer,
    ref: str,
    voice: Speaking,
    inputLimit: Limit = 50,  # noqa: N803 - as on the wire
    inputOffset: Offset = 0,  # noqa: N803 - as above
    outputLimit: Limit = 50,  # noqa: N803 - as above
    outputOffset: Offset = 0,  # noqa: N803 - as above
) -> Response:
    """List the ports of both kinds."""
    product = dotted.product(caller.work, ref).entity
    near = around(caller.work, [product], ())
    return told(
        {
            "entity": reference(product, near.homes, voice),
            "inputPorts": ports_page(caller.work, product, INPUT.name, voice, inputLimit, inputOffset),
            "outputPorts": ports_page(caller.work, product, OUTPUT.name, voice, outputLimit, outputOffset),
        }
    )


def ports_page(work: Workspace, product: Entity, name: str, voice: Voice, limit: int, offset: int) -> dict[str, Any]:
    """Return a part of a list of ports."""
    found = _ports(work, product, name)
    some = found[offset : offset + limit]
    near = around(work, some, ())
    refs = [reference(one, near.homes, voice) for one in some]
    return page_of([ref | {"entityType": ref["type"]} for ref in refs], len(found), offset=offset)


def _ports(work: Workspace, product: Entity, name: str) -> Sequence[Entity]:
    found = related(work, [product], {PRODUCT: tuple(PORTS)}, limit=MOST_PORTS)
    return [one for one in found.get(product.ordinal, {}).get(name, ()) if one.status is Status.ACTIVE]


def count_assets(caller: Viewer, voice: Speaking) -> Response:
    """Count the members of every product, by its name."""
    counted = sizes(caller.work)
    near = around(caller.work, [product.entity for product, _ in counted], ())
    names = (reference(product.entity, near.homes, voice)["fullyQualifiedName"] for product, _ in counted)
    return told({name: count for name, (_, count) in zip(names, counted, strict=True)})
