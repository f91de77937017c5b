"""Find the domain a product belongs to, or make it; generated names follow Atlan's patterns."""

import secrets
import string

from muster.catalog.entity import Entity, EntityDraft, Key
from muster.errors import InvalidInput, NotFound
from muster.protocols import Page
from muster.query.nodes import Bool, Term
from muster.service.project import project
from muster.service.workspace import Workspace

LETTERS = string.ascii_letters + string.digits


def new_id() -> str:
    """Return 21 letters and digits: Atlan's clients compute parents from names that have nothing else in them."""
    return "".join(secrets.choice(LETTERS) for _ in range(21))


def domain(work: Workspace, name: str) -> Entity:
    """Return the ACTIVE domain of that name or qualified name; a root domain is made for a name that is new.

    Raises:
        InvalidInput: an empty name.
        NotFound: a qualified name that is not there.
    """
    if not name.strip():
        raise InvalidInput("a domain needs a name")
    if name.startswith("default/domain/"):
        return _by_qualified_name(work, name)
    return _by_name(work, name) or _create(work, name)


def _by_qualified_name(work: Workspace, name: str) -> Entity:
    found = work.record.entity(name)
    if found.key.type_name != "DataDomain":
        raise NotFound(f"`{name}` is not a domain")
    return found


def _by_name(work: Workspace, name: str) -> Entity | None:
    project(work)
    wanted = (Term("__typeName.keyword", "DataDomain"), Term("name.keyword", name), Term("__state", "ACTIVE"))
    found = work.engine.search(Bool(filter=wanted), Page(1), now=work.clock())
    return work.record.entities([found.hits[0].ordinal])[0] if found.hits else None


def _create(work: Workspace, name: str) -> Entity:
    draft = EntityDraft(Key("DataDomain", f"default/domain/{new_id()}/super"), {"name": name})
    written = work.record.write([draft], by=work.by, at=work.clock())
    return work.record.entities(written.created)[0]
