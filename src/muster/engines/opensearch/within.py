"""A set of ordinals as a query."""

import base64
from collections.abc import Iterator

from pyroaring import BitMap

from muster.engines.opensearch.dialect import Dialect
from muster.engines.opensearch.server import ORDINAL, Json

MOST_TERMS = 65_536
"""Values of one terms filter: `index.max_terms_count`."""


def within_set(members: BitMap, dialect: Dialect) -> Json:
    """Return the query for the assets of a set: one roaring bitmap where the server takes it, else lists of terms."""
    if dialect.bitmaps:
        bitmap = base64.b64encode(members.serialize()).decode()
        return {"terms": {ORDINAL: [bitmap], "value_type": "bitmap"}}
    return {"bool": {"should": [{"terms": {ORDINAL: part}} for part in _parts(members)], "minimum_should_match": 1}}


def _parts(members: BitMap) -> Iterator[list[int]]:
    """Yield the ordinals in lists; an empty set is one empty list, which nothing satisfies."""
    for start in range(0, max(len(members), 1), MOST_TERMS):
        yield members[start : start + MOST_TERMS].to_array().tolist()
