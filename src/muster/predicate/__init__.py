"""A bound selection as a function of one asset: whether it matches, and why."""

from muster.predicate.corpus import Corpus
from muster.predicate.explain import Explanation, explain
from muster.predicate.matching import Predicate, matches

__all__ = ["Corpus", "Explanation", "Predicate", "explain", "matches"]
