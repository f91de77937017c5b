"""A selection as a formula over its leaf clauses, by OpenSearch's rules for `bool`."""

from dataclasses import replace
from typing import Any, TypeAlias, TypeVar, assert_never

from muster.query.algebra import AllOf, AnyOf, Atom, Formula, Not, all_of, any_of, at_least, atoms
from muster.query.minimum import minimum
from muster.query.nodes import (
    Bool,
    Clause,
    ConstantScore,
    DisMax,
    Exists,
    Fuzzy,
    Ids,
    Leaf,
    Match,
    MatchAll,
    MatchNone,
    MatchPhrase,
    MatchPhrasePrefix,
    MultiMatch,
    Nested,
    Node,
    Prefix,
    Range,
    Regexp,
    SimpleQueryString,
    SpanNear,
    SpanNot,
    SpanOr,
    SpanTerm,
    SpanWithin,
    Term,
    Terms,
    Wildcard,
)
from muster.query.tree import rebuild

__all__ = ["LeafFormula", "anonymous", "formula", "leaves", "minimum", "negates_only", "required"]

N = TypeVar("N", bound=Clause)

LeafFormula: TypeAlias = Formula[Leaf]


def formula(node: Node) -> LeafFormula:
    """Return how the members of `node` follow from those of its leaves; the atoms are `anonymous` leaves."""
    match node:
        case Bool():
            return _of_bool(node)
        case ConstantScore(filter=inner):
            return formula(inner)
        case DisMax(queries=queries):
            return any_of([formula(query) for query in queries])
        case MatchAll():
            return AllOf(())
        case MatchNone():
            return AnyOf(())
        case (
            Term()
            | Terms()
            | Ids()
            | Exists()
            | Prefix()
            | Wildcard()
            | Regexp()
            | Fuzzy()
            | Range()
            | Match()
            | MatchPhrase()
            | MatchPhrasePrefix()
            | MultiMatch()
            | SimpleQueryString()
            | Nested()
            | SpanTerm()
            | SpanNear()
            | SpanOr()
            | SpanWithin()
            | SpanNot()
        ):
            return Atom(anonymous(node))
        case _:
            assert_never(node)


def leaves(node: Node) -> tuple[Leaf, ...]:
    """Return the distinct leaf clauses, in the order they stand; names and boosts do not make two of one."""
    return tuple(dict.fromkeys(atoms(formula(node))))


def required(node: Bool) -> int:
    """Return how many of `should` have to hold: 0 when they are optional, more than there are when nothing matches.

    Beside `must` or `filter` the default is 0, else 1, which an explicit 0 does not lower. A minimum without any
    `should` matches nothing beside `must` or `filter`, and is passed over by a `bool` that only negates.
    """
    said = 0 if node.minimum_should_match is None else minimum(len(node.should), node.minimum_should_match)
    if node.must or node.filter:
        return said
    return max(1, said) if node.should else 0


def anonymous(node: N) -> N:
    """Return the clause without what never changes members: `name`, `boost` and the scoring of `nested`."""
    bare: N = rebuild(node, lambda inside: anonymous(inside))  # noqa: PLW0108 - a bare name defeats type inference
    said: dict[str, Any] = {
        option: None for option in ("name", "boost", "score_mode") if getattr(bare, option, None) is not None
    }
    return replace(bare, **said) if said else bare


def _of_bool(node: Bool) -> LeafFormula:
    wanted = [formula(part) for part in node.must + node.filter]
    unwanted: list[LeafFormula] = [Not(formula(part)) for part in node.must_not]
    needed = required(node)
    if negates_only(node) and node.adjust_pure_negative is False:
        return AnyOf(())
    options = [at_least(needed, [formula(part) for part in node.should])] if needed else []
    return all_of([*wanted, *options, *unwanted])


def negates_only(node: Bool) -> bool:
    """Tell whether there is nothing but `must_not`: the complement, unless `adjust_pure_negative` is off."""
    return bool(node.must_not) and not (node.must or node.filter or node.should)
