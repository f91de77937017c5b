"""Dotted names: a domain or product by its own name after those of the domains that it is in.

    Marketing                           a domain
    Marketing.Emea                      a domain below it
    Marketing.Emea.CustomerInsights     a product
    Marketing."cust.v1"                 a name with a dot, or with a quotation mark, which is doubled, stands in quotation marks

OpenMetadata's documentation has them (create a data product, `fullyQualifiedName`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from muster.catalog.entity import Entity, Key, Status
from muster.catalog.product import Product
from muster.errors import Conflict, InvalidInput, MusterError, NotFound
from muster.query.nodes import Bool, Term
from muster.service.domains import DOMAIN, PRODUCT
from muster.service.project import project
from muster.service.workspace import Workspace

_PART = re.compile(r'"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^."][^.]*)')
BEGIN = "default/domain/"


def quoted(name: str) -> str:
    """Return a name as a part of a dotted one."""
    return '"' + name.replace('"', '""') + '"' if "." in name or '"' in name else name


def parts(dotted: str) -> list[str]:
    """Return the names that a dotted one is made of.

    Raises:
        InvalidInput: a part is empty, or a quotation mark is not closed.
    """
    found, at = [], 0
    while True:
        part = _PART.match(dotted, at)
        if part is None:
            raise InvalidInput(f"`{dotted}` is no dotted name", hint='write `Domain.Product`, and `"a.b"` for a dot')
        found.append(part["plain"] if part["quoted"] is None else part["quoted"].replace('""', '"'))
        at = part.end()
        if at == len(dotted):
            return found
        if dotted[at] != ".":
            raise InvalidInput(f"`{dotted}` is no dotted name", hint="close the quotation mark before a dot")
        at += 1


@dataclass(frozen=True, slots=True)
class Homes:
    """The domains that some domains and products are in, by key."""

    known: Mapping[Key, Entity]

    def name(self, one: Entity) -> str:
        """Return the dotted name of one of them."""
        above = (self.known[key].name for key in _above(one.key) if key in self.known)
        return ".".join(map(quoted, (*above, one.name)))

    def home(self, one: Entity) -> Entity | None:
        """Return the domain that one of them is in."""
        return next((self.known[key] for key in reversed(list(_above(one.key))) if key in self.known), None)


def homes_of(work: Workspace, entities: Iterable[Entity]) -> Homes:
    """Return the domains above domains and products; the record is asked once, however many there are."""
    above = {key for one in entities for key in _above(one.key)}
    return Homes({one.key: one for one in work.record.find([], list(above))} if above else {})


def dotted_names(work: Workspace, entities: Sequence[Entity]) -> dict[str, str]:
    """Return the dotted names of domains and products by guid."""
    homes = homes_of(work, entities)
    return {one.guid: homes.name(one) for one in entities}


def _above(key: Key) -> Iterator[Key]:
    """Yield the keys of the domains that a domain or product is in, the outermost first."""
    if key.type_name in {DOMAIN, PRODUCT} and key.qualified_name.startswith(BEGIN):
        steps = key.qualified_name.split("/")
        end = 3 if steps[3:4] != ["super"] else 4
        while end < len(steps):
            yield Key(DOMAIN, "/".join(steps[:end]))
            end += 2


def domain(work: Workspace, ref: str, *, archived: bool = False) -> Entity:
    """Return the domain of a guid, a qualified name or a dotted name; an archived one only when asked for.

    Raises:
        NotFound: there is none.
        Conflict: several have the dotted name.
        EngineUnavailable: it goes by a dotted name, and the index cannot be asked.
    """
    return _only(_domains(work, ref, archived=archived), ref, "domain")


def product(work: Workspace, ref: str) -> Product:
    """Return the ACTIVE product of a guid, a qualified name, a dotted name, or a name that only one has.

    Raises:
        NotFound: there is none.
        Conflict: several have the name.
    """
    try:
        return work.record.product(ref)
    except (NotFound, Conflict):
        found = _called(work, ref)
    if not found:
        raise missing("dataProduct", ref)
    if len(found) > 1:
        raise _ambiguous(ref, [one.entity for one in found])
    return found[0]


def called(work: Workspace, ref: str) -> Product:
    """Return the ACTIVE product of a guid, a qualified name, a name or a dotted name.

    Raises:
        NotFound, Conflict: as the record says it, in the words of the command line.
    """
    try:
        return work.record.product(ref)
    except (NotFound, Conflict) as error:
        try:
            return product(work, ref)
        except MusterError:
            raise error from None


Finds: TypeAlias = Callable[[Workspace, str], Product]
"""Finds the ACTIVE product that a reference names: `product`, or `called`."""


def remembered(work: Workspace, ref: str, find: Finds = product) -> Product:
    """Return the product of a reference, or the archived one of a guid: what has been can be asked of either.

    Raises:
        NotFound, Conflict: as it is found.
    """
    try:
        return find(work, ref)
    except NotFound as error:
        try:
            return work.record.remembered(ref)
        except NotFound:
            raise error from None


def archived_product(work: Workspace, ref: str) -> Entity:
    """Return a DELETED product by guid, qualified name, dotted name or name.

    Raises:
        NotFound: there is none.
        Conflict: several have the name.
    """
    found = [one for one in work.record.find([ref], [Key(PRODUCT, ref)]) if one.status is Status.DELETED]
    return _only(found or _named(work, PRODUCT, ref, Status.DELETED), ref, "dataProduct")


def missing(kind: str, ref: str) -> NotFound:
    """Return the error for what is not there, in the words of OpenMetadata's services."""
    return NotFound(f"{kind} instance for {ref} not found")


