"""Clauses to shorthand text: `parse(print_shorthand(node))` has the members of `node`.

What the grammar has no words for is written as inline JSON, so nothing is lost and nothing is refused. The normal
form that reading gives back is in `docs/reference/shorthand.md`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from muster.query import wire
from muster.query.limits import check_node
from muster.query.nodes import Bool, Minimum, Node
from muster.query.shape import Choice, Conjunction, shape
from muster.query.shorthand.leaves import leaf, quoted


class Rank(IntEnum):
    """How tightly a text binds: what is looser than its surroundings goes into parentheses."""

    OR = 0
    AND = 1
    NOT = 2
    CLAUSE = 3


@dataclass(frozen=True, slots=True)
class Printed:
    """A text and how tightly it binds."""

    text: str
    rank: Rank = Rank.CLAUSE

    def within(self, rank: Rank) -> str:
        """Return the text as it stands among others of that rank."""
        return self.text if self.rank >= rank else f"({self.text})"


def print_shorthand(node: Node) -> str:
    """Write a clause as shorthand.

    Raises:
        LimitExceeded: deeper or larger than `muster.query.limits` allow.
    """
    check_node(node)
    return _print(node).text


def _print(node: Node) -> Printed:
    if isinstance(node, Bool):
        return _print_bool(node)
    text = None if node.name is not None or node.boost is not None else leaf(node)
    return Printed(_inline_json(node) if text is None else text)


def _inline_json(node: Node) -> str:
    return json.dumps(wire.write(node), ensure_ascii=False)


def _print_bool(node: Bool) -> Printed:
    match shape(node):
        case Conjunction(wanted, unwanted):
            return _print_conjunction(wanted, unwanted)
        case Choice(1, options) if len(options) > 1:
            return Printed(" OR ".join(_print(option).within(Rank.AND) for option in options), Rank.OR)
        case Choice(minimum, options):
            listed = " ".join(_print(option).within(Rank.NOT) for option in options)
            return Printed(f"SOME {_minimum(minimum)} ({listed})")
        case _:
            return Printed(_inline_json(node))


def _print_conjunction(wanted: Sequence[Node], unwanted: Sequence[Node]) -> Printed:
    if len(wanted) == 1 and not unwanted:
        return _print(wanted[0])
    parts = [_print(part).within(Rank.NOT) for part in wanted]
    parts += [f"-{_print(part).within(Rank.CLAUSE)}" for part in unwanted]
    return Printed(" ".join(parts), Rank.AND if len(parts) > 1 else Rank.NOT)


def _minimum(minimum: Minimum) -> str:
    return str(minimum) if isinstance(minimum, int) else quoted(minimum)
