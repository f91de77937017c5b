"""From what is said of domains and products to commands; nothing is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from muster.api.openmetadata.facets import KEPT, OWN, TWINS, kept, stated
from muster.api.openmetadata.wanted import Common, DomainSaid, Expert, Label, ProductSaid, Reference
from muster.api.pointing import pointed
from muster.catalog.entity import Entity, Key
from muster.catalog.product import Product
from muster.catalog.validate import validate
from muster.errors import InvalidInput, NotFound
from muster.query.nodes import Bool, Term
from muster.service import dotted, people
from muster.service.domains import DOMAIN, PRODUCT
from muster.service.people import Kind
from muster.service.save.commands import Attachment, Command, Ref, Relating, TagChange
from muster.service.save.rules.products import NOTHING
from muster.service.save.working import MEANINGS, TERM
from muster.service.selecting import ATTRIBUTES, Accepted, Written, accept
from muster.service.tags import tag_names
from muster.service.workspace import Workspace

SELECTION: Final = "selection"
"""The free property that is a product's selection."""

PLAIN: Final = {"name": "name", "display_name": "displayName", "description": "userDescription"}
"""What is said, and the attribute that keeps it."""

PLACES: Final = {
    "/attributes/name": "/name",
    "/attributes/userDescription": "/description",
    "/attributes/parentDomain": "/parent",
    "/attributes/dataDomain": "/domains",
}
"""Where in a body stands what the rules of entities are about."""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one entity: `before` is None for a new one, `merges` adds tags to those there are.

    `said` names what is said, whatever its value: null takes away. `version` is the one that the change was made from.
    """

    before: Entity | None
    said: frozenset[str]
    merges: bool
    version: int | None = None


def product_command(work: Workspace, wanted: ProductSaid, change: Change, product: Product | None) -> Command:
    """Return the command for a product.

    Raises:
        InvalidInput, NotFound: something that is said cannot be, or is not there; `path` points into the body.
    """
    accepted = _selection(work, wanted, change)
    attributes = {**_common(work, wanted, change), **(accepted.attributes if accepted else {})}
    changed = accepted is not None and (product is None or accepted.differs(product))
    return Command(
        PRODUCT,
        guid=change.before.guid if change.before else None,
        attributes=attributes,
        relating=Relating({**_home(work, wanted, change), **_terms(work, wanted, change)}),
        tags=_tags(work, wanted, change),
        selection=accepted.selection if accepted and changed else None,
        alone=change.before is None or bool({"name", "domain", "domains"} & change.said),
        version=change.version,
    )


def domain_command(work: Workspace, wanted: DomainSaid, change: Change) -> Command:
    """Return the command for a domain; raises as `product_command`."""
    parent = {"parentDomain": _refs(work, [wanted.parent], "/parent")} if wanted.parent is not None else {}
    return Command(
        DOMAIN,
        guid=change.before.guid if change.before else None,
        attributes=_common(work, wanted, change),
        relating=Relating({**parent, **_terms(work, wanted, change)}),
        tags=_tags(work, wanted, change),
        alone=change.before is None or bool({"name", "parent"} & change.said),
        version=change.version,
    )


def _common(work: Workspace, wanted: Common, change: Change) -> dict[str, Any]:
    """Return the attributes that are stated."""
    names = {attribute: getattr(wanted, name) for name, attribute in PLAIN.items() if _says(change, name)}
    return {**names, **_owners(work, wanted, change), **_facets(work, wanted, change)}


def _says(change: Change, name: str) -> bool:
    return name in change.said


def _owners(work: Workspace, wanted: Common, change: Change) -> dict[str, Any]:
    """Return the owners as users and teams; an upsert cannot take all of them away (contract, section 6.1)."""
    if not _says(change, "owners") or (change.merges and not wanted.owners):
        return {}
    found = [_person(work, one, change, f"/owners/{at}") for at, one in enumerate(wanted.owners or ())]
    return {
        "ownerUsers": [one.name for one in found if one.kind is Kind.USER],
        "ownerGroups": [one.name for one in found if one.kind is Kind.TEAM],
    }


def _person(work: Workspace, one: Reference, change: Change, path: str) -> people.Person:
    if one.type not in set(Kind):
        raise InvalidInput(f"`{one.type}` is neither `user` nor `team`", path=f"{path}/type")
    attributes = change.before.attributes if change.before else {}
    near = (*attributes.get("ownerUsers", ()), *attributes.get("ownerGroups", ()))
    with pointed(f"{path}/id"):
        return people.by_id(work, Kind(one.type), one.id, near)


def _facets(work: Workspace, wanted: Common, change: Change) -> dict[str, Any]:
    """Return the attributes that keep what only OpenMetadata says."""
    told = wanted.model_dump(by_alias=True, mode="json", exclude_none=True, exclude={"extension"})
    aliases = {name: info.alias or name for name, info in type(wanted).model_fields.items()}
    names = {aliases[name] for name in change.said if name in aliases} & {*OWN, *TWINS}
    said: dict[str, Any] = {name: told.get(name) for name in names}
    if _says(change, "experts"):
        said["experts"] = [_expert(work, one, change, at) for at, one in enumerate(wanted.experts or ())]
    if isinstance(wanted, ProductSaid) and _says(change, "reviewers"):
        said["reviewers"] = [
            _person(work, one, change, f"/reviewers/{at}").name for at, one in enumerate(wanted.reviewers or ())
        ]
    if _says(change, "extension"):
        free = {name: value for name, value in (wanted.extension or {}).items() if name != SELECTION}
        validate(PRODUCT, {"extension": free or None})
        said["extension"] = {name: value for name, value in free.items() if value is not None}
    return _checked(stated(said, change.before)) if said else {}


def _checked(attributes: dict[str, Any]) -> dict[str, Any]:
    """See that what is kept as one text is one that can be kept."""
    text = attributes.get(KEPT)
    if text is not None and len(text) > 1_048_576:
        raise InvalidInput(f"{len(text):,} characters of free properties; 1,048,576 are kept", path="/extension")
    return attributes


def _expert(work: Workspace, one: str | Expert, change: Change, at: int) -> str:
    """Return the name of an expert, which is said by itself or by id."""
    near = kept(change.before).get("experts", ()) if change.before else ()
    with pointed(f"/experts/{at}"):
        if isinstance(one, Expert):
            return people.by_id(work, Kind.USER, one.id, near).name
        return one if one in near else people.by_name(work, Kind.USER, one).name


def _home(work: Workspace, wanted: ProductSaid, change: Change) -> dict[str, tuple[Ref, ...]]:
    """Return the domain that a product shall be in."""
    said = wanted.domains if wanted.domains is not None else None if wanted.domain is None else [wanted.domain]
    if not {"domain", "domains"} & change.said:
        return {}
    if not said:
        raise InvalidInput("a data product needs a domain", path="/domains", hint="name one that is there")
    if len(said) > 1:
        raise InvalidInput("a data product is in one domain", path="/domains", hint="name one")
    return {"dataDomain": _refs(work, said, "/domains/0" if wanted.domains is not None else "/domain")}


def _refs(work: Workspace, said: Sequence[str | Reference], path: str) -> tuple[Ref, ...]:
    with pointed(path):
        found = [dotted.domain(work, one if isinstance(one, str) else one.id) for one in said]
    return tuple(Ref(DOMAIN, one.guid, path=path) for one in found)


def _selection(work: Workspace, wanted: ProductSaid, change: Change) -> Accepted | None:
    """Return the selection that stands among the free properties; leaving it out leaves it as it is."""
    if not _says(change, "extension") or SELECTION not in (wanted.extension or {}):
        return None
    path, said = f"/extension/{SELECTION}", (wanted.extension or {})[SELECTION]
    if said is None:
        return Accepted(NOTHING, dict.fromkeys(ATTRIBUTES), ())
    if not isinstance(said, str | dict):
        raise InvalidInput("a selection is a text or an object", path=path)
    with pointed(path):
        return accept(work, Written(said if isinstance(said, str) else orjson.dumps(said).decode()))


def _tags(work: Workspace, wanted: Common, change: Change) -> TagChange:
    if not _says(change, "tags"):
        return TagChange()
    names = tag_names(work.record)
    labels = [(at, one) for at, one in enumerate(wanted.tags or ()) if one.source == "Classification"]
    put = tuple(Attachment(_tag(names.internal, names.shown, one, at)) for at, one in labels)
    return TagChange(put=put) if change.merges else TagChange(all_=put)


def _tag(internal: Any, shown: Any, one: Label, at: int) -> str:
    found = internal.get(one.tag_fqn) or (one.tag_fqn if one.tag_fqn in shown else None)
    if found is None:
        raise NotFound(f"tag instance for {one.tag_fqn} not found", path=f"/tags/{at}/tagFQN", hint="define it first")
    return str(found)


def _terms(work: Workspace, wanted: Common, change: Change) -> dict[str, tuple[Ref, ...]]:
    """Return the glossary terms among the tags."""
    if not _says(change, "tags"):
        return {}
    labels = [(at, one) for at, one in enumerate(wanted.tags or ()) if one.source == "Glossary"]
    found = tuple(_term(work, one, f"/tags/{at}/tagFQN") for at, one in labels)
    had = tuple(Ref(TERM, qualified_name=name) for name in (change.before.terms if change.before else ()))
    return {MEANINGS: (*had, *found) if change.merges else found} if found or had else {}


def _term(work: Workspace, one: Label, path: str) -> Ref:
    """Return the term that a label means: its name after that of its glossary."""
    with pointed(path):
        *_, name = dotted.parts(one.tag_fqn)
    query = Bool(filter=(Term("__typeName.keyword", TERM), Term("name.keyword", name), Term("__state", "ACTIVE")))
    found = work.record.entities(list(work.engine.members(query, now=work.clock())))
    anchors = {key for term in found for key in term.relationships.get("anchor", ())}
    glossaries = {each.key: each.name for each in work.record.find([], list(anchors))}
    for term in found:
        if [*_glossary(term, glossaries), term.name] == dotted.parts(one.tag_fqn):
            return Ref(TERM, term.guid, path=path)
    raise NotFound(f"glossaryTerm instance for {one.tag_fqn} not found", path=path, hint="create it first")


def _glossary(term: Entity, glossaries: dict[Key, str]) -> Iterable[str]:
    return [glossaries[key] for key in term.relationships.get("anchor", ()) if key in glossaries]
