"""Find domains and products by the names that people give them; generated names follow Atlan's patterns."""

import re
import secrets
import string
from collections.abc import Iterator

from muster.catalog.entity import Entity, EntityDraft, Key
from muster.errors import Conflict, InvalidInput, NotFound
from muster.protocols import Page
from muster.query.nodes import Bool, Term, Wildcard
from muster.service.project import project
from muster.service.workspace import Workspace

DOMAIN = "DataDomain"
PRODUCT = "DataProduct"

LETTERS = string.ascii_letters + string.digits
LONGEST_SLUG = 200
"""Letters and digits of a friendly name; longer ones are no names that people write."""

_FRIENDLY = re.compile(r"(?P<home>default|default/domain/.+)/(?P<kind>domain|product)/(?P<slug>[^/]+?)(/super)?")
_KINDS = {DOMAIN: "domain", PRODUCT: "product"}


def new_id() -> str:
    """Return 21 letters and digits: Atlan's clients compute parents from names that have nothing else in them."""
    return "".join(secrets.choice(LETTERS) for _ in range(21))


def domain(work: Workspace, name: str, *, make: bool = True) -> Entity:
    """Return the ACTIVE domain of that name or qualified name; a root domain is made for a name that is new.

    Raises:
        InvalidInput: an empty name.
        NotFound: a qualified name that is not there, or a name where none is made.
    """
    if not name.strip():
        raise InvalidInput("a domain needs a name")
    if name.startswith("default/domain/"):
        return _by_qualified_name(work, name)
    found = _by_name(work, name)
    if found is None and not make:
        raise NotFound(f"there is no domain `{name}`", hint="name one by its qualified name")
    return found or _create(work, name)


def befriended(work: Workspace, key: Key) -> Entity | None:
    """Return the ACTIVE domain or product that a friendly qualified name means; None when it means none.

    `default/domain/<slug>` (`/super` may follow) is the domain, `default/product/<slug>` the product whose name has the
    letters and digits of the slug, case aside: `marketingInfluence` is "Marketing Influence". With a domain in the
    place of `default`, by its qualified name or a friendly one, the product is one of that domain.

    Raises:
        Conflict: several have such a name.
        EngineUnavailable: the index cannot be asked.
    """
    friendly = _FRIENDLY.fullmatch(key.qualified_name)
    if friendly is None or _KINDS.get(key.type_name) != friendly["kind"]:
        return None
    found = list(_called(work, key.type_name, friendly["slug"]))
    if friendly["home"] != "default":
        home = befriended(work, Key(DOMAIN, friendly["home"]))
        parent = home.key.qualified_name if home else friendly["home"]
        found = [one for one in found if one.key.qualified_name.rpartition(f"/{friendly['kind']}/")[0] == parent]
    return _only(found, key)


def _called(work: Workspace, type_name: str, slug: str) -> Iterator[Entity]:
    """Yield the ACTIVE entities of a type that a slug means; the index finds those whose names may do."""
    wanted = _slug(slug)
    if not wanted or len(wanted) > LONGEST_SLUG:
        return
    project(work)
    plain = filter(str.isascii, wanted)  # the index knows the case of these letters only
    alike = Wildcard("name.keyword", f"*{'*'.join(plain)}*", case_insensitive=True)
    query = Bool(filter=(Term("__typeName.keyword", type_name), Term("__state", "ACTIVE"), alike))
    candidates = work.record.entities(list(work.engine.members(query, now=work.clock())))
    yield from (one for one in candidates if _slug(one.name) == wanted)


def _slug(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


def _only(found: list[Entity], key: Key) -> Entity | None:
    if len(found) > 1:
        names = ", ".join(f"`{one.key.qualified_name}`" for one in found)
        raise Conflict(f"`{key.qualified_name}` may be any of {names}", hint="name one by its qualified name")
    return found[0] if found else None


def _by_qualified_name(work: Workspace, name: str) -> Entity:
    found = work.record.entity(name)
    if found.key.type_name != DOMAIN:
        raise NotFound(f"`{name}` is not a domain")
    return found


def _by_name(work: Workspace, name: str) -> Entity | None:
    project(work)
    wanted = (Term("__typeName.keyword", DOMAIN), Term("name.keyword", name), Term("__state", "ACTIVE"))
    found = work.engine.search(Bool(filter=wanted), Page(1), now=work.clock())
    return work.record.entities([found.hits[0].ordinal])[0] if found.hits else None


def _create(work: Workspace, name: str) -> Entity:
    draft = EntityDraft(Key(DOMAIN, f"default/domain/{new_id()}/super"), {"name": name})
    written = work.record.write([draft], by=work.by, at=work.clock())
    return work.record.entities(written.created)[0]
