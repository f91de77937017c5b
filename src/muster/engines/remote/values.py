"""What an engine is told and what it answers, as JSON and back.

What JSON has is written as it is, but for objects: each names in its one key what is in it. Only the classes of a table
can come out of a message, whatever it says.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import Enum
from typing import Any, Final, get_args

from pyroaring import BitMap

from muster import protocols
from muster.query.aggregations import nodes, results
from muster.query.limits import Limits
from muster.query.nodes import Node
from muster.query.sorting import Sort
from muster.query.wire import read, write

UNBOUNDED: Final = Limits(text=2**62, nesting=2**16, clauses=2**62, terms=2**62, regexp=2**62)
"""A query was held to the limits before it was asked."""

CLASSES: Final[Mapping[str, type[Any]]] = {
    one.__name__: one
    for one in (
        Sort,
        protocols.Page,
        protocols.Hit,
        protocols.Found,
        protocols.Update,
        protocols.Refusal,
        protocols.Postings,
        protocols.Digest,
        protocols.Finding,
        nodes.Order,
        nodes.Span,
        *get_args(nodes.Aggregation),
        results.Bucket,
        results.End,
        results.TopHit,
        *get_args(results.Result),
    )
}
ENUMS: Final[Mapping[str, type[Enum]]] = {one.__name__: one for one in (nodes.Measure, nodes.By, nodes.Unit)}
PLAIN: Final = {(protocols.Update, "document")}
"""What is JSON through and through: most of what is ever sent."""

_NODES: Final = get_args(Node)


def encode(value: Any) -> Any:
    """Return a value as JSON; TypeError for what no engine is ever told."""
    match value:
        case Enum():
            return {"enum": [type(value).__name__, value.value]}
        case None | bool() | int() | float() | str():
            return value
        case list():
            return [encode(one) for one in value]
        case tuple():
            return {"tuple": [encode(one) for one in value]}
        case BitMap():
            return {"bitmap": base64.b64encode(value.serialize()).decode()}
        case Mapping():
            return {"map": [[encode(key), encode(one)] for key, one in value.items()]}
        case _ if isinstance(value, _NODES):
            return {"node": write(value)}
        case _:
            kind = type(value)
            if CLASSES.get(kind.__name__) is not kind:
                raise TypeError(kind.__name__)
            return {"class": [kind.__name__, *(_part(value, one.name) for one in fields(kind))]}


def _part(value: Any, name: str) -> Any:
    part = getattr(value, name)
    return part if (type(value), name) in PLAIN else encode(part)


def decode(value: Any) -> Any:
    """Return what was encoded; KeyError, TypeError or ValueError for anything else."""
    match value:
        case list():
            return [decode(one) for one in value]
        case dict():
            ((kind, said),) = value.items()
            return _DECODERS[kind](said)
        case _:
            return value


def _instance(said: list[Any]) -> Any:
    kind = CLASSES[said[0]]
    parts = zip(fields(kind), said[1:], strict=True)
    return kind(**{one.name: part if (kind, one.name) in PLAIN else decode(part) for one, part in parts})


_DECODERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "enum": lambda said: ENUMS[said[0]](said[1]),
    "tuple": lambda said: tuple(decode(one) for one in said),
    "bitmap": lambda said: BitMap.deserialize(base64.b64decode(said)),
    "map": lambda said: {decode(key): decode(one) for key, one in said},
    "node": lambda said: read(said, limits=UNBOUNDED),
    "class": _instance,
}
