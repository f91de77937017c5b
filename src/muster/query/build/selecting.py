"""The fluent builder: an immutable selection that grows by `where`, `where_not` and `where_some`."""

from dataclasses import dataclass, replace
from typing import Any

from muster.errors import InvalidInput
from muster.query import wire
from muster.query.build.condition import Condition, Criterion, as_node
from muster.query.build.known import F
from muster.query.dsl import write_dsl
from muster.query.nodes import Bool, Minimum, Nested, Node
from muster.query.shape import disjoin


@dataclass(frozen=True, slots=True)
class Selecting:
    """A selection being built; every method returns a new one.

    `node` is one `bool` in filter context: states first, then types, then the criteria as they were given.
    """

    states: tuple[Node, ...] = ()
    types: tuple[Node, ...] = ()
    wanted: tuple[Node, ...] = ()
    unwanted: tuple[Node, ...] = ()
    some: tuple[Node, ...] = ()
    minimum: Minimum | None = None

    def active(self) -> "Selecting":
        """Leave out archived assets."""
        return replace(self, states=((F.state == "ACTIVE").node,))

    def archived(self) -> "Selecting":
        """Take archived assets only."""
        return replace(self, states=((F.state == "DELETED").node,))

    def where(self, *criteria: Criterion) -> "Selecting":
        """Require all the criteria."""
        return replace(self, wanted=(*self.wanted, *map(as_node, criteria)))

    def where_not(self, *criteria: Criterion) -> "Selecting":
        """Refuse assets for which any of the criteria holds."""
        return replace(self, unwanted=(*self.unwanted, *map(as_node, criteria)))

    def where_some(self, *criteria: Criterion, minimum: Minimum = 1) -> "Selecting":
        """Require `minimum` of the criteria; a further call asks for another such group."""
        if not criteria:
            raise InvalidInput("`where_some` needs at least one criterion")
        grown = self if not self.some else self._settled()
        return replace(grown, some=tuple(map(as_node, criteria)), minimum=minimum)

    def _settled(self) -> "Selecting":
        """Move the open `should` group into the filter as a `bool` of its own."""
        return replace(self, wanted=(*self.wanted, self._group()), some=(), minimum=None)

    def _group(self) -> Bool:
        return disjoin(self.some, 1 if self.minimum is None else self.minimum)

    @property
    def node(self) -> Node:
        """The selection as one `bool`; with no criterion at all it is the empty one, which holds for every asset."""
        beside = isinstance(self.minimum, int) and self.minimum >= 1
        built = self if beside or not self.some else self._settled()
        return Bool(
            filter=built.states + built.types + built.wanted,
            should=built.some,
            must_not=built.unwanted,
            minimum_should_match=built.minimum,
        )

    def wire(self) -> dict[str, Any]:
        """Return the selection as OpenSearch JSON."""
        return wire.write(self.node)

    def dsl(self) -> str:
        """Return the `dataProductAssetsDSL` text."""
        return write_dsl(self.node)


def select(*types: str) -> Selecting:
    """Start a selection of assets of these types, or of all assets."""
    if not types:
        return Selecting()
    of_type = F.type_name == types[0] if len(types) == 1 else F.type_name.one_of(types)
    return Selecting(types=(of_type.node,))


def nested(path: str, criterion: Criterion, *, score_mode: str | None = None) -> Condition:
    """Hold for assets with one nested object under `path` for which the criterion holds as a whole."""
    return Condition(Nested(path, as_node(criterion), score_mode=score_mode))
