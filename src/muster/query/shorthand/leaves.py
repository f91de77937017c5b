"""Leaf clauses to shorthand text, one row of `match` per form of the grammar."""

import json
import re

from muster.query.aliases import ALIASES, ANALYSED, FREE_TEXT, NAMES
from muster.query.nodes import (
    Exists,
    Fuzzy,
    Ids,
    Match,
    MatchAll,
    MatchPhrase,
    MultiMatch,
    Node,
    Prefix,
    Range,
    Regexp,
    Term,
    Terms,
    Value,
    Wildcard,
)
from muster.query.shorthand.lexer import KEYWORDS, literal
from muster.query.shorthand.values import IDS

_SAFE = re.compile(r"[A-Za-z0-9_@%$#][A-Za-z0-9_@%$#/.:+|&;!-]*")
_SAFE_FIELD = re.compile(r"[A-Za-z_@$#][A-Za-z0-9_@$#/.-]*")
_ESCAPED_BARE = re.compile(r"[^A-Za-z0-9_]")
_ESCAPED_IN_QUOTES = re.compile(r'["*?\\]')
_BACKSLASH = r"\\\g<0>"
_SIGN = re.compile(r"\\(.)|(.)", re.DOTALL)


def leaf(node: Node) -> str | None:
    """Write a leaf without name and boost, or return `None` when the grammar has no words for all of it."""
    match node:
        case MatchAll():
            return "*"
        case Exists(field=field):
            return f"{_field(field)}:*"
        case Term() | Terms() | Ids():
            return _values(node)
        case Prefix() | Wildcard() | Regexp() | Fuzzy():
            return _pattern(node)
        case Range() if node == Range(node.field, gt=node.gt, gte=node.gte, lt=node.lt, lte=node.lte):
            return _range(node)
        case Match() | MatchPhrase() | MultiMatch():
            return _text(node)
        case _:
            return None


def _values(node: Term | Terms | Ids) -> str | None:
    match node:
        case Ids(values=values) if values:
            return f"{IDS}:{','.join(map(_word, values))}"
        case Term(field=field, value=str(text), case_insensitive=True) if field != IDS:
            return f"{_exactly(field)}{quoted(text)}i"
        case Term(field=field, value=value, case_insensitive=None | False) if field != IDS:
            return f"{_exactly(field)}{_value(value)}"
        case Terms(field=field, values=values) if field != IDS and values:
            return f"{_exactly(field)}{','.join(map(_value, values))}"
        case _:
            return None


def _pattern(node: Prefix | Wildcard | Regexp | Fuzzy) -> str | None:
    match node:
        case Prefix(field=field, value=start, case_insensitive=folded, rewrite=None) if start:
            return f"{_field(field)}:{_wild([*((char, False) for char in start), ('*', True)], folded=folded)}"
        case Wildcard(field=field, value=pattern, case_insensitive=folded, rewrite=None) if _is_shaped(pattern):
            return f"{_field(field)}:{_wild(_signs(pattern), folded=folded)}"
        case Regexp(field=field, value=pattern, case_insensitive=folded) if _is_sayable(node):
            slashed = pattern.replace("/", "\\/")
            return f"{_field(field)}:/{slashed}/{'i' if folded else ''}"
        case Fuzzy(field=field, value=value, fuzziness=distance) if _is_sayable(node):
            return f"{_field(field)}:{_bare(value)}~{_distance(distance)}"
        case _:
            return None


def _is_sayable(node: Regexp | Fuzzy) -> bool:
    match node:
        case Regexp(field=field, value=pattern, case_insensitive=folded):
            bare = node == Regexp(field, pattern, case_insensitive=folded)
            return bare and "\\/" not in pattern and not pattern.endswith("\\")
        case Fuzzy(field=field, value=value, fuzziness=distance):
            return node == Fuzzy(field, value, fuzziness=distance) and value != "" and _is_distance(distance)


def _is_distance(distance: object) -> bool:
    return distance is None or (type(distance) is int and 0 <= distance < 10**9)


def _distance(distance: object) -> str:
    return "" if distance is None else str(distance)


