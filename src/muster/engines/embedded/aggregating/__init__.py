"""Aggregations in SQL: a fixed number of queries for each aggregation, however many buckets it is in."""

from muster.engines.embedded.aggregating.run import aggregate

__all__ = ["aggregate"]
