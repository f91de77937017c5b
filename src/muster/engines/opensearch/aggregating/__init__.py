"""Aggregations as a server is asked them, and its answer read."""

from muster.engines.opensearch.aggregating.reading import results
from muster.engines.opensearch.aggregating.writing import body

__all__ = ["body", "results"]
