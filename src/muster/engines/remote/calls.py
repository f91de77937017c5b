"""What can be asked of an engine from another process, and how its errors come across."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from muster import errors
from muster.errors import EngineUnavailable, MusterError
from muster.protocols import Engine

AS_THEY_ARE: Final = (
    "count",
    "search",
    "aggregate",
    "members",
    "postings",
    "tally",
    "terms",
    "apply",
    "position",
    "owner",
    "claim",
    "digests",
    "examine",
)
"""The methods whose arguments and answers go across as they are: one name here is all that a new one needs."""


def _same(name: str) -> Callable[..., Any]:
    return lambda engine, *args, **kwargs: getattr(engine, name)(*args, **kwargs)


def _found(engine: Engine) -> dict[str, str]:
    """Return what documents brought; the mapped fields are known on the other side."""
    return dict(engine.fields().found)


def _renew(engine: Engine, *, fresh: bool) -> None:
    engine.successor(fresh=fresh)


CALLS: Final[Mapping[str, Callable[..., Any]]] = {name: _same(name) for name in AS_THEY_ARE} | {
    "found": _found,
    "renew": _renew,
}

_BY_CODE: Final = {
    one.code: one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, MusterError)
}


def raised(said: Mapping[str, Any]) -> MusterError:
    """Return the error that `as_dict` described."""
    kind = _BY_CODE.get(said["code"], EngineUnavailable)
    return kind(said["message"], path=said.get("path"), hint=said.get("hint"))
