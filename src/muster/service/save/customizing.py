"""Custom metadata: sets of attributes that people define; an entity keeps the values by attribute."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from muster.catalog.schema import AttributeKind
from muster.catalog.typedef import Category, Typedef
from muster.catalog.validate import EXPECTED, HOLDS, validate
from muster.errors import InvalidInput, NotFound
from muster.protocols import Typedefs
from muster.service.save.commands import Command, CustomChange
from muster.service.save.working import Working
from muster.service.typedefs import BUILT_IN

SHOWN = 20
"""Values and attributes that an error names."""
LONGEST = 200
"""Characters of an error that repeats what was sent."""

KINDS: Mapping[str, AttributeKind] = {
    "boolean": AttributeKind.TRUTH,
    "byte": AttributeKind.WHOLE,
    "short": AttributeKind.WHOLE,
    "int": AttributeKind.WHOLE,
    "long": AttributeKind.WHOLE,
    "float": AttributeKind.FRACTION,
    "double": AttributeKind.FRACTION,
    "date": AttributeKind.TIME,
}
"""What the values of a primitive type are; those of any other, `string` and enums among them, are texts."""


def customized(working: Working, command: Command, known: Typedefs) -> Working:
    """Return a copy with the custom metadata that a command leaves it; `custom_when_new` counts when it creates the entity.

    Raises:
        NotFound: a set or an attribute that no typedef has.
        InvalidInput: a value of another type than the attribute's, or none of the values of its enum.
    """
    change, path = command.custom, f"{command.path}/businessAttributes"
    new = command.custom_when_new if working.fresh else {}
    said = {**dict(_said(new, known, path)), **dict(_said(change.values, known, path))}
    cleared = set(_replaced(change, known, path)) if change.replaces else set()
    kept = {name: value for name, value in working.draft.custom.items() if name not in cleared}
    custom = {name: value for name, value in {**kept, **said}.items() if value not in (None, [])}
    return replace(working, draft=replace(working.draft, custom=custom))


def _said(sets: Mapping[str, Mapping[str, Any]], known: Typedefs, path: str) -> Iterator[tuple[str, Any]]:
    for name, values in sets.items():
        definitions = _definitions(_set(known, name, f"{path}/{name}"))
        for attribute, value in values.items():
            at = f"{path}/{name}/{attribute}"
            if attribute not in definitions:
                raise NotFound(
                    f"custom metadata `{name}` has no attribute `{attribute}`", path=at, hint=_hint(definitions)
                )
            yield attribute, _checked(definitions[attribute], value, known, at)


def _replaced(change: CustomChange, known: Typedefs, path: str) -> Iterator[str]:
    """Yield the attributes that a replacement takes away where it does not say them."""
    sets = [one for one in known.by_name.values() if one.category is Category.BUSINESS_METADATA]
    for one in sets if change.only is None else [_set(known, change.only, path)]:
        yield from _definitions(one)


def _set(known: Typedefs, name: str, path: str) -> Typedef:
    found = known.by_name.get(name)
    if found is None or found.category is not Category.BUSINESS_METADATA:
        raise NotFound(
            f"there is no custom metadata `{name}`",
            path=path,
            hint="define it as a typedef first, and send its internal name",
        )
    return found


def _definitions(one: Typedef) -> dict[str, Mapping[str, Any]]:
    return {definition["name"]: definition for definition in one.body.get("attributeDefs") or ()}


def _hint(definitions: Mapping[str, Mapping[str, Any]]) -> str:
    names = [f"`{name}` ({definition.get('displayName', name)})" for name, definition in definitions.items()]
    return f"it has {', '.join(names[:SHOWN])}" if names else "it has none"


def _checked(definition: Mapping[str, Any], value: Any, known: Typedefs, path: str) -> Any:
    """Return a value as it is to be kept: one that stands alone where a list belongs as a list of one."""
    if value is None or value == []:
        return None
    name, many = _type(definition)
    kind, elements = KINDS.get(name, AttributeKind.TEXT), _elements(definition, name, known)
    for one in value if many and isinstance(value, list) else [value]:
        if not HOLDS[kind](one):
            raise InvalidInput(f"`{one!r}` is not {EXPECTED[kind]}", path=path)
        if elements and one not in elements:
            hint = f"it has {', '.join(f'`{element}`' for element in elements[:SHOWN])}"
            raise InvalidInput(f"`{one}` is no value of the enum `{name}`"[:LONGEST], path=path, hint=hint)
    validate("Asset", {definition["name"]: value}, path.rpartition("/")[0])
    return [value] if many and not isinstance(value, list) else value


def _elements(definition: Mapping[str, Any], name: str, known: Typedefs) -> list[str]:
    """Return the values that an attribute may have, none where it is of no enum."""
    stated = (definition.get("options") or {}).get("enumType")
    found = known.by_name.get(name) or known.by_name.get(str(stated)) or BUILT_IN.get(name)
    elements = found.body.get("elementDefs") or () if found and found.category is Category.ENUM else ()
    return [element["value"] for element in elements]


def _type(definition: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the type of one value, and whether there may be several."""
    stated = str(definition.get("typeName", "string"))
    several = str((definition.get("options") or {}).get("multiValueSelect", "false")).lower() == "true"
    return stated.removeprefix("array<").removesuffix(">"), several or stated.startswith("array<")