def _signs(pattern: str) -> list[tuple[str, bool]]:
    """Take a wildcard pattern apart into characters, each with whether it is a wildcard."""
    return [(found[1] or found[2], found[1] is None and found[2] in "*?") for found in _SIGN.finditer(pattern)]


def _is_shaped(pattern: str) -> bool:
    """Tell whether a pattern has a wildcard and is more than one `*`, which would say that any value will do."""
    return any(wild for _, wild in _signs(pattern)) and pattern != "*"


_COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_BRACKETS = {
    ("gte", "lte"): "[{} TO {}]",
    ("gte", "lt"): "[{} TO {}}}",
    ("gt", "lte"): "{{{} TO {}]",
    ("gt", "lt"): "{{{} TO {}}}",
}


def _range(node: Range) -> str | None:
    said = {name: bound for name in _COMPARISONS if (bound := getattr(node, name)) is not None}
    values = [_value(bound) for bound in said.values()]
    match tuple(said):
        case (name,):
            return f"{_field(node.field)}:{_COMPARISONS[name]}{values[0]}"
        case names if names in _BRACKETS:
            return f"{_field(node.field)}:{_BRACKETS[names].format(*values)}"
        case _:
            return None


def _text(node: Match | MatchPhrase | MultiMatch) -> str | None:
    match node:
        case Match(field=field, query=query) if node == Match(field, query):
            return f"{_field(field)}:~{_value(query)}"
        case Match(field=field, query=query) if node == Match(field, query, operator="and"):
            return f"{_field(field)}:~~{_value(query)}"
        case MatchPhrase(field=field, query=str(query), slop=slop) if _is_distance(slop):
            said = node == MatchPhrase(field, query, slop=slop)
            return f"{_field(field)}:{quoted(query)}~{_distance(slop)}" if said else None
        case MultiMatch(query=str(query)):
            return _free(node, query)
        case _:
            return None


def _free(node: MultiMatch, query: str) -> str | None:
    if query and node == MultiMatch(query, FREE_TEXT):
        return _bare(query)
    if node != MultiMatch(query, FREE_TEXT, type="phrase", slop=node.slop) or not _is_distance(node.slop):
        return None
    return quoted(query) if node.slop is None else f"{quoted(query)}~{node.slop}"


def _field(field: str) -> str:
    """Write a field by its alias, or by its own name, quoted where that would mean another."""
    if field in NAMES:
        return NAMES[field]
    return field if _SAFE_FIELD.fullmatch(field) and field not in ALIASES else quoted(field)


def _exactly(field: str) -> str:
    return f"{_field(field)}:=" if field in ANALYSED else f"{_field(field)}:"


def _value(value: Value) -> str:
    return _word(value) if isinstance(value, str) else json.dumps(value)


def _word(text: str) -> str:
    """Write a text, in quotes unless it is plain and reads as text."""
    plain = _SAFE.fullmatch(text) and ".." not in text and text not in KEYWORDS
    return text if plain and isinstance(literal(text), str) else quoted(text)


def _wild(signs: list[tuple[str, bool]], *, folded: bool | None) -> str:
    """Write a pattern, in quotes unless its characters are plain."""
    bare = "".join(char for char, _ in signs)
    plain = _SAFE.fullmatch("".join("_" if wild else char for char, wild in signs))
    if plain and ".." not in bare and not folded:
        return bare
    inside = "".join(char if wild else _ESCAPED_IN_QUOTES.sub(_BACKSLASH, char) for char, wild in signs)
    return f'"{inside}"{"i" if folded else ""}'


def quoted(text: str) -> str:
    """Write a text in quotes, all of it literal."""
    return f'"{_ESCAPED_IN_QUOTES.sub(_BACKSLASH, text)}"'


def _bare(value: Value) -> str:
    """Write a value without quotes, with backslashes instead."""
    if not isinstance(value, str):
        return json.dumps(value)
    escaped = _ESCAPED_BARE.sub(_BACKSLASH, value)
    return f"\\{escaped}" if value in KEYWORDS or not isinstance(literal(value), str) else escaped
