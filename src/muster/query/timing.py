"""Whether what a selection holds depends on the time at which it is asked."""

import re
from dataclasses import fields
from typing import Any, Final

from muster.query.naming import walk
from muster.query.nodes import Leaf, Node

_NOW: Final = re.compile(r"now(?![\w.])")
"""How date math begins that counts from the time of asking (OpenSearch, date math)."""


def is_timely(node: Node) -> bool:
    """Whether any clause says `now`; text that only begins so counts too, which costs an evaluation and nothing else."""
    return any(_says_now(clause) for _, clause in walk(node) if isinstance(clause, Leaf))


def _says_now(clause: Leaf) -> bool:
    return any(_is_now(getattr(clause, one.name)) for one in fields(clause))


def _is_now(value: Any) -> bool:
    match value:
        case str():
            return _NOW.match(value) is not None
        case tuple():
            return any(map(_is_now, value))
        case _:
            return False
