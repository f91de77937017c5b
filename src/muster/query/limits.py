"""How large a selection may be, and JSON read within those bounds.

Depth is counted before anything recurses: over text in one linear scan, over objects in a loop with its own stack.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from muster.errors import InvalidSelection, LimitExceeded
from muster.query.naming import Place, walk
from muster.query.nodes import Ids, Node, Regexp, Terms
from muster.query.rewrite import rewrite
from muster.query.tree import children


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one selection."""

    text: int = 1_048_576
    """Bytes of its text in UTF-8."""
    nesting: int = 32
    """Clauses within each other."""
    clauses: int = 1_024
    """Clauses that are left after rewriting."""
    terms: int = 65_536
    """Values in all `terms` and `ids` clauses together."""
    regexp: int = 1_000
    """Characters of one `regexp`."""

    BRACKETS_OF_A_CLAUSE: ClassVar[int] = 3
    """`{"bool": {"filter": [` opens three until the next clause begins; no clause opens more."""
    BRACKETS_AROUND: ClassVar[int] = 8
    """What may stand around the query: `{"query": {"dsl": {"query":` and the like."""
    BITS_OF_AN_INTEGER: ClassVar[int] = 1_024
    """As many as the largest float has; text of that length is still quick to read and write."""

    @property
    def brackets(self) -> int:
        """Objects and lists within each other, in text or in an object."""
        return self.nesting * self.BRACKETS_OF_A_CLAUSE + self.BRACKETS_AROUND


DEFAULT = Limits()

