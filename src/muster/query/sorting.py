"""The order of a search: its keys, and how they are written in OpenSearch's JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from muster.errors import InvalidInput, LimitExceeded, UnsupportedClause
from muster.query.naming import Place
from muster.query.wire.kinds import shown

MOST = 10
"""Keys of one order."""

_ORDERS: Mapping[str, bool] = {"asc": False, "desc": True}
_PLACES: Mapping[str, bool] = {"_last": False, "_first": True}
_MODES: Mapping[bool, str] = {False: "min", True: "max"}
"""Which of several values counts, by whether the order descends."""


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of an order; assets without a value come last, or first where that is said; ties go by ordinal.

    A server takes the last whole number of a kind (of `long` 2^63 - 1, or -2^63 when descending) for no value, and the
    first one where assets without a value come first.
    """

    field: str
    descending: bool = False
    missing_first: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said of one key so far."""

    sort: Sort
    mode: str | None = None


def read_sorts(value: Any, path: str = "") -> tuple[Sort, ...]:
    """Read an order: one key or a list, each a name, `{name: "asc"}` or `{name: {"order": "asc", ...}}`.

    `unmapped_type` is taken and not needed: a field that no asset has orders nothing.

    Raises:
        InvalidInput: it is no order.
        UnsupportedClause: an order by a script, by nested objects, or by more than the values themselves.
        LimitExceeded: more than `MOST` keys.
    """
    at = Place(path)
    if not isinstance(value, list):
        return _keys(value, at)
    sorts = tuple(sort for number, one in enumerate(value) for sort in _keys(one, at / number))
    if len(sorts) > MOST:
        raise LimitExceeded(f"{len(sorts)} keys of an order; the limit is {MOST}", path=path, hint="name fewer")
    return sorts


def _keys(value: Any, at: Place) -> tuple[Sort, ...]:
    match value:
        case str():
            return (Sort(value, descending=value == "_score"),)
        case {"_script": _}:
            raise UnsupportedClause("an order carries no script", path=str(at / "_script"), hint="sort by a field")
        case dict() if value:
            return tuple(_key(name, said, at / name) for name, said in value.items())
        case _:
            raise InvalidInput(
                f"a key of an order is a name or an object, got {shown(value)}",
                path=str(at),
                hint='write `{"name.keyword": {"order": "asc"}}`',
            )


def _key(name: str, said: Any, at: Place) -> Sort:
    options = {"order": said} if isinstance(said, str) else said
    if not isinstance(options, dict):
        raise InvalidInput(f"needs an object, got {shown(said)}", path=str(at), hint='write `{"order": "asc"}`')
    found = _Said(Sort(name, descending=name == "_score"))
    for option, given in options.items():
        take = _OPTIONS.get(option)
        if take is None:
            raise UnsupportedClause(
                f"an order has no option `{option:.40}` here", path=str(at / option), hint=f"known are {_KNOWN}"
            )
        found = take(found, given, at / option)
    return _with_usual_mode(found, at)


def _with_usual_mode(said: _Said, at: Place) -> Sort:
    if said.mode not in {None, _MODES[said.sort.descending]}:
        raise UnsupportedClause(
            f"of several values `{_MODES[said.sort.descending]}` counts in this direction",
            path=str(at / "mode"),
            hint="leave `mode` out",
        )
    return said.sort


def _ordered(said: _Said, value: Any, at: Place) -> _Said:
    direction = _one_of(_ORDERS, str(value).lower(), at)
    return replace(said, sort=replace(said.sort, descending=direction))


def _placed(said: _Said, value: Any, at: Place) -> _Said:
    return replace(said, sort=replace(said.sort, missing_first=_one_of(_PLACES, value, at)))


def _moded(said: _Said, value: Any, _at: Place) -> _Said:
    return replace(said, mode=str(value))


def _left(said: _Said, _value: Any, _at: Place) -> _Said:
    return said


def _nested(said: _Said, value: Any, at: Place) -> _Said:
    if value is None:
        return said
    raise UnsupportedClause(
        "an asset has any number of nested objects, and none is the one to go by",
        path=str(at),
        hint="sort by a field of the asset itself",
    )


def _one_of(known: Mapping[str, bool], value: Any, at: Place) -> bool:
    if not isinstance(value, str) or value not in known:
        raise InvalidInput(
            f"needs {' or '.join(f'`{one}`' for one in known)}, got {shown(value)}",
            path=str(at),
            hint="write one of them",
        )
    return known[value]


_OPTIONS: Mapping[str, Callable[[_Said, Any, Place], _Said]] = {
    "order": _ordered,
    "missing": _placed,
    "mode": _moded,
    "unmapped_type": _left,
    "nested": _nested,
}
_KNOWN = ", ".join(_OPTIONS)
