"""What is OpenSearch's but not ours: each clause and option with the reason, and what to use instead."""

from collections.abc import Mapping
from typing import NamedTuple


class Refusal(NamedTuple):
    """Why something is refused, and what to do about it."""

    reason: str
    hint: str | None = None


_RANKING = "it orders hits by score and does not select"
_SCRIPT = "selections never carry scripts"
_JOIN = "assets are not joined by parent and child documents"
_PLACES = "assets have no places on a map"
_VECTORS = "nearest neighbours are a ranking and have no fixed members"

CLAUSES: Mapping[str, Refusal] = {
    "agentic": Refusal("a model would choose the members", "write the clauses that it would have written"),
    "boosting": Refusal(_RANKING, "keep its `positive` clause"),
    "combined_fields": Refusal("it depends on how frequent words are", "use `multi_match` with type `cross_fields`"),
    "common": Refusal("it depends on how frequent words are", "use `match`"),
    "distance_feature": Refusal(_RANKING, "use `range`"),
    "field_masking_span": Refusal("it compares positions of different fields", "use spans over one field"),
    "function_score": Refusal(_RANKING, "keep its `query`"),
    "geo_bounding_box": Refusal(_PLACES),
    "geo_distance": Refusal(_PLACES),
    "geo_grid": Refusal(_PLACES),
    "geo_polygon": Refusal(_PLACES),
    "geo_shape": Refusal(_PLACES),
    "has_child": Refusal(_JOIN, "use `nested`, or a field of the asset itself"),
    "has_parent": Refusal(_JOIN, "use a field of the asset itself, such as a qualified name"),
    "hybrid": Refusal(_RANKING, "put its queries in `bool.should`"),
    "intervals": Refusal(
        "it is not among the clauses of a selection", "use `match_phrase` with `slop`, or `span_near`"
    ),
    "knn": Refusal(_VECTORS),
    "match_bool_prefix": Refusal(
        "it is not among the clauses of a selection", "use `multi_match` with type `bool_prefix`"
    ),
    "more_like_this": Refusal("its members depend on how frequent words are", "name the words in a `match`"),
    "neural": Refusal(_VECTORS),
    "neural_sparse": Refusal(_VECTORS),
    "parent_id": Refusal(_JOIN, "use a field of the asset itself"),
    "percolate": Refusal("it searches stored queries, not assets"),
    "pinned": Refusal(_RANKING, "keep its `organic` clause; pin assets to the product"),
    "query_string": Refusal(
        "a small mistake in it changes what it means", "use `simple_query_string`, or `bool` and `match`"
    ),
    "rank_feature": Refusal(_RANKING, "use `range` on the number itself"),
    "rule": Refusal(_RANKING, "keep its `organic` clause"),
    "script": Refusal(_SCRIPT, "use `range`, `term` or `regexp` on a field"),
    "script_score": Refusal(_SCRIPT, "keep its `query`"),
    "semantic": Refusal(_VECTORS, "use `match`"),
    "shape": Refusal(_PLACES),
    "span_containing": Refusal("it is not among the clauses of a selection", "use `span_within` with the same clauses"),
    "span_field_masking": Refusal("it compares positions of different fields", "use spans over one field"),
    "span_first": Refusal("it is not among the clauses of a selection", "use `prefix` on a keyword field"),
    "span_gap": Refusal("it is not among the clauses of a selection", "give `span_near` a `slop`"),
    "span_multi": Refusal("it is not among the clauses of a selection", "use `span_or` over the words"),
    "sparse_vector": Refusal(_VECTORS),
    "template": Refusal("it is filled in elsewhere", "fill it in and store the result"),
    "terms_set": Refusal("it may carry a script", "use `bool.should` with `minimum_should_match`"),
    "text_expansion": Refusal(_VECTORS),
    "type": Refusal("documents have no mapping types any more", "use `term` on `__typeName.keyword`"),
    "weighted_tokens": Refusal(_VECTORS),
    "wrapper": Refusal("it hides a query in base64", "decode it and store the query"),
    "xy_shape": Refusal(_PLACES),
}

OPTIONS: Mapping[tuple[str, str], Refusal] = {
    ("match", "cutoff_frequency"): Refusal("members would depend on how frequent words are", "leave it out"),
    ("multi_match", "cutoff_frequency"): Refusal("members would depend on how frequent words are", "leave it out"),
    ("nested", "inner_hits"): Refusal("it shows parts of hits and does not select", "leave it out"),
    ("regexp", "flags_value"): Refusal("it is internal to OpenSearch", 'use `flags`, such as "ALL"'),
    ("terms", "value_type"): Refusal(
        "values are listed, not packed into a bitmap", "write the values, and leave it out"
    ),
}

TERMS_LOOK_UP = Refusal("values are not looked up in another document", "write the values")