_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]|\\(?:.|\Z))*+(?:"|\Z)|([\[{])|([\]}])', re.DOTALL)
_EXCERPT = 20


def load_json(text: str | bytes, limits: Limits = DEFAULT) -> Any:
    """Read JSON into plain objects that `check_value` has passed.

    Raises:
        LimitExceeded: too long, too deep, or an integer too large.
        InvalidSelection: not UTF-8, not JSON, a key twice in one object, or a number that is not finite.
    """
    read = decoded(text, limits)
    _scan_depth(read, limits)
    try:
        value = json.loads(read, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise InvalidSelection(
            f"not JSON: {error.msg.lower().removesuffix(' at')} {_place(read, error.pos)}", hint="correct it there"
        ) from error
    except ValueError as error:
        raise LimitExceeded("an integer is too large", hint=f"stay within {limits.BITS_OF_AN_INTEGER} bits") from error
    check_value(value, limits)
    return value


def decoded(text: str | bytes, limits: Limits = DEFAULT) -> str:
    """Return a text that is as long as the limits allow.

    Raises:
        LimitExceeded: too long.
        InvalidSelection: it is not UTF-8, or cannot be written in it.
    """
    if len(text) > limits.text:
        raise _too_long(limits)
    try:
        encoded = text.encode() if isinstance(text, str) else text
        read = encoded.decode()
    except UnicodeError as error:
        raise InvalidSelection(f"not UTF-8: {error}", hint="encode the text as UTF-8") from error
    if len(encoded) > limits.text:
        raise _too_long(limits)
    return read


def check_value(value: Any, limits: Limits = DEFAULT, path: str = "") -> None:
    """Hold an object of dicts, lists and scalars, which stands at `path`, to the limits; it may contain itself.

    Raises:
        LimitExceeded: too deep, an integer too large, or so much in it that its text would be too long.
        InvalidSelection: something that JSON does not have, a key twice, or text that UTF-8 cannot hold.
    """
    size = 0
    for at, part, depth in _parts(value, path):
        if depth > limits.brackets:
            raise _too_deep(limits, at=str(at))
        size += _size(part, at, limits)
        if size > limits.text:
            raise _too_long(limits)


def check_node(node: Node, limits: Limits = DEFAULT, path: str = "") -> None:
    """Hold clauses, which stand at `path`, to the limits, wherever they come from.

    Raises:
        LimitExceeded: too deep, too many clauses after rewriting, too many terms, a regexp too long.
    """
    _check_nesting(node, limits, path)
    terms = 0
    for at, clause in walk(node, path):
        match clause:
            case Terms(values=values) | Ids(values=values):
                terms += len(values)
            case Regexp(field=field, value=value) if len(value) > limits.regexp:
                message = f"a regexp of {len(value):,} characters; the limit is {limits.regexp:,}"
                raise LimitExceeded(
                    message, path=str(Place(at) / "regexp" / field), hint="match a prefix or a wildcard"
                )
            case _:
                pass
        if terms > limits.terms:
            raise LimitExceeded(
                f"more than {limits.terms:,} terms", path=at, hint="tag these assets and select the tag"
            )
    _check_clauses(node, limits, path)


def _check_clauses(node: Node, limits: Limits, path: str) -> None:
    """Count clauses; rewriting never adds any, so it is left out for the few clauses that most selections have."""
    if sum(1 for _ in walk(node)) > limits.clauses:
        clauses = sum(1 for _ in walk(rewrite(node)))
        if clauses > limits.clauses:
            message = f"{clauses:,} clauses; the limit is {limits.clauses:,}"
            raise LimitExceeded(message, path=path, hint="gather values of one field in a `terms` clause")


def _scan_depth(text: str, limits: Limits) -> None:
    """Count brackets outside strings; an unclosed string runs to the end, so that the scan stays linear."""
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        depth += (found[1] is not None) - (found[2] is not None)
        if depth > limits.brackets:
            raise _too_deep(limits, place=_place(text, found.start()))


def _check_nesting(node: Node, limits: Limits, path: str) -> None:
    level: list[Node] = [node]
    for _ in range(limits.nesting):
        level = [inside for clause in level for _, inside in children(clause)]
        if not level:
            return
    raise _too_deep(limits, at=path)


class _Repeated(dict[str, Any]):
    """An object with a key that came twice, kept until its pointer is known."""

    __slots__ = ("key",)
    key: str


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    repeated = _Repeated(plain)
    repeated.key = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return repeated


def _parts(value: Any, path: str) -> Iterator[tuple[Place, Any, int]]:
    """Yield every value with its pointer and the number of brackets open in it, one branch at a time."""
    waiting: list[tuple[Place, Any, int]] = [(Place(path), value, 0)]
    while waiting:
        at, part, depth = waiting.pop()
        within = depth + isinstance(part, dict | list | tuple)
        yield at, part, within
        if isinstance(part, dict):
            waiting.extend((at / key, inside, within) for key, inside in part.items())
        elif isinstance(part, list | tuple):
            waiting.extend((at / position, inside, within) for position, inside in enumerate(part))


def _size(part: Any, at: Place, limits: Limits) -> int:
    """Return the least number of bytes that the value itself takes in JSON, without what is inside."""
    match part:
        case _Repeated():
            raise InvalidSelection(
                f"`{part.key:.40}` stands twice in one object", path=str(at / part.key), hint="keep one of them"
            )
        case dict():
            return 2 + sum(_text_size(key, at) + 1 for key in part)
        case list() | tuple():
            return 2
        case str():
            return _text_size(part, at)
        case bool() | None:
            return 4
        case int():
            return _integer_size(part, at, limits)
        case float() if math.isfinite(part):
            return 1
        case _:
            raise InvalidSelection(
                f"JSON has no `{part!r:.40}`", path=str(at), hint="use text, numbers, booleans, lists and objects"
            )


def _text_size(text: Any, at: Place) -> int:
    if not isinstance(text, str):
        raise InvalidSelection(f"the key `{text!r:.40}` is not text", path=str(at), hint="write keys as text")
    try:
        return 2 + len(text.encode())
    except UnicodeEncodeError as error:
        raise InvalidSelection(
            f"half a character in `{text!r:.40}`", path=str(at), hint="write surrogates in pairs"
        ) from error


def _integer_size(number: int, at: Place, limits: Limits) -> int:
    if number.bit_length() > limits.BITS_OF_AN_INTEGER:
        message = "an integer is too large"
        raise LimitExceeded(message, path=str(at), hint=f"stay within {limits.BITS_OF_AN_INTEGER} bits")
    return 1


def _place(text: str, position: int) -> str:
    """Say where: line and column from 1, and what stands there."""
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    near = " ".join(text[max(0, position - _EXCERPT) : position + _EXCERPT].split())
    return f"at line {line}, column {column}, near `{near}`"


def _too_long(limits: Limits) -> LimitExceeded:
    return LimitExceeded(
        f"longer than {limits.text:,} bytes", hint="shorten the selection, or raise the limit of its text"
    )


def _too_deep(limits: Limits, *, at: str | None = None, place: str = "") -> LimitExceeded:
    message = f"more than {limits.nesting} clauses within each other {place}".rstrip()
    return LimitExceeded(message, path=at, hint="a `bool` in a `bool` can often be one")
