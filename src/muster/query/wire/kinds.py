"""Kinds of option values: what each reads, and how it complains.

OpenSearch takes many spellings: numbers and booleans as text, names in any case. A kind reads all of them into one.
"""

import json
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from muster.errors import InvalidSelection
from muster.query.minimum import spelled
from muster.query.naming import Place
from muster.query.nodes import Minimum, Value

_LARGEST_SINGLE = 3.4028234663852886e38
_INT32 = range(-(2**31), 2**31)
_REWRITES = re.compile(
    r"constant_score|constant_score_blended|constant_score_boolean|scoring_boolean"
    r"|top_terms_[1-9][0-9]*|top_terms_boost_[1-9][0-9]*|top_terms_blended_freqs_[1-9][0-9]*"
)
_AUTO = re.compile(r"AUTO(?::(?P<low>[0-9]{1,9}),(?P<high>[0-9]{1,9}))?", re.IGNORECASE)
_BOOSTED_FIELD = re.compile(r"[^^]+(?:\^[0-9]+(?:\.[0-9]+)?)?")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value without clauses in it."""

    read: Callable[[Any, Place], Any]


@dataclass(frozen=True, slots=True)
class One:
    """A clause."""

    span: bool = False


@dataclass(frozen=True, slots=True)
class Many:
    """A list of clauses; `bare` ones may stand without the list, `some` says that it must not be empty."""

    span: bool = False
    bare: bool = True
    some: bool = False


Kind: TypeAlias = Scalar | One | Many


def wrong(at: Place, message: str, hint: str | None = None) -> InvalidSelection:
    """Return the complaint about a place."""
    return InvalidSelection(message, path=str(at), hint=hint)


def shown(value: Any) -> str:
    """Say what kind of JSON value it is, as it may stand in a message."""
    match value:
        case None:
            return "null"
        case dict():
            return "an object"
        case list() | tuple():
            return "a list"
        case _:
            return f"`{json.dumps(value)[:40]}`"


def _value(value: Any, at: Place) -> Value:
    if isinstance(value, str | int | float):
        return value
    raise wrong(
        at, f"needs one value, got {shown(value)}", "write text, a number or a boolean; for several values use `terms`"
    )


def _text(value: Any, at: Place) -> str:
    match value:
        case str():
            return value
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case _:
            raise wrong(at, f"needs text, got {shown(value)}", "write it in quotes")


def _name(value: Any, at: Place) -> str:
    text = _text(value, at)
    if not text:
        raise wrong(at, "the name is empty", "name a field")
    return text


def _flag(value: Any, at: Place) -> bool:
    known = {True: True, False: False, "true": True, "false": False}
    if isinstance(value, bool | str) and value in known:
        return known[value]
    raise wrong(at, f"needs true or false, got {shown(value)}", "write `true` or `false`")


def _number(value: Any, at: Place) -> float:
    try:
        number = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        number = math.nan
    if not abs(number) <= _LARGEST_SINGLE:
        raise wrong(at, f"needs a number, got {shown(value)}", "write a number such as `1.5`")
    return number


def _boost(value: Any, at: Place) -> float:
    number = _number(value, at)
    if number < 0:
        raise wrong(at, "a boost cannot be negative", "write 0 or more, or leave it out: a boost never changes members")
    return number


def _share(value: Any, at: Place) -> float:
    number = _number(value, at)
    if not 0 <= number <= 1:
        raise wrong(at, f"needs a number from 0 to 1, got {shown(value)}", "it only orders hits; it can be left out")
    return number


def whole(least: int | None = None) -> Scalar:
    """Whole numbers of 32 bits; a fraction is cut off, as OpenSearch does."""

    def read(value: Any, at: Place) -> int:
        number = int(_number(value, at))
        if number not in _INT32:
            raise wrong(at, f"needs a whole number of 32 bits, got {shown(value)}", "write a smaller number")
        if least is not None and number < least:
            raise wrong(at, f"needs {least} or more, got {number}", f"write {least} or more")
        return number

    return Scalar(read)


def choice(*names: str, folded: bool = True, also: dict[str, str] | None = None) -> Scalar:
    """One of the names, `folded` in any case; `also` holds other spellings."""
    spellings = {**{name: name for name in names}, **(also or {})}

    def read(value: Any, at: Place) -> str:
        text = _text(value, at)
        found = spellings.get(text.lower() if folded else text)
        if found is None:
            raise wrong(at, f"`{text:.40}` is not one of {_listed(names)}", f"write {_listed(names, 'or')}")
        return found

    return Scalar(read)


def flags(*names: str) -> Scalar:
    """Names joined by `|`, in any case; none at all is as if it was not said."""

    def read(value: Any, at: Place) -> str | None:
        said = [name for name in _text(value, at).upper().split("|") if name]
        for name in said:
            if name not in names:
                raise wrong(at, f"`{name:.40}` is not one of {_listed(names)}", "join names with `|`")
        return "|".join(said) or None

    return Scalar(read)


def _bits_or(named: Scalar) -> Scalar:
    """A set of flags as a number, or else by their names."""

    def read(value: Any, at: Place) -> Any:
        return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else named.read(value, at)

    return Scalar(read)


def _fuzziness(value: Any, at: Place) -> str | int:
    auto = _AUTO.fullmatch(value) if isinstance(value, str) else None
    if auto is None:
        return _edits(value, at)
    if auto["low"] and int(auto["low"]) > int(auto["high"]):
        raise wrong(at, f"`{value}` has its lengths the wrong way round", "write the lower length first")
    return str(auto[0]).upper()


def _edits(value: Any, at: Place) -> int:
    try:
        edits = int(_number(value, at))
    except InvalidSelection:
        edits = -1
    if edits < 0:
        raise wrong(at, f"{shown(value)} is not a fuzziness", 'write 0, 1, 2, "AUTO" or "AUTO:3,6"')
    return edits


def _minimum(value: Any, at: Place) -> Minimum:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise wrong(at, f"needs a number or text, got {shown(value)}", 'write 1, "75%" or "2<75% 9<-3"')
    try:
        return spelled(value)
    except InvalidSelection as error:
        raise wrong(at, error.message, error.hint) from None


def _rewrite(value: Any, at: Place) -> str:
    text = _text(value, at)
    if not _REWRITES.fullmatch(text):
        raise wrong(at, f"`{text:.40}` is not a way to rewrite", "write `constant_score`, or leave it out")
    return text


def _listing(read: Callable[[Any, Place], Any]) -> Callable[[Any, Place], tuple[Any, ...]]:
    def read_all(value: Any, at: Place) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise wrong(at, f"needs a list, got {shown(value)}", "write a list")
        return tuple(read(one, at / position) for position, one in enumerate(value))

    return read_all


def _texts(value: Any, at: Place) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(_listing(_text)(value, at))


def _boosted_field(value: Any, at: Place) -> str:
    text = _text(value, at)
    if not _BOOSTED_FIELD.fullmatch(text):
        raise wrong(at, f"`{text:.40}` is not a field", "write `name` or `name^2`")
    return text


def _boosted_fields(value: Any, at: Place) -> tuple[str, ...]:
    return (_boosted_field(value, at),) if isinstance(value, str) else tuple(_listing(_boosted_field)(value, at))


def _listed(names: Iterable[str], last: str = "and") -> str:
    quoted = [f"`{name}`" for name in names]
    return f" {last} ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


VALUE = Scalar(_value)
VALUES = Scalar(_listing(_value))
TEXT = Scalar(_text)
TEXTS = Scalar(_texts)
NAME = Scalar(_name)
FLAG = Scalar(_flag)
BOOST = Scalar(_boost)
SHARE = Scalar(_share)
WHOLE = whole()
NATURAL = whole(0)
POSITIVE = whole(1)
FUZZINESS = Scalar(_fuzziness)
MINIMUM = Scalar(_minimum)
REWRITE = Scalar(_rewrite)
FIELDS = Scalar(_boosted_fields)
FIELD_LIST = Scalar(_listing(_boosted_field))
OPERATOR = choice("and", "or")
ZERO_TERMS = choice("none", "all")
RELATION = choice("intersects", "contains", "within")
SCORE_MODE = choice(
    "none",
    "min",
    "max",
    "avg",
    "sum",
    also={f"childscoremode.{mode}": mode for mode in ("none", "min", "max", "avg", "sum")},
)
MATCH_TYPE = choice(
    "best_fields", "most_fields", "cross_fields", "phrase", "phrase_prefix", "bool_prefix",
    folded=False, also={"boolean": "best_fields"},
)  # fmt: skip
REGEXP_FLAGS = flags("ALL", "ANYSTRING", "COMPLEMENT", "EMPTY", "INTERSECTION", "INTERVAL", "NONE")
SIMPLE_FLAGS = _bits_or(
    flags(
        "ALL", "AND", "ESCAPE", "FUZZY", "NEAR", "NONE", "NOT", "OR",
        "PHRASE", "PRECEDENCE", "PREFIX", "SLOP", "WHITESPACE",
    )
)  # fmt: skip
ONE = One()
MANY = Many()
SOME = Many(some=True)
SPAN = One(span=True)
SPANS = Many(span=True, bare=False, some=True)
