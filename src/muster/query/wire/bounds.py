"""The older spelling of `range`: `from`, `to`, `include_lower`, `include_upper`."""

from collections.abc import Mapping
from typing import Any

from muster.query.naming import Place
from muster.query.wire.kinds import FLAG, VALUE, wrong

_SIDES = (("from", "include_lower", "gt", "gte"), ("to", "include_upper", "lt", "lte"))


def modern_bounds(options: Mapping[str, Any], at: Place) -> Mapping[str, Any]:
    """Write older bounds as `gt`, `gte`, `lt`, `lte`; each side may be bounded once, in one of the spellings."""
    modern = dict(options)
    for bound, included, open_name, closed_name in _SIDES:
        said = [name for name in (bound, included, open_name, closed_name) if name in options]
        older = [name for name in said if name in (bound, included)]
        if len(said) > max(1, len(older)):
            raise wrong(
                at, f"`{said[0]}` and `{said[-1]}` bound the same side", f"keep `{closed_name}` or `{open_name}`"
            )
        if older:
            closed = FLAG.read(modern.pop(included), at / included) if included in options else True
            value = modern.pop(bound, None)
            if value is not None:
                modern[closed_name if closed else open_name] = VALUE.read(value, at / bound)
    return modern
