"""What differs between the servers, as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Product(StrEnum):
    """Which server it is."""

    OPENSEARCH = "OpenSearch"
    ELASTICSEARCH = "Elasticsearch"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one server spells what both can do, and what only it can."""

    product: Product
    version: tuple[int, ...]
    open_view: str
    """Path that opens a point in time; `{index}` stands for the index."""
    opened: str
    """Key of the point in time's id in the answer."""
    close_view: str
    closing: str
    """Key of the id, or ids, in the body that closes."""
    many: bool
    """Whether `closing` takes a list."""
    bitmaps: bool
    """Whether a terms filter takes a roaring bitmap."""

    def __str__(self) -> str:
        return f"{self.product} {'.'.join(map(str, self.version))}"


BITMAPS_SINCE = (2, 17)
SERVED_SINCE: Mapping[Product, tuple[int, int]] = MappingProxyType(
    {Product.OPENSEARCH: (2, 4), Product.ELASTICSEARCH: (8, 0)}
)
"""The first version that can do what Muster asks: OpenSearch has points in time since 2.4."""


def dialect(product: Product, version: tuple[int, ...]) -> Dialect:
    """Return the dialect of a server of some version."""
    match product:
        case Product.OPENSEARCH:
            return Dialect(
                product,
                version,
                open_view="/{index}/_search/point_in_time",
                opened="pit_id",
                close_view="/_search/point_in_time",
                closing="pit_id",
                many=True,
                bitmaps=version >= BITMAPS_SINCE,
            )
        case Product.ELASTICSEARCH:
            return Dialect(
                product,
                version,
                open_view="/{index}/_pit",
                opened="id",
                close_view="/_pit",
                closing="id",
                many=False,
                bitmaps=False,
            )
