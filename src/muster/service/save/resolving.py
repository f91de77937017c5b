"""From references to entities: by guid, by placeholder, by key, by a friendly name."""

from muster.catalog.entity import Key
from muster.errors import NotFound
from muster.service.save.commands import Ref
from muster.service.save.working import Desk, Working


def resolve(desk: Desk, ref: Ref, path: str) -> Working:
    """Return the copy that a reference means.

    Raises:
        NotFound: there is no such entity; `path` points at the reference.
    """
    found = meant(desk, ref)
    if found is None:
        raise NotFound(f"there is no {ref.type_name} {_words(ref)}", path=ref.path or path, hint=_hint(ref))
    return found


def meant(desk: Desk, ref: Ref) -> Working | None:
    """Return the copy that a reference means; None where there is none."""
    return _by_guid(desk, ref) or _by_name(desk, ref)


def _by_guid(desk: Desk, ref: Ref) -> Working | None:
    return desk.of(desk.placeholders.get(ref.guid, ref.guid)) if ref.guid else None


def _by_name(desk: Desk, ref: Ref) -> Working | None:
    if ref.qualified_name is None:
        return None
    key = Key(ref.type_name, ref.qualified_name)
    friend = desk.befriended.get(key)
    return desk.at(key) or (desk.get(friend) if friend else None)


def _words(ref: Ref) -> str:
    said = (f"with the guid `{ref.guid}`", f"with the qualified name `{ref.qualified_name}`")
    return " or ".join(words for words, known in zip(said, (ref.guid, ref.qualified_name), strict=True) if known)


def _hint(ref: Ref) -> str:
    if ref.guid and ref.guid.startswith("-"):
        return "a guid that begins with `-` names another entity of the same request"
    return "create it first, or name another by `guid` or `uniqueAttributes.qualifiedName`"
