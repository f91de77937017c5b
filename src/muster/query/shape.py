"""How a `bool` reads as logic, and how logic is written as a `bool` without changing members.

`shape` takes a `bool` apart into "all of these, none of those" or "so many of these"; `conjoin`, `disjoin` and
`negate` put one together in filter context. What would change members when taken apart has no shape: an optional
`should`, a minimum beside nothing, scoring options.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from muster.query.minimum import minimum
from muster.query.nodes import Bool, Minimum, Node


@dataclass(frozen=True, slots=True)
class Conjunction:
    """All of `wanted` and none of `unwanted`; at least one of the two is not empty."""

    wanted: tuple[Node, ...]
    unwanted: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """At least `minimum` of the options, of which there is one or more."""

    minimum: Minimum
    options: tuple[Node, ...]


Shape: TypeAlias = Conjunction | Choice


def shape(node: Bool) -> Shape | None:
    """Take a `bool` apart; `None` when only the `bool` itself says what it means."""
    if node.name is not None or node.boost is not None or node.adjust_pure_negative is not None:
        return None
    required = node.must + node.filter
    if node.should:
        return _with_options(node, required)
    if node.minimum_should_match is not None or not (required or node.must_not):
        return None
    return Conjunction(required, node.must_not)


def _with_options(node: Bool, required: tuple[Node, ...]) -> Shape | None:
    if required and _asked(node) < 1:
        return None
    choice = Choice(1 if node.minimum_should_match is None else node.minimum_should_match, node.should)
    if not required and not node.must_not:
        return choice
    return Conjunction((*required, disjoin(choice.options, choice.minimum)), node.must_not)


def is_optional(node: Bool) -> bool:
    """Tell whether `should` stands beside a required clause and asks for nothing, so that it changes no member."""
    return bool(node.should and (node.must or node.filter)) and _asked(node) == 0


def _asked(node: Bool) -> int:
    """Return how many of `should` are asked for beside a required clause."""
    return minimum(len(node.should), 0 if node.minimum_should_match is None else node.minimum_should_match)


def conjoin(parts: Sequence[Node]) -> Node:
    """Require all parts; a part that only negates joins the `must_not` of the whole, a single part stays itself."""
    if len(parts) == 1:
        return parts[0]
    wanted: list[Node] = []
    unwanted: list[Node] = []
    for part in parts:
        negated = negand(part)
        if negated is None:
            wanted.append(part)
        else:
            unwanted.append(negated)
    return Bool(filter=tuple(wanted), must_not=tuple(unwanted))


def disjoin(options: Sequence[Node], at_least: Minimum = 1) -> Bool:
    """Require so many of the options, said explicitly."""
    return Bool(should=tuple(options), minimum_should_match=at_least)


def negate(node: Node) -> Node:
    """Turn a clause into its complement; what only negates becomes what it negated."""
    inner = negand(node)
    return Bool(must_not=(node,)) if inner is None else inner


def negand(node: Node) -> Node | None:
    """Return what a clause negates, when it does nothing else."""
    if isinstance(node, Bool) and len(node.must_not) == 1 and node == Bool(must_not=node.must_not):
        return node.must_not[0]
    return None
