"""The faces of a selection: the forms it is written in, and the way from one to another.

Every face reads to clauses and is written from clauses; each writes what reads back with the same members, or
raises. English (`muster.query.english`) is read by people only.
"""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from muster.errors import InvalidSelection
from muster.query import wire
from muster.query.dsl import read_dsl, write_dsl
from muster.query.limits import DEFAULT, Limits, load_json
from muster.query.nodes import Node
from muster.query.rules import UnreadableTree, read_rules, write_rules
from muster.query.shorthand import parse, print_shorthand


class Face(StrEnum):
    """The form in which a selection was written."""

    BUILDER = "builder"
    WIRE = "wire"
    DSL = "dsl"
    SHORTHAND = "shorthand"
    RULES = "rules"


def _read_tree(text: str, limits: Limits) -> Node:
    tree = read_rules(text, limits)
    if isinstance(tree, UnreadableTree):
        raise tree.reason
    if tree.node is None:
        raise InvalidSelection("the rule tree has no rules", path="/rules", hint="add a rule, or use another face")
    return tree.node


_READERS: Mapping[Face, Callable[[str, Limits], Node]] = MappingProxyType(
    {
        Face.BUILDER: wire.parse,
        Face.WIRE: wire.parse,
        Face.DSL: lambda text, limits: read_dsl(text, limits).node,
        Face.SHORTHAND: parse,
        Face.RULES: _read_tree,
    }
)

_WRITERS: Mapping[Face, Callable[[Node], str]] = MappingProxyType(
    {
        Face.BUILDER: wire.canonical,
        Face.WIRE: wire.canonical,
        Face.DSL: write_dsl,
        Face.SHORTHAND: print_shorthand,
        Face.RULES: write_rules,
    }
)


def read(face: Face, text: str, limits: Limits = DEFAULT) -> Node:
    """Read a text in that face; what the builder made is kept as wire.

    Raises:
        InvalidSelection, UnsupportedClause, LimitExceeded: as the face's own reader raises them.
    """
    return _READERS[face](text, limits)


def write(face: Face, node: Node) -> str:
    """Write clauses in that face.

    Raises:
        LimitExceeded: deeper or larger than `muster.query.limits` allow.
    """
    return _WRITERS[face](node)


def guess_face(text: str, limits: Limits = DEFAULT) -> Face:
    """Tell in which face a text is most likely written.

    An object with `rules` is a rule tree, one that wraps its query (`dsl`, `query`) a stored DSL, any other a wire
    clause, also when it cannot be read. What is no JSON object is shorthand, which may begin with an inline clause.

    Raises:
        LimitExceeded: an object larger or deeper than `limits` allow.
    """
    if not text.lstrip().startswith("{"):
        return Face.SHORTHAND
    try:
        document = load_json(text, limits)
    except InvalidSelection:
        return Face.SHORTHAND if _goes_on_after_object(text.strip()) else Face.WIRE
    if "rules" in document:
        return Face.RULES
    return Face.DSL if document.keys() & {"dsl", "query", "filterScrubbed"} else Face.WIRE


def _goes_on_after_object(text: str) -> bool:
    """Tell whether something follows the JSON that stands at the start; the caller has counted its brackets."""
    try:
        return json.JSONDecoder().raw_decode(text)[1] < len(text)
    except ValueError:
        return False
