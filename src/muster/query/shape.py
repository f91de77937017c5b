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
    return _conjunction(required, node.must_not)


def _with_options(node: Bool, required: tuple[Node, ...]) -> Shape | None:
    if required and _asked(node) < 1:
        return None
    choice = Choice(1 if node.minimum_should_match is None else node.minimum_should_match, node.should)
    if not required and not node.must_not:
        return choice
    return _conjunction((*required, disjoin(choice.options, choice.minimum)), node.must_not)


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
    both = _conjunction(parts, ())
    return Bool(filter=both.wanted, must_not=both.unwanted)


def _conjunction(wanted: Sequence[Node], unwanted: Sequence[Node]) -> Conjunction:
    """Sort parts by their sign: a part that only negates is unwanted, and wanted where it was unwanted."""
    parts = [*map(_signed, wanted), *((part, not negated) for part, negated in map(_signed, unwanted))]
    return Conjunction(
        tuple(part for part, negated in parts if not negated), tuple(part for part, negated in parts if negated)
    )


def disjoin(options: Sequence[Node], at_least: Minimum = 1) -> Bool:
    """Require so many of the options, said explicitly."""
    return Bool(should=tuple(options), minimum_should_match=at_least)


def negate(node: Node) -> Node:
    """Turn a clause into its complement; what only negates becomes what it negated."""
    part, negated = _signed(node)
    return part if negated else Bool(must_not=(part,))


def negand(node: Node) -> Node | None:
    """Return what a clause negates, when it does nothing else."""
    part, negated = _signed(node)
    return part if negated else None


def _signed(node: Node) -> tuple[Node, bool]:
    """Take negations and wrappings of a single clause off, and tell whether the negations were odd in number."""
    negated = False
    while True:
        match node:
            case Bool(must_not=(inner,)) if node == Bool(must_not=(inner,)):
                node, negated = inner, not negated
            case Bool(filter=(inner,)) | Bool(must=(inner,)) if node in (Bool(filter=(inner,)), Bool(must=(inner,))):
                node = inner
            case _:
                return node, negated
