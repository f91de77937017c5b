"""A bound selection as a function of one asset: whether it matches, and why."""

from muster.predicate.explain import Explanation, explain
from muster.predicate.matching import Predicate, matches

__all__ = ["Explanation", "Predicate", "explain", "matches"]
