"""The rule tree, operator by operator, and trees that cannot be read."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from muster.query import wire
from muster.query.nodes import Bool, Node, Term
from muster.query.operators import NEGATION, OPERATORS, QUERY
from muster.query.rules import EMPTY, ReadTree, UnreadableTree, read_rules, write_rules

FIXTURE = Path(__file__).parents[3] / "fixtures" / "faces" / "rules.yaml"
ROWS: list[dict[str, Any]] = yaml.safe_load(FIXTURE.read_text(encoding="utf-8"))
A, B, C = (Term("f", name) for name in "abc")
RULE_A, RULE_B = ({"operand": "f", "operator": "equals", "value": name} for name in "ab")
NOT_C = {"operand": "f", "operator": "not_equals", "value": "c"}


def group(condition: str, *rules: Any) -> dict[str, Any]:
    """Return a group of rules."""
    return {"condition": condition, "isGroupLocked": False, "rules": list(rules)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["rule"]["operator"]))
def test_rule_and_clause(row: dict[str, Any]) -> None:
    """Each operator reads to its clause, and the clause is written with it."""
    text = json.dumps(group("AND", row["rule"]), separators=(",", ":"))
    node = wire.read(row["wire"])
    assert read_rules(text) == ReadTree(text, node)
    assert write_rules(node) == text


def test_every_operator_has_a_row() -> None:
    """No operator is without an example."""
    shown = {row["rule"]["operator"] for row in ROWS}
    assert set(OPERATORS) | {QUERY} | set(NEGATION.values()) <= shown


TREES: dict[str, tuple[Node, dict[str, Any]]] = {
    "and": (Bool(filter=(A, B)), group("AND", RULE_A, RULE_B)),
    "and not": (Bool(filter=(A, B), must_not=(C,)), group("AND", RULE_A, RULE_B, NOT_C)),
    "or": (Bool(should=(A, B), minimum_should_match=1), group("OR", RULE_A, RULE_B)),
    "or in and": (
        Bool(filter=(A, Bool(should=(A, B), minimum_should_match=1))),
        group("AND", RULE_A, group("OR", RULE_A, RULE_B)),
    ),
    "and in or": (
        Bool(should=(A, Bool(filter=(A,), must_not=(C,))), minimum_should_match=1),
        group("OR", RULE_A, group("AND", RULE_A, NOT_C)),
    ),
    "not or": (
        Bool(filter=(A,), must_not=(Bool(should=(A, B), minimum_should_match=1),)),
        group(
            "AND",
            RULE_A,
            {
                "operand": "",
                "operator": "query",
                "value": {
                    "bool": {
                        "must_not": [
                            {
                                "bool": {
                                    "should": [{"term": {"f": "a"}}, {"term": {"f": "b"}}],
                                    "minimum_should_match": 1,
                                }
                            }
                        ]
                    }
                },
            },
        ),
    ),
}


@pytest.mark.parametrize(("node", "tree"), TREES.values(), ids=TREES)
def test_groups(node: Node, tree: dict[str, Any]) -> None:
    """Groups are `bool` clauses and back."""
    assert json.loads(write_rules(node)) == tree
    assert read_rules(json.dumps(tree)) == ReadTree(json.dumps(tree), node)


def test_the_empty_tree_asks_for_nothing() -> None:
    """The tree that stands beside other selections is read, and holds no clause."""
    assert EMPTY == '{"condition":"AND","isGroupLocked":false,"rules":[]}'
    assert read_rules(EMPTY) == ReadTree(EMPTY, None)


UNREADABLE: dict[str, tuple[Any, str | None]] = {
    "not JSON": ("{", None),
    "a list": ([], ""),
    "no condition": ({"rules": []}, "/condition"),
    "another condition": (group("NOT", RULE_A), "/condition"),
    "an unknown key": ({**group("AND", RULE_A), "colour": 1}, "/colour"),
    "an empty OR": (group("OR"), "/rules"),
    "an empty group": (group("AND", group("AND")), "/rules/0/rules"),
    "rules are no list": ({"condition": "AND", "rules": 5}, "/rules"),
    "a rule that is none": (group("AND", 5), "/rules/0"),
    "a rule with more keys": (group("AND", {**RULE_A, "x": 1}), "/rules/0"),
    "no operand": (group("AND", {**RULE_A, "operand": ""}), "/rules/0/operand"),
    "an unknown operator": (group("AND", RULE_A, {**RULE_A, "operator": "eq"}), "/rules/1/operator"),
    "an operator that is no text": (group("AND", {**RULE_A, "operator": ["equals"]}), "/rules/0/operator"),
    "a value of the wrong kind": (group("AND", {**RULE_A, "value": {"a": 1}}), "/rules/0/value"),
    "a list where one value belongs": (group("AND", {**RULE_A, "value": ["a"]}), "/rules/0/value"),
    "one bound": (group("AND", {**RULE_A, "operator": "between", "value": [1]}), "/rules/0/value"),
    "a wrong clause": (
        group("AND", {"operand": "", "operator": "query", "value": {"term": {}}}),
        "/rules/0/value/term",
    ),
}


@pytest.mark.parametrize(("tree", "path"), UNREADABLE.values(), ids=UNREADABLE)
def test_unreadable_tree_is_kept_with_the_reason(tree: Any, path: str | None) -> None:
    """What is no tree of ours stays as it came, beside the error that points into it."""
    text = tree if isinstance(tree, str) else json.dumps(tree)
    read = read_rules(text)
    assert isinstance(read, UnreadableTree)
    assert (read.text, read.reason.path) == (text, path)


def test_deep_tree_is_unreadable() -> None:
    """Nesting beyond the limit is a reason like any other."""
    assert isinstance(read_rules('{"condition":"AND","rules":[' * 5000), UnreadableTree)
