"""Aggregations: what a search counts and measures, what it finds, and both in OpenSearch's JSON."""

from muster.query.aggregations.nodes import MOST_BUCKETS, Aggregation, Aggregations
from muster.query.aggregations.read import read_aggregations
from muster.query.aggregations.render import rendered
from muster.query.aggregations.results import Result, Results, ordinals

__all__ = [
    "MOST_BUCKETS",
    "Aggregation",
    "Aggregations",
    "Result",
    "Results",
    "ordinals",
    "read_aggregations",
    "rendered",
]
