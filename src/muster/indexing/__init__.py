"""From a document to its indexed values: the form that tests are asked of.

The rules are OpenSearch's, per field kind: coercion, `ignore_above`, `null_value`, normalisers, analysis with the gap
of 100 positions between values. A value that a kind cannot take is not indexed, as with `ignore_malformed`: the record
keeps it, a selection does not see it.
"""

from muster.analysis.text import Tokens
from muster.indexing.asset import IndexedAsset, IndexedTerm, IndexedValue
from muster.indexing.indexer import Indexer

__all__ = ["IndexedAsset", "IndexedTerm", "IndexedValue", "Indexer", "Tokens"]
