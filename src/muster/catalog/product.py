"""Data products and the selections that define them."""

from dataclasses import dataclass

from muster.catalog.entity import Entity
from muster.query.faces import Face
from muster.query.nodes import Node
from muster.query.wire import recall

__all__ = ["Face", "Outline", "Product", "Selection"]


@dataclass(frozen=True, slots=True)
class Selection:
    """The stored query of a product.

    `text` is what came, verbatim; `wire` is its canonical OpenSearch JSON text and `digest` the SHA-256 of that in
    hexadecimal; `revision` counts edits from 1.
    """

    text: str
    face: Face
    wire: str
    digest: str
    revision: int

    @property
    def node(self) -> Node:
        """The query itself."""
        return recall(self.wire)


@dataclass(frozen=True, slots=True)
class Product:
    """A data product: an entity of type `DataProduct` with its current selection."""

    entity: Entity
    selection: Selection


@dataclass(frozen=True, slots=True)
class Outline:
    """What a product asks for, without what it says of itself: what is needed where all products are looked at.

    `wire` is the canonical text of its selection, `revision` the number of that.
    """

    ordinal: int
    guid: str
    name: str
    qualified_name: str
    revision: int
    wire: str
