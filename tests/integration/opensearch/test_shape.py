"""Shaped documents on real servers: each is taken, and indexed as Muster says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muster.analysis.numbers import NEGATIVE_ZERO
from muster.engines.opensearch.index.shape import Shaper
from muster.fields import Field, Fields, Kind
from muster.indexing import IndexedAsset, Indexer, Tokens
from tests.integration.opensearch.node import Node
from tests.integration.opensearch.odd import TEMPLATE, documents

Json: TypeAlias = Any
FIELDS = Fields.from_mapping(TEMPLATE["settings"], TEMPLATE["mappings"])
BATCH = 12
_FAR = 1 << 53


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(documents, min_size=BATCH, max_size=BATCH))
def test_odd_documents_are_taken_and_indexed_alike(node: Node, odd: list[Json]) -> None:
    """No document is refused; `exists`, doc values and tokens are those that Muster says, and so are the fields."""
    shaper, indexer = Shaper(FIELDS), Indexer(FIELDS)
    shaped = [shaper.shape(document) for document in odd]
    assets = [indexer.index(str(at), document) for at, document in enumerate(odd)]
    assert shaper.fields == indexer.fields
    leaves = [leaf for leaf in shaper.fields if (leaf.indexed or leaf.doc_values) and "*" not in leaf.name]
    with node.index(TEMPLATE) as index:
        node.map(index, FIELDS, shaper.fields)
        assert node.write(index, shaped) == []
        assert node.fields(index, FIELDS) == shaper.fields
        assert existing(node, index, leaves) == {leaf.name: having(assets, leaf.name) for leaf in leaves}
        assert held(node, index, leaves) == [terms(one, leaves) for one in assets]


def existing(node: Node, index: str, leaves: Sequence[Field]) -> dict[str, set[int]]:
    """The documents that have each field, by `exists` on the server."""
    found = node.matching(index, [_exists(leaf) for leaf in leaves])
    return {leaf.name: ids for leaf, ids in zip(leaves, found, strict=True)}


def _exists(leaf: Field) -> Json:
    exists: Json = {"exists": {"field": leaf.name}}
    return exists if leaf.nested is None else {"nested": {"path": leaf.nested, "query": exists}}


def having(assets: Sequence[IndexedAsset], name: str) -> set[int]:
    """The documents that have a field as indexed by Muster."""
    return {at for at, one in enumerate(assets) if _has(one, name)}


def _has(asset: IndexedAsset, name: str) -> bool:
    return name in asset.values or any(_has(one, name) for objects in asset.nested.values() for one in objects)


def held(node: Node, index: str, leaves: Sequence[Field]) -> list[dict[str, set[Json]]]:
    """The terms of each document's own fields on the server."""
    formats = {Kind.DATE: {"format": "epoch_millis"}}
    wanted = [{"field": leaf.name, **formats.get(leaf.kind, {})} for leaf in leaves if leaf.nested is None]
    body = {"docvalue_fields": wanted, "size": BATCH, "_source": False}
    hits = node.ask("POST", f"/{index}/_search", body)["hits"]["hits"]
    kinds = {leaf.name: leaf.kind for leaf in leaves}
    return [
        {name: {_read(kinds[name], value) for value in values} for name, values in hit.get("fields", {}).items()}
        for hit in sorted(hits, key=lambda hit: int(hit["_id"]))
    ]


def terms(asset: IndexedAsset, leaves: Sequence[Field]) -> dict[str, set[Json]]:
    """The terms of a document's own fields as indexed by Muster; fields without any are left out."""
    found = {leaf: asset.values.get(leaf.name, ()) for leaf in leaves}
    values = {leaf: value.terms if isinstance(value, Tokens) else value for leaf, value in found.items()}
    return {leaf.name: {_read(leaf.kind, one) for one in value} for leaf, value in values.items() if value}


def _read(kind: Kind, value: Json) -> Json:
    """A term as either side tells it: no server prints dates that are far enough away."""
    if kind.is_fraction:
        return NEGATIVE_ZERO if str(value) == "-0.0" else float(value)
    if kind is Kind.DATE:
        return _FAR if value is None or abs(int(value)) > _FAR else int(value)
    return value
