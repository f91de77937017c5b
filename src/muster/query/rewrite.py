"""Passes that make a selection smaller and plainer without changing its members.

Each pass is a function from clause to clause that looks at one clause and what is directly inside; `apply` runs one
over a whole tree, from the leaves up, and `rewrite` all of them until nothing changes. A clause with a `_name` keeps
it as long as it stays, and is never taken apart.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from muster.query.formula import negates_only, required
from muster.query.nodes import (
    Bool,
    Clause,
    ConstantScore,
    DisMax,
    Ids,
    MatchAll,
    MatchNone,
    MultiMatch,
    Nested,
    Node,
    Term,
    Terms,
    Value,
)
from muster.query.tree import rebuild

N = TypeVar("N", bound=Clause)

Rule: TypeAlias = Callable[[Node], Node]
Nodes: TypeAlias = tuple[Node, ...]

_MOST_ROUNDS = 64


def drop_scoring(node: Node) -> Node:
    """Take away what only orders hits: boosts, score modes, tie breakers, `must` as against `filter`."""
    match node:
        case ConstantScore(filter=inner, name=name):
            return inner if name is None else Bool(filter=(inner,), name=name)
        case DisMax(queries=(), name=name):
            return MatchNone(name=name)
        case DisMax(queries=queries, name=name):
            return Bool(should=queries, minimum_should_match=1, name=name)
        case Nested():
            return _revised(node, boost=None, score_mode=None)
        case MultiMatch():
            return _revised(node, boost=None, tie_breaker=None)
        case Bool():
            return _revised(node, boost=None, must=(), filter=node.must + node.filter)
        case _:
            return _revised(node, boost=None)


def explicit_minimum(node: Node) -> Node:
    """Say how many of `should` have to hold: none, and they go; all, and they are filters; else a plain number."""
    if not isinstance(node, Bool):
        return node
    needed = required(node)
    if needed > len(node.should) or (negates_only(node) and node.adjust_pure_negative is False):
        return MatchNone(name=node.name)
    if needed == 0:
        return _revised(node, should=(), minimum_should_match=None, adjust_pure_negative=None)
    if needed == len(node.should):
        filters = node.filter + node.should
        return _revised(node, should=(), filter=filters, minimum_should_match=None, adjust_pure_negative=None)
    return _revised(node, minimum_should_match=needed, adjust_pure_negative=None)


def flatten(node: Node) -> Node:
    """Lift the parts of an unnamed inner `bool` into the outer one, and a lone part out of its `bool`."""
    plain = explicit_minimum(node)
    if not isinstance(plain, Bool):
        return plain
    flat = _revised(
        plain,
        filter=(*_each(plain.filter, _wanted), *_each(plain.must_not, _negation)),
        must_not=(*_each(plain.must_not, _unwanted), *_each(plain.filter, _rejected)),
        should=_each(plain.should, _options) if plain.minimum_should_match == 1 else plain.should,
    )
    return _lone(flat)


def collapse_terms(node: Node) -> Node:
    """Gather the values of one field, in `should` with minimum 1 and in `must_not`, in one `terms`.

    `terms` compares as `term` does, unless that is `case_insensitive`. A single value is written as `term`.
    """
    match explicit_minimum(node):
        case Terms(values=values) as terms:
            distinct = _distinct(values)
            if len(distinct) == 1:
                return Term(terms.field, distinct[0], name=terms.name, boost=terms.boost)
            return _revised(terms, values=distinct)
        case Term(case_insensitive=False) as term:
            return replace(term, case_insensitive=None)
        case Bool() as plain:
            should = _gathered(plain.should) if plain.minimum_should_match == 1 else plain.should
            return explicit_minimum(_revised(plain, should=should, must_not=_gathered(plain.must_not)))
        case other:
            return other


def fold_match_none(node: Node) -> Node:
    """Let what can never hold disappear, or take its `bool` with it."""
    match explicit_minimum(node):
        case Terms(values=()) | Ids(values=()):
            return MatchNone(name=node.name)
        case Bool() as plain:
            should = _without(MatchNone, plain.should)
            if len(should) < required(plain) or any(isinstance(part, MatchNone) for part in plain.must + plain.filter):
                return MatchNone(name=plain.name)
            return explicit_minimum(_revised(plain, should=should, must_not=_without(MatchNone, plain.must_not)))
        case other:
            return other


def fold_match_all(node: Node) -> Node:
    """Let what always holds disappear, or take its `bool` with it."""
    match explicit_minimum(node):
        case Bool(must_not=must_not, name=name) if any(isinstance(part, MatchAll) for part in must_not):
            return MatchNone(name=name)
        case Bool() as plain:
            return _without_match_all(plain)
        case other:
            return other


RULES: tuple[Rule, ...] = (drop_scoring, explicit_minimum, fold_match_none, fold_match_all, flatten, collapse_terms)
"""In the order in which they run on a clause."""


def apply(rule: Rule, node: Node) -> Node:
    """Run one pass over the whole tree, from the leaves up."""
    return rule(rebuild(node, lambda inside: apply(rule, inside)))


def rewrite(node: Node) -> Node:
    """Run all passes over the whole tree until none changes anything."""
    for _ in range(_MOST_ROUNDS):
        rewritten = apply(_all_rules, node)
        if rewritten is node:
            break
        node = rewritten
    return node


def _all_rules(node: Node) -> Node:
    for rule in RULES:
        node = rule(node)
    return node


def _revised(node: N, **changes: Any) -> N:
    """Return the node with the changes, the same object when there are none, so that a fixed point shows."""
    if all(_same(getattr(node, name), value) for name, value in changes.items()):
        return node
    return replace(node, **changes)


def _same(old: Any, new: Any) -> bool:
    """Compare tuples part by part by identity: by equality, every level would walk the tree below it."""
    if isinstance(old, tuple) and isinstance(new, tuple):
        return len(old) == len(new) and all(before is after for before, after in zip(old, new, strict=True))
    return bool(old == new and type(old) is type(new))


def _each(parts: Nodes, lift: Callable[[Node], Nodes]) -> Nodes:
    return tuple(lifted for part in parts for lifted in lift(part))


def _wanted(part: Node) -> Nodes:
    """Return what a filter asks for, itself unless it is a conjunction."""
    inner = _conjunction(part)
    return (part,) if inner is None else inner.must + inner.filter


def _rejected(part: Node) -> Nodes:
    """Return what a filter negates when it is a conjunction."""
    inner = _conjunction(part)
    return () if inner is None else inner.must_not


def _unwanted(part: Node) -> Nodes:
    """Return what a `must_not` rules out: the options of a choice one by one, nothing when it only negates."""
    inner = _choice(part)
    if inner is not None:
        return inner.should
    return () if _negation(part) else (part,)


def _negation(part: Node) -> Nodes:
    """Return what a `must_not` asks for by negating twice."""
    inner = _conjunction(part)
    if inner is None or inner.must or inner.filter:
        return ()
    return inner.must_not if len(inner.must_not) == 1 else (Bool(should=inner.must_not, minimum_should_match=1),)


def _options(part: Node) -> Nodes:
    """Return the options of a choice; any other clause is one itself."""
    inner = _choice(part)
    return (part,) if inner is None else inner.should


def _conjunction(node: Node) -> Bool | None:
    """Return an unnamed `bool` that only requires and negates, and does one of the two."""
    match node:
        case Bool(should=(), minimum_should_match=None, adjust_pure_negative=None, name=None) if _occupied(node):
            return node
        case _:
            return None


def _choice(node: Node) -> Bool | None:
    """Return an unnamed `bool` that asks for one of its options and nothing else."""
    match node:
        case Bool(minimum_should_match=1, adjust_pure_negative=None, name=None) if node.should and not _occupied(node):
            return node
        case _:
            return None


def _occupied(node: Bool) -> bool:
    return bool(node.must or node.filter or node.must_not)


def _lone(node: Bool) -> Node:
    """Take a single required clause out of an unnamed `bool` around it."""
    match node:
        case Bool(must=must, filter=filters, should=(), must_not=(), name=None) if len(must + filters) == 1:
            return (must + filters)[0]
        case _:
            return node


def _gathered(parts: Nodes) -> Nodes:
    """Put all values of a field where the first of them stands."""
    gathered: dict[object, Node] = {}
    values_of: dict[str, list[Value]] = {}
    for position, part in enumerate(parts):
        match _values(part):
            case (field, values):
                values_of.setdefault(field, []).extend(values)
                gathered.setdefault((field,), part)
            case None:
                gathered[position] = part
    if len(gathered) == len(parts):
        return parts
    return tuple(_united(part, values_of) for part in gathered.values())


def _united(part: Node, values_of: dict[str, list[Value]]) -> Node:
    """Write all values of the field; a clause that already has them all stays."""
    match _values(part):
        case (field, values) if len(values) < len(values_of[field]):
            return Terms(field, _distinct(tuple(values_of[field])))
        case _:
            return part


def _values(node: Node) -> tuple[str, tuple[Value, ...]] | None:
    """Return field and values of an unnamed clause that asks for plain terms."""
    match node:
        case Term(field=field, value=value, case_insensitive=None | False, name=None):
            return field, (value,)
        case Terms(field=field, values=values, name=None):
            return field, values
        case _:
            return None


def _distinct(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Drop repetitions; `1`, `1.0` and `true` are three values."""
    distinct = tuple({(type(value), repr(value)): value for value in values}.values())
    return values if len(distinct) == len(values) else distinct


def _without(kind: type[Node], parts: Nodes) -> Nodes:
    return tuple(part for part in parts if not isinstance(part, kind))


def _without_match_all(node: Bool) -> Node:
    """Drop what every asset satisfies: as a requirement it says nothing, as an option it counts for one."""
    should = _without(MatchAll, node.should)
    needed = required(node) - (len(node.should) - len(should))
    kept = _revised(
        node,
        must=_without(MatchAll, node.must),
        filter=_without(MatchAll, node.filter),
        should=should if needed > 0 else (),
        minimum_should_match=needed if needed > 0 else None,
    )
    return explicit_minimum(kept) if _occupied(kept) or kept.should else MatchAll(name=node.name)
