"""The rule tree of a web builder, in the form of `dataProductAssetsPlaybookFilter`.

    {"condition": "AND", "isGroupLocked": false, "rules": [{"operand": "certificateStatus", "operator": "equals", ...}]}

The grammar is in `docs/reference/rule-tree.md`. What no operator says is carried by the operator `query` as a wire
clause, so writing loses nothing; a tree that cannot be read is kept as it came, with the reason.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from muster.errors import InvalidSelection, MusterError
from muster.query import wire
from muster.query.limits import DEFAULT, Limits, check_node, load_json
from muster.query.nodes import Bool, Node
from muster.query.operators import NEGATION, QUERY, read_rule, rule_of
from muster.query.shape import Choice, Conjunction, Shape, conjoin, disjoin, negand, negate, shape

EMPTY = '{"condition":"AND","isGroupLocked":false,"rules":[]}'
"""The tree that stands beside a selection which is said in another way."""

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReadTree:
    """A tree, kept as it came, and the clause it asks for; `None` when it has no rules."""

    text: str
    node: Node | None


@dataclass(frozen=True, slots=True)
class UnreadableTree:
    """A tree, kept as it came, and why it cannot be read."""

    text: str
    reason: MusterError


RuleTree: TypeAlias = ReadTree | UnreadableTree


def read_rules(text: str, limits: Limits = DEFAULT) -> RuleTree:
    """Read a stored tree; nothing is raised, whatever the text."""
    try:
        tree = load_json(text, limits)
        node = None if _is_empty(tree) else _read_group(tree, "")
        if node is not None:
            check_node(node, limits)
    except MusterError as error:
        return UnreadableTree(text, error)
    return ReadTree(text, node)


def write_rules(node: Node) -> str:
    """Write a clause as a tree, compactly.

    Raises:
        LimitExceeded: deeper or larger than `muster.query.limits` allow.
    """
    check_node(node)
    return json.dumps(_group_of(node), separators=(",", ":"))


def _is_empty(tree: Any) -> bool:
    return isinstance(tree, dict) and tree.get("rules") == [] and _condition(tree, "") == "AND"


def _condition(group: Json, path: str) -> str:
    condition = group.get("condition")
    if condition not in ("AND", "OR"):
        raise InvalidSelection("a group needs a `condition`", path=f"{path}/condition", hint="`AND` or `OR`")
    return str(condition)


def _read_group(group: Any, path: str) -> Node:
    if not isinstance(group, dict):
        raise InvalidSelection("a group must be an object", path=path, hint="write `condition` and `rules`")
    unknown = sorted(group.keys() - {"condition", "isGroupLocked", "rules"})
    if unknown:
        raise InvalidSelection(f"a group has no `{unknown[0]}`", path=f"{path}/{unknown[0]}", hint="leave it out")
    condition = _condition(group, path)
    rules = group.get("rules")
    if not isinstance(rules, list) or not rules:
        raise InvalidSelection("a group needs rules", path=f"{path}/rules", hint="remove the group or give it a rule")
    parts = [_read_part(part, f"{path}/rules/{place}") for place, part in enumerate(rules)]
    return conjoin(parts) if condition == "AND" else disjoin(parts)


def _read_part(part: Any, path: str) -> Node:
    if isinstance(part, dict) and "rules" in part:
        return _read_group(part, path)
    if isinstance(part, dict) and part.get("operator") == QUERY:
        return wire.read(part.get("value"), f"{path}/value")
    return read_rule(part, path)


def _group(condition: str, rules: Sequence[Json]) -> Json:
    return {"condition": condition, "isGroupLocked": False, "rules": list(rules)}


def _group_of(node: Node) -> Json:
    """Write a clause as a group; what is none becomes the one rule of a group."""
    match _shape(node):
        case Conjunction((only,), ()):
            return _group_of(only)
        case Conjunction(wanted, unwanted):
            return _group("AND", [*map(_part_of, wanted), *(_part_of(negate(part)) for part in unwanted)])
        case Choice(1, options):
            return _group("OR", [*map(_part_of, options)])
        case _:
            return _group("AND", [_rule_of(node)])


def _shape(node: Node) -> Shape | None:
    return shape(node) if isinstance(node, Bool) else None


def _part_of(node: Node) -> Json:
    inner = negand(node)
    match _shape(node) if inner is None else None:
        case Conjunction((only,), ()):
            return _part_of(only)
        case Conjunction() | Choice(1, _):
            return _group_of(node)
        case _:
            return _rule_of(node)


def _rule_of(node: Node) -> Json:
    """Write a clause as one rule: of its operator, of that negated, or with the clause itself."""
    inner = negand(node)
    rule = rule_of(node) if inner is None else rule_of(inner)
    if rule is None:
        return {"operand": "", "operator": QUERY, "value": wire.write(node)}
    return rule if inner is None else {**rule, "operator": NEGATION.get(rule["operator"], f"not_{rule['operator']}")}
