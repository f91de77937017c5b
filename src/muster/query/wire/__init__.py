"""OpenSearch JSON in both directions, driven by one table of clauses."""

from muster.query.wire.read import parse, read, recall
from muster.query.wire.write import canonical, digest, write

__all__ = ["canonical", "digest", "parse", "read", "recall", "write"]
