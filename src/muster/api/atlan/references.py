"""From the forms in which Atlan's clients name another entity to references."""

from collections.abc import Mapping
from typing import Any

from muster.api.pointing import a_list, a_text, an_object, step
from muster.catalog.schema import relation
from muster.errors import InvalidInput
from muster.service.save.commands import Ref


def relationships(said: Mapping[str, Any], key: str, type_name: str, path: str) -> dict[str, tuple[Ref, ...]]:
    """Return the relationships that an entity's JSON states under a key, by name.

    Raises:
        InvalidInput: a name that is no relationship of the type, or a value that names no entity.
    """
    at = step(path, key)
    stated = an_object(said.get(key), at)
    return {name: related(type_name, name, value, step(at, name)) for name, value in stated.items()}


def related(type_name: str, name: str, value: Any, path: str) -> tuple[Ref, ...]:
    """Return the entities that one relationship names: one as an object, any number as a list, none as null.

    Raises:
        InvalidInput: the type has no such relationship, it holds one and several are named, or one is not named.
    """
    known = relation(type_name, name)
    if known is None:
        raise InvalidInput(f"`{type_name}` has no relationship `{name}`", path=path)
    listed = list(a_list(value, path)) if isinstance(value, list) else [(path, value)] if value is not None else []
    if not known.many and len(listed) > 1:
        raise InvalidInput(f"`{name}` holds one entity, not {len(listed)}", path=path)
    return tuple(reference(one, known.target, at) for at, one in listed)


def reference(value: Any, target: str, path: str) -> Ref:
    """Return the entity that an object names: by guid, by unique attribute, or as it was read.

    Some clients repeat the guid where the qualified name belongs.

    Raises:
        InvalidInput: it names none.
    """
    said = an_object(value, path)
    guid = a_text(said.get("guid"), step(path, "guid"))
    name = _name(said, "uniqueAttributes", path) or _name(said, "attributes", path)
    if guid is None and name is None:
        raise InvalidInput(
            "this names no entity",
            path=path,
            hint='name it by `guid`, or by `uniqueAttributes: {"qualifiedName": ...}`',
        )
    type_name = a_text(said.get("typeName"), step(path, "typeName"))
    return Ref(type_name or target, guid, None if name == guid else name, path)


def _name(said: Mapping[str, Any], place: str, path: str) -> str | None:
    at = step(path, place)
    return a_text(an_object(said.get(place), at).get("qualifiedName"), step(at, "qualifiedName"))
