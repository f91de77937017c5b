"""A product of all verified tables of a schema, and what is stored of it."""

from typing import Any

from muster.catalog.entity import EntityDraft, Key
from muster.membership import Run
from muster.query.faces import Face
from muster.query.nodes import Node
from muster.query.wire import canonical
from muster.service import define
from muster.service.ingest import ingest
from muster.service.project import project
from muster.service.resolve import Live, MemberPage, Mode, PageRequest, Stored, members_page
from muster.service.selecting import Written
from muster.service.workspace import Workspace

ROOT = "default/demo/1/db/schema"
VERIFIED = "Verified"
STORED = Stored()


def table(name: str, certificate: str = "VERIFIED", **attributes: Any) -> EntityDraft:
    """A table of the schema."""
    said = {"name": name, "certificateStatus": certificate, **attributes}
    return EntityDraft(Key("Table", f"{ROOT}/{name}"), said)


def begin(work: Workspace) -> Workspace:
    """Write three verified tables, and define the product of them."""
    ingest(work, [table(name) for name in "abc"])
    written = Written("type:Table certificate:VERIFIED", Face.SHORTHAND)
    define.create(work, VERIFIED, written, define.Details(), domain_name="Shop")
    return work


def select(work: Workspace, selection: Node | str, product: str = VERIFIED) -> None:
    """Give a product another selection."""
    written = (
        Written(selection, Face.SHORTHAND) if isinstance(selection, str) else Written(canonical(selection), Face.WIRE)
    )
    define.update(work, product, written, define.Details(), lenient=True)


def page(work: Workspace, product: str = VERIFIED, mode: Mode = STORED) -> MemberPage:
    """Return members of a product."""
    return members_page(work, product, mode, PageRequest())


def stored(work: Workspace, product: str = VERIFIED) -> str:
    """Return the names of the stored members."""
    return "".join(sorted(one.name for one in page(work, product).members))


def live(work: Workspace, product: str = VERIFIED) -> str:
    """Return the names of those whom the selection holds now."""
    project(work)
    return "".join(sorted(one.name for one in page(work, product, Live()).members))


def last(work: Workspace, product: str = VERIFIED) -> Run:
    """Return the last run of a product."""
    (run,) = work.record.runs(work.record.product(product).entity.guid, limit=1)
    return run
