"""The type system: which types there are and what each descends from (Atlan's, 505 types)."""

import json
from functools import cache
from importlib.resources import files


@cache
def supertypes() -> dict[str, tuple[str, ...]]:
    """Return type name -> its ancestors, nearest first."""
    text = files("muster.catalog").joinpath("supertypes.json").read_text(encoding="utf-8")
    return {name: tuple(ancestors) for name, ancestors in json.loads(text).items()}


def ancestors(type_name: str) -> tuple[str, ...]:
    """Return the ancestors of a type; an unknown type is taken for an asset."""
    return supertypes().get(type_name, ("Asset", "Referenceable"))
