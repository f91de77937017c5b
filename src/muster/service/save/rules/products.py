"""Data products: what each needs, and what it says when nobody does."""

from collections.abc import Mapping
from dataclasses import replace

from muster.errors import InvalidInput
from muster.query import faces
from muster.query.faces import Face
from muster.query.limits import Limits
from muster.query.nodes import MatchNone
from muster.query.rules import EMPTY
from muster.query.wire import canonical
from muster.service.save.naming import has_moved, parent_of
from muster.service.save.working import Desk, Working
from muster.service.selecting import stored

DSL = "dataProductAssetsDSL"
PORTS: Mapping[str, str] = {"outputPorts": "daapOutputPortGuids", "inputPorts": "daapInputPortGuids"}
"""Ports, and the attribute that lists their guids."""

NOTHING = stored(canonical(MatchNone()), Face.WIRE, MatchNone())
"""What a product selects before anybody has said."""

TWINS: Mapping[str, str] = {"daapStatus": "dataProductStatus", "daapVisibility": "dataProductVisibility"}
DEFAULTS: Mapping[str, str] = {
    "daapStatus": "Active",
    "daapVisibility": "Private",
    "dataProductAssetsPlaybookFilter": EMPTY,
}


def completed(_: Desk, working: Working) -> Working:
    """Return a new product with what it did not say; others as they are.

    Raises:
        InvalidInput: a product has no domain.
    """
    if parent_of(working) is None and (working.fresh or has_moved(working)):
        raise InvalidInput(
            f"{_called(working)} needs a domain",
            path=f"{working.path}/attributes/dataDomain",
            hint="send `dataDomain`; to update a product, send its guid or its whole qualified name",
        )
    said = working.draft.attributes
    if working.fresh:
        defaults = {name: said.get(TWINS.get(name, name), value) for name, value in DEFAULTS.items()}
        return working.with_attributes({**defaults, **said})
    return working


def _called(working: Working) -> str:
    name = working.draft.attributes.get("name")
    return f"data product `{name}`" if name else "a data product"


def selecting(working: Working, limits: Limits) -> Working:
    """Return a copy with the selection that its query asks for, when the query is another than before.

    A new product that has no query yet selects nothing; one whose selection was said by itself has it already.

    Raises:
        InvalidSelection, UnsupportedClause, LimitExceeded: it cannot be read; `path` points into it.
        InvalidInput: its query is taken from a product.
    """
    text, path = working.draft.attributes.get(DSL), f"{working.path}/attributes/{DSL}"
    if working.selection is not None:
        return working
    if working.fresh and text is None:
        return replace(working, selection=NOTHING)
    if text == working.before.get(DSL) and not working.fresh:
        return working
    if text is None:
        raise InvalidInput(
            f"{_called(working)} cannot do without its query",
            path=path,
            hint='send another as a text: `{"query": {"dsl": {"query": {...}}}}`',
        )
    try:
        node = faces.read(Face.DSL, text, limits)
    except InvalidInput as error:
        raise type(error)(error.message, path=f"{path}{error.path or ''}", hint=error.hint) from error
    return replace(working, selection=stored(text, Face.DSL, node))


def ported(desk: Desk, working: Working) -> Working:
    """Return a copy that lists the guids of its ports, where they are others than before."""
    before = {} if working.stored is None else working.stored.relationships
    changed = [name for name in PORTS if working.named(name) != before.get(name, ())]
    found = {name: [one.guid for key in working.named(name) if (one := desk.at(key))] for name in changed}
    return working.with_attributes({PORTS[name]: guids or None for name, guids in found.items()})