def _called(work: Workspace, ref: str) -> list[Product]:
    """Return the products that a reference may mean as a dotted name, or else as a part of one: a name in quotation marks."""
    names = _parted(ref)
    found = work.record.products_called(names[-1]) if names else []
    known = dotted_names(work, [one.entity for one in found])
    exact = [one for one in found if parts(known[one.entity.guid]) == names]
    return exact or (found if len(names) == 1 else [])


def _domains(work: Workspace, ref: str, *, archived: bool) -> list[Entity]:
    statuses = (Status.ACTIVE, Status.DELETED) if archived else (Status.ACTIVE,)
    found = [
        one
        for one in work.record.find([ref], [Key(DOMAIN, ref)])
        if one.key.type_name == DOMAIN and one.status in statuses
    ]
    return found or next((some for status in statuses if (some := _named(work, DOMAIN, ref, status))), [])


def _named(work: Workspace, type_name: str, ref: str, status: Status) -> list[Entity]:
    """Ask the index for who has the last name of a dotted one, and return those whose whole name it is."""
    names = _parted(ref)
    if not names:
        return []
    project(work)
    wanted = (Term("__typeName.keyword", type_name), Term("name.keyword", names[-1]), Term("__state", status.value))
    found = work.record.entities(list(work.engine.members(Bool(filter=wanted), now=work.clock())))
    found = [one for one in found if one.status is status]
    known = dotted_names(work, found)
    exact = [one for one in found if parts(known[one.guid]) == names]
    return exact or (found if len(names) == 1 and type_name == PRODUCT else [])


def _parted(ref: str) -> list[str]:
    try:
        return parts(ref)
    except InvalidInput:
        return []


def _only(found: Sequence[Entity], ref: str, kind: str) -> Entity:
    if not found:
        raise missing(kind, ref)
    if len(found) > 1:
        raise _ambiguous(ref, found)
    return found[0]


def _ambiguous(ref: str, found: Sequence[Entity]) -> Conflict:
    guids = ", ".join(one.guid for one in found)
    return Conflict(f"`{ref}` is the name of {len(found)}: {guids}", hint="name it by guid")
