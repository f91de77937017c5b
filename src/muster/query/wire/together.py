"""Options that OpenSearch does not take together."""

from collections.abc import Mapping
from typing import Any

from muster.query.naming import Place
from muster.query.wire.kinds import wrong

_NOT_WITH = {"slop": ("bool_prefix",), "fuzziness": ("cross_fields", "phrase", "phrase_prefix")}


_SAYS_NOTHING: dict[str, tuple[Any, ...]] = {"slop": (None, 0), "fuzziness": (None,)}
"""What an option may say without meaning anything."""


def check_multi_match(said: Mapping[str, Any], at: Place) -> None:
    """Refuse options that the type of a `multi_match` has no use for."""
    for option, types in _NOT_WITH.items():
        if said.get(option) not in _SAYS_NOTHING[option] and said.get("type") in types:
            raise wrong(
                at / option, f"`{option}` does not go with type `{said['type']}`", "leave it out, or change the type"
            )


def check_span_not(said: Mapping[str, Any], at: Place) -> None:
    """Refuse `dist`, which is both, beside `pre` or `post`."""
    if "dist" in said and ("pre" in said or "post" in said):
        raise wrong(at / "dist", "`dist` is `pre` and `post` in one", "keep `dist`, or the other two")
