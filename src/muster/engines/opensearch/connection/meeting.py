"""Who answers at an address: which product, in which version, and whether Muster can use it."""

import re
from collections.abc import Mapping
from typing import Any

from muster.engines.opensearch.connection.address import VARIABLE, Address
from muster.engines.opensearch.connection.verdicts import LOOK_THERE
from muster.engines.opensearch.dialect import SERVED_SINCE, Dialect, Product, dialect
from muster.errors import EngineUnavailable

_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?")


def met(info: Any, address: Address) -> Dialect:
    """Return the dialect of a server by its answer to `GET /`.

    Raises:
        EngineUnavailable: it is another product than the address says, too old, or pretends to be.
    """
    said = info if isinstance(info, Mapping) else {}
    version = said["version"] if isinstance(said.get("version"), Mapping) else {}
    product, number = _product(version, str(said.get("tagline"))), _VERSION.match(str(version.get("number")))
    if product is None or number is None:
        raise EngineUnavailable(
            f"what answers at `{address.place}` is neither OpenSearch nor Elasticsearch",
            hint=LOOK_THERE,
        )
    one = dialect(product, tuple(int(part) for part in number.groups() if part is not None))
    _serves(one, address, pretends="distribution" not in version)
    return one


def _product(version: Mapping[str, Any], tagline: str) -> Product | None:
    if "opensearch" in f"{version.get('distribution')} {tagline}".lower():
        return Product.OPENSEARCH
    return Product.ELASTICSEARCH if "build_flavor" in version else None


def _serves(one: Dialect, address: Address, *, pretends: bool) -> None:
    since = SERVED_SINCE[one.product]
    if one.product is not address.product:
        raise EngineUnavailable(
            f"what answers at `{address.place}` is {one}, not {address.product}",
            hint=f"begin `{VARIABLE}` with `{one.product.lower()}://`",
        )
    if one.product is Product.OPENSEARCH and pretends:
        raise EngineUnavailable(
            f"OpenSearch at `{address.place}` gives itself out as another version",
            hint="set `compatibility.override_main_response_version` to false on it",
        )
    if one.version < since:
        raise EngineUnavailable(
            f"{one} at `{address.place}` is too old",
            hint=f"use {one.product} {'.'.join(map(str, since))} or later",
        )
