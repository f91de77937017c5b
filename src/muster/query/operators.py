"""The operators of a rule: one row each, with the clause it makes and what of a clause it says.

An operator takes part in both directions only where reading what it wrote gives the same clause back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final, TypeAlias, get_args

from muster.errors import InvalidSelection
from muster.query.nodes import (
    Exists,
    Fuzzy,
    Ids,
    Match,
    MatchPhrase,
    MatchPhrasePrefix,
    Node,
    Prefix,
    Range,
    Regexp,
    Term,
    Terms,
    Value,
    Wildcard,
)
from muster.query.shape import negate

QUERY: Final = "query"
"""The operator whose value is a wire clause."""

IDS: Final = "_id"
"""The operand of document ids."""

Make: TypeAlias = Callable[[str, Any], Node]


@dataclass(frozen=True, slots=True)
class Operator:
    """`make` builds the clause from operand and value, `accepts` says which values it takes."""

    make: Make
    accepts: Callable[[Any], bool]
    takes: str


def _is_scalar(value: Any) -> bool:
    return isinstance(value, get_args(Value))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_nothing(value: Any) -> bool:
    return value is None


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_scalar, value))


def _is_pair(value: Any) -> bool:
    return _is_list(value) and len(value) == 2


def _one_of(field: str, values: list[Value]) -> Node:
    return Ids(tuple(map(str, values))) if field == IDS else Terms(field, tuple(values))


def _scalar(make: Make) -> Operator:
    return Operator(make, _is_scalar, "a text, a number or a boolean")


def _text(make: Make) -> Operator:
    return Operator(make, _is_text, "a text")


OPERATORS: Mapping[str, Operator] = MappingProxyType(
    {
        "equals": _scalar(Term),
        "equals_ignoring_case": _text(lambda field, value: Term(field, value, case_insensitive=True)),
        "one_of": Operator(_one_of, _is_list, "a list of texts, numbers or booleans"),
        "is_not_null": Operator(lambda field, _: Exists(field), _is_nothing, "null"),
        "starts_with": _text(Prefix),
        "starts_with_ignoring_case": _text(lambda field, value: Prefix(field, value, case_insensitive=True)),
        "like": _text(Wildcard),
        "like_ignoring_case": _text(lambda field, value: Wildcard(field, value, case_insensitive=True)),
        "matches": _text(Regexp),
        "matches_ignoring_case": _text(lambda field, value: Regexp(field, value, case_insensitive=True)),
        "resembles": _scalar(Fuzzy),
        "greater_than": _scalar(lambda field, value: Range(field, gt=value)),
        "greater_or_equal": _scalar(lambda field, value: Range(field, gte=value)),
        "less_than": _scalar(lambda field, value: Range(field, lt=value)),
        "less_or_equal": _scalar(lambda field, value: Range(field, lte=value)),
        "between": Operator(
            lambda field, value: Range(field, gte=value[0], lte=value[1]), _is_pair, "a list of two bounds"
        ),
        "has_any_word": _scalar(Match),
        "has_all_words": _scalar(lambda field, value: Match(field, value, operator="and")),
        "has_phrase": _scalar(MatchPhrase),
        "has_phrase_starting": _scalar(MatchPhrasePrefix),
    }
)
"""Operator to row; each also has a negation, written `not_` unless `NEGATION` says otherwise."""

NEGATION: Mapping[str, str] = MappingProxyType({"is_not_null": "is_null"})
_NEGATED = {NEGATION.get(name, f"not_{name}"): name for name in OPERATORS}


def read_rule(rule: Any, path: str) -> Node:
    """Read one rule.

    Raises:
        InvalidSelection: not operand, operator and value, no such operator, or a value it does not take.
    """
    if not isinstance(rule, dict) or set(rule) - {"value"} != {"operand", "operator"}:
        raise InvalidSelection("a rule has `operand`, `operator` and `value`", path=path, hint="and nothing else")
    operand, name, value = rule["operand"], rule["operator"], rule.get("value")
    if not isinstance(operand, str) or not operand:
        raise InvalidSelection("the operand must be a field", path=f"{path}/operand", hint="name one, as in the index")
    plain = _NEGATED.get(name, name) if isinstance(name, str) else ""
    if plain not in OPERATORS:
        raise InvalidSelection(f"there is no operator `{name}`", path=f"{path}/operator", hint=f"one of {_listed()}")
    if not OPERATORS[plain].accepts(value):
        message = f"`{name}` takes {OPERATORS[plain].takes}"
        raise InvalidSelection(message, path=f"{path}/value", hint="change the value or the operator")
    node = OPERATORS[plain].make(operand, value)
    return negate(node) if name in _NEGATED else node


def _listed() -> str:
    return ", ".join(f"`{name}`" for name in (*OPERATORS, QUERY))


def rule_of(node: Node) -> dict[str, Any] | None:
    """Write a leaf as a rule, or return `None` when no operator says all of it."""
    field, value = _said(node)
    if not field:
        return None
    for name, operator in OPERATORS.items():
        if operator.accepts(value) and operator.make(field, value) == _unfolded(node):
            return {"operand": field, "operator": name, "value": value}
    return None


def _said(node: Node) -> tuple[str, Any]:
    """Return operand and value of a leaf; no operand when it has none."""
    match node:
        case Term(field=field, value=value) | Prefix(field=field, value=value) | Wildcard(field=field, value=value):
            return field, value
        case Regexp(field=field, value=value) | Fuzzy(field=field, value=value):
            return field, value
        case Match(field=field, query=query) | MatchPhrase(field=field, query=query):
            return field, query
        case MatchPhrasePrefix(field=field, query=query):
            return field, query
        case Terms(field=field, values=values):
            return field, list(values)
        case Ids(values=values):
            return IDS, list(values)
        case Exists(field=field):
            return field, None
        case Range(field=field):
            return field, _bounds(node)
        case _:
            return "", None


def _bounds(node: Range) -> Any:
    said = [bound for bound in (node.gt, node.gte, node.lt, node.lte) if bound is not None]
    return said[0] if len(said) == 1 else said


def _unfolded(node: Node) -> Node:
    """Return a clause that says `case_insensitive: false` as one that does not say it, which is the same."""
    match node:
        case Term() | Prefix() | Wildcard() | Regexp() if node.case_insensitive is False:
            return replace(node, case_insensitive=None)
        case _:
            return node
