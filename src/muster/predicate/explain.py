"""Says clause by clause why an asset matches a selection, or why it does not."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from muster.analysis.numbers import written
from muster.binding.bind import bind_within, paths_between
from muster.binding.expand import is_open
from muster.binding.scope import Scope
from muster.binding.tests import Bound, Guids, Test, Within
from muster.fields import Fields
from muster.indexing import IndexedAsset, IndexedTerm
from muster.predicate.matching import Predicate, terms
from muster.query.algebra import atoms
from muster.query.english import english
from muster.query.naming import clause_name
from muster.query.nodes import Bool, ConstantScore, DisMax, Nested, Node
from muster.query.tree import children

Verdict: TypeAlias = Callable[[Node], bool]
"""Whether the index finds the asset by a query."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one clause holds or does not.

    `path` is the JSON pointer of the clause, `clause` its name, `english` what it asks for. `seen` are the asset's own
    indexed values of the fields that the clause reads, in order and each once; `parts` are the clauses inside. Inside
    `nested`, `matched` means that some nested object matches, and `seen` are the values of all of them.
    """

    path: str
    clause: str
    matched: bool
    english: str
    field: str | None
    seen: tuple[IndexedTerm, ...]
    parts: "tuple[Explanation, ...]"


def explain(node: Node, fields: Fields, asset: IndexedAsset, *, now: int, verdict: Verdict) -> Explanation:
    """Explain a selection on one asset; `now` is in milliseconds since 1970-01-01 UTC.

    Where a clause stands for terms that only the index knows (`fuzzy`, an open phrase), the index gives the verdict.

    Raises:
        InvalidSelection: OpenSearch would refuse the clause at `path`.
        UnsupportedClause: the clause at `path` cannot be expressed here.
    """
    return _Explainer(verdict).explained(node, Scope(fields, now), "", (asset,))


@dataclass(frozen=True, slots=True)
class _Explainer:
    verdict: Verdict

    def explained(self, node: Node, scope: Scope, at: str, objects: Sequence[IndexedAsset]) -> Explanation:
        bound = bind_within(node, scope, at)
        parts = tuple(self._parts(node, scope, at, objects))
        return Explanation(
            at,
            clause_name(node),
            self._matched(node, bound, scope, objects),
            english(node),
            getattr(node, "field", None),
            () if parts else tuple(map(written, dict.fromkeys(_seen(bound, objects)))),
            parts,
        )

    def _matched(self, node: Node, bound: Bound, scope: Scope, objects: Sequence[IndexedAsset]) -> bool:
        if is_open(bound):
            return self.verdict(node if scope.nested is None else Nested(scope.nested, node))
        return any(map(Predicate(bound), objects))

    def _parts(self, node: Node, scope: Scope, at: str, objects: Sequence[IndexedAsset]) -> Iterator[Explanation]:
        match node:
            case Bool() | ConstantScore() | DisMax():
                for place, part in children(node):
                    yield self.explained(part, scope, f"{at}/{clause_name(node)}/{place}", objects)
            case Nested(path=path, query=query) if path in scope.fields.nested_paths:
                inner = _inside(objects, paths_between(scope, path))
                yield self.explained(query, replace(scope, nested=path), f"{at}/nested/query", inner)
            case _:
                return


def _inside(objects: Sequence[IndexedAsset], paths: Sequence[str]) -> Sequence[IndexedAsset]:
    for path in paths:
        objects = [inner for one in objects for inner in one.nested.get(path, ())]
    return objects


def _seen(bound: Bound, objects: Sequence[IndexedAsset]) -> Iterator[IndexedTerm]:
    for test in atoms(bound):
        for one in objects:
            yield from _values(test, one)


def _values(test: Test, asset: IndexedAsset) -> Iterator[IndexedTerm]:
    match test:
        case Guids():
            yield asset.guid
        case Within(path, formula):
            yield from _seen(formula, asset.nested.get(path, ()))
        case _:
            yield from terms(asset, test.field)
