"""Dates relative to the moment of the run: `{{now-3d}}` in an asset becomes an ISO instant in UTC."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, TypeVar

_PLACEHOLDER = re.compile(r"\{\{now(?P<offset>[+-]\d+[dhms])?(?P<day>/d)?(?P<nudge>[+-]\d+[dhms])?(?P<form>:\w+)?\}\}")
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
Told = TypeVar("Told")


def on_one_day(ask: Callable[[dt.datetime], Told]) -> Told:
    """What is told at a moment that is passed on: asked anew when midnight (UTC) came in between.

    Servers know no moment but their own, so assets that tell of today are made as late as can be.
    """
    now = dt.datetime.now(dt.UTC)
    told = ask(now)
    return told if dt.datetime.now(dt.UTC).date() == now.date() else on_one_day(ask)


def fill(value: Any, now: dt.datetime) -> Any:
    """`value` with every placeholder replaced, in texts, lists and objects alike.

    A placeholder is `{{now}}` with an optional offset (`-3d`, `+2h`), an optional `/d` (start of that day) with an
    offset of its own, and an optional form: `:millis` gives an integer, `:day` a plain date.
    """
    match value:
        case str():
            return _filled(value, now)
        case list():
            return [fill(item, now) for item in value]
        case dict():
            return {key: fill(item, now) for key, item in value.items()}
        case _:
            return value


def _filled(text: str, now: dt.datetime) -> str | int:
    if "{{" not in text:
        return text
    found = _PLACEHOLDER.fullmatch(text)
    if found is None:
        raise ValueError(f"not a placeholder: {text}")
    moment = now.astimezone(dt.UTC) + _offset(found["offset"])
    if found["day"]:
        moment = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return _written(moment + _offset(found["nudge"]), found["form"])


def _offset(text: str | None) -> dt.timedelta:
    return dt.timedelta(**{_UNITS[text[-1]]: int(text[:-1])}) if text else dt.timedelta()


def _written(moment: dt.datetime, form: str | None) -> str | int:
    match form:
        case None:
            return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case ":millis":
            return int(moment.timestamp() * 1000)
        case ":day":
            return moment.date().isoformat()
        case _:
            raise ValueError(f"unknown form `{form}`")
