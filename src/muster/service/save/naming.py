"""Qualified names that are made here: of domains, products, glossaries, terms and categories.

    domain      default/domain/<id>/super, below another one <its qualified name>/domain/<id>
    product     <qualified name of its domain>/product/<id>
    glossary    <id>
    term        <id>@<qualified name of its glossary>, and a category likewise

A name that has exactly this form and is free is kept, so that importers and restores can state one. Whoever moves gets a
new name under the same id, and so does everything below it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from muster.catalog.entity import Key
from muster.errors import InvalidInput
from muster.service.domains import DOMAIN, PRODUCT, new_id
from muster.service.save.working import TERM, Desk, Working, copy

GLOSSARY = "AtlasGlossary"
CATEGORY = "AtlasGlossaryCategory"

PARENTS: Mapping[str, str] = {DOMAIN: "parentDomain", PRODUCT: "dataDomain", TERM: "anchor", CATEGORY: "anchor"}
"""By type, the relationship to the entity whose qualified name is part of the own."""

GENERATED = frozenset({GLOSSARY, *PARENTS})
"""The types whose qualified names are made here."""

_ID = "[A-Za-z0-9-]{21}"


def _of_domain(parent: str | None, own: str) -> str:
    return f"default/domain/{own}/super" if parent is None else f"{parent}/domain/{own}"


def _of_product(parent: str | None, own: str) -> str:
    return f"{parent}/product/{own}"


def _of_glossary(parent: str | None, own: str) -> str:
    return own if parent is None else f"{own}@{parent}"


_FORMS: Mapping[str, Callable[[str | None, str], str]] = {
    DOMAIN: _of_domain,
    PRODUCT: _of_product,
    GLOSSARY: _of_glossary,
    TERM: _of_glossary,
    CATEGORY: _of_glossary,
}


def names(desk: Desk) -> dict[Key, Key]:
    """Return the keys that change, old by new, of all entities on the desk whose names are made here.

    Raises:
        InvalidInput: a domain would be below itself.
    """
    made: dict[str, str] = {}
    for working in desk:
        if working.key.type_name in GENERATED:
            _name(desk, working, made, frozenset())
    renamed = {desk.get(guid).key: Key(desk.get(guid).key.type_name, name) for guid, name in made.items()}
    return {old: new for old, new in renamed.items() if old != new}


def _name(desk: Desk, working: Working, made: dict[str, str], below: frozenset[str]) -> str:
    """Return the name of a copy, that of its parent made first."""
    if working.guid in made:
        return made[working.guid]
    if working.guid in below:
        said = sorted(path for guid in below if (path := desk.get(guid).path))
        path = f"{said[0] if said else ''}/attributes/{PARENTS[working.key.type_name]}"
        raise InvalidInput("a domain cannot be moved below itself", path=path, hint="name another parent")
    key = parent_of(working)
    parent = None if key is None else desk.at(key)
    stated = None if key is None else key.qualified_name
    above = _name(desk, parent, made, below | {working.guid}) if parent else stated
    moved = parent is not None and parent.key.qualified_name != above
    made[working.guid] = _own(desk, working, above, moved=moved)
    return made[working.guid]


def parent_of(working: Working) -> Key | None:
    """Return the entity whose qualified name is part of a copy's own."""
    return working.one(PARENTS.get(working.key.type_name, ""))


def has_moved(working: Working) -> bool:
    """Whether a stored entity has another parent than before."""
    return working.stored is not None and parent_of(working) != parent_of(copy(working.stored))


def _own(desk: Desk, working: Working, parent: str | None, *, moved: bool) -> str:
    """Return the name of a copy below a parent: a new one's as it asks, else one made anew, others' under their id."""
    form = _FORMS[working.key.type_name]
    if working.stored is not None:
        stored = working.key.qualified_name
        return form(parent, _own_id(stored)) if moved or has_moved(working) else stored
    wanted = desk.wanted.get(working.guid)
    free = wanted is not None and desk.at(Key(working.key.type_name, wanted)) is None
    if wanted is not None and free and re.fullmatch(form(parent and re.escape(parent), _ID), wanted):
        return wanted
    return form(parent, new_id())


def _own_id(name: str) -> str:
    """Return the id in a name that was made here; any other name gives the last part that is one's own."""
    return name.removesuffix("/super").rsplit("/", 1)[-1]


def rename(desk: Desk, renamed: Mapping[Key, Key]) -> None:
    """Give entities their new keys, and name them by those wherever a copy on the desk names them."""
    if not renamed:
        return
    for working in desk:
        draft = working.draft
        relationships = {name: _mapped(keys, renamed) for name, keys in draft.relationships.items()}
        terms = tuple(key.qualified_name for key in _mapped((Key(TERM, term) for term in draft.terms), renamed))
        key = renamed.get(draft.key, draft.key)
        new = replace(draft, key=key, relationships=relationships, terms=terms)
        if new != draft:
            desk.put(replace(working, draft=new))


def _mapped(keys: Iterable[Key], renamed: Mapping[Key, Key]) -> tuple[Key, ...]:
    return tuple(renamed.get(key, key) for key in keys)
