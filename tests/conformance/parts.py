"""The leaf clauses of a selection in wire form, each as a selection of its own."""

from __future__ import annotations

from collections.abc import Iterator

from tests.conformance.loading import Json

_OCCURRENCES = ("must", "filter", "should", "must_not")


def leaves(selection: Json) -> Iterator[Json]:
    """Every leaf clause; one within nested keeps the nested clauses around it."""
    ((kind, body),) = selection.items()
    match kind:
        case "bool":
            for occurrence in _OCCURRENCES:
                yield from _each(body.get(occurrence, []))
        case "dis_max":
            yield from _each(body["queries"])
        case "constant_score":
            yield from leaves(body["filter"])
        case "nested":
            for leaf in leaves(body["query"]):
                yield {"nested": {**body, "query": leaf}}
        case _:
            yield selection


def _each(clauses: list[Json]) -> Iterator[Json]:
    for clause in clauses:
        yield from leaves(clause)
