"""A condition of the fluent builder: a clause that combines with `&`, `|` and `~` in filter context."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol, TypeAlias, get_args, runtime_checkable

from muster.errors import InvalidInput
from muster.query import wire
from muster.query.dsl import write_dsl
from muster.query.nodes import Bool, Node
from muster.query.shape import Choice, Conjunction, conjoin, disjoin, negate, shape

_CLAUSES: tuple[type, ...] = get_args(Node)


@runtime_checkable
class HasDict(Protocol):
    """What the query objects of `elasticsearch.dsl` and `opensearchpy` have in common."""

    def to_dict(self) -> dict[str, Any]:
        """Return the clause as OpenSearch JSON."""
        ...


@runtime_checkable
class HasNode(Protocol):
    """What holds a clause: conditions and selections of the builder."""

    @property
    def node(self) -> Node:
        """The clause."""
        ...


Criterion: TypeAlias = HasNode | HasDict | Node | Mapping[str, Any]
"""Whatever `where` takes: a condition, a clause, a wire dict, an object with `to_dict()`."""


def as_node(criterion: Criterion) -> Node:
    """Return the clause of a criterion.

    Raises:
        InvalidInput: it is none of the accepted kinds.
        InvalidSelection: it is JSON, but not a clause.
    """
    if isinstance(criterion, _CLAUSES):
        return criterion  # type: ignore[return-value]
    if isinstance(criterion, HasDict):
        return _read_body(criterion.to_dict())
    if isinstance(criterion, HasNode):
        return criterion.node
    if isinstance(criterion, Mapping):
        return _read_body(criterion)
    raise InvalidInput(
        f"`{type(criterion).__name__}` is not a condition",
        hint="pass a comparison such as `F.name == 'orders'`, a clause, a wire dict or an object with `to_dict()`",
    )


def _read_body(body: Mapping[str, Any]) -> Node:
    """Read a clause, or the `query` of a whole search body such as `Search().to_dict()`."""
    return wire.read(body["query"] if "query" in body else dict(body))


@dataclass(frozen=True, slots=True)
class Condition:
    """A clause with operators; `node` is all it holds."""

    node: Node

    def __and__(self, other: Criterion) -> "Condition":
        return Condition(conjoin([*_required(self.node), *_required(as_node(other))]))

    def __or__(self, other: Criterion) -> "Condition":
        return Condition(disjoin([*_options(self.node), *_options(as_node(other))]))

    def __rand__(self, other: Criterion) -> "Condition":
        return Condition(as_node(other)) & self

    def __ror__(self, other: Criterion) -> "Condition":
        return Condition(as_node(other)) | self

    def __invert__(self) -> "Condition":
        return Condition(negate(self.node))

    def __bool__(self) -> NoReturn:
        raise InvalidInput(
            "a condition has no truth value",
            hint="combine conditions with `&`, `|` and `~`, each in parentheses; use `between` for two bounds",
        )

    def wire(self) -> dict[str, Any]:
        """Return the clause as OpenSearch JSON."""
        return wire.write(self.node)

    def dsl(self) -> str:
        """Return the `dataProductAssetsDSL` text."""
        return write_dsl(self.node)


def _required(node: Node) -> tuple[Node, ...]:
    """Return the parts of a plain conjunction, so that `a & b & c` stays flat."""
    match shape(node) if isinstance(node, Bool) else None:
        case Conjunction(wanted, unwanted):
            return (*wanted, *(Bool(must_not=(part,)) for part in unwanted))
        case _:
            return (node,)


def _options(node: Node) -> tuple[Node, ...]:
    """Return the options of a plain disjunction, so that `a | b | c` stays flat."""
    match shape(node) if isinstance(node, Bool) else None:
        case Choice(1, options):
            return options
        case _:
            return (node,)
