"""Say clause by clause why an asset is in a product, or why it is not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from muster.binding.bind import bind
from muster.binding.expand import expand
from muster.catalog.document import document
from muster.catalog.entity import Entity
from muster.catalog.naming import TAG_FIELDS, TagNames, meant
from muster.catalog.product import Product, Selection
from muster.errors import NotFound
from muster.indexing import IndexedAsset, IndexedTerm, Indexer
from muster.membership import Decision, Generation, Run, Standing
from muster.predicate import Explanation, Predicate
from muster.predicate import explain as explain_clauses
from muster.predicate.matching import terms
from muster.query.english import english
from muster.query.naming import clause_name
from muster.query.nodes import Bool, Ids, Node
from muster.query.tree import children
from muster.service.changes import run_of
from muster.service.past import AtRun, generation_at
from muster.service.resolve import standings
from muster.service.tags import tag_names
from muster.service.workspace import Workspace

VOCABULARY: Final = 100_000
"""Terms of a field that are read where a clause stands for some of them."""


@dataclass(frozen=True, slots=True)
class Explained:
    """Why one asset is in or out.

    `member` is the verdict of now; `selected` what the selection alone says, `clauses` why; `standing` the pin or
    exclusion that counts now, if any. `stored` says whether the last generation holds it, None before the first sync.
    With a `run` all this is as of that run: the asset's version, the selection's revision, what had been decided.
    """

    product: Product
    asset: Entity
    member: bool
    selected: bool
    standing: Standing | None
    clauses: Explanation
    generation: Generation | None
    stored: bool | None
    run: Run | None = None


def explain(work: Workspace, ref: str, asset_ref: str) -> Explained:
    """Explain one asset against one product, from the record's own truth about both.

    Raises:
        NotFound: the product or the asset is not there.
    """
    product, asset, now = work.record.product(ref), work.record.entity(asset_ref), work.clock()
    clauses = _clauses(work, product, asset, now, lambda query, _: _finds(work, asset, query, now))
    standing = next((s for s in standings(work, product) if s.ordinal == asset.ordinal), None)
    generation = work.record.generations([product.entity.guid]).get(product.entity.guid)
    return _explained(product, asset, clauses, standing, generation)


def explain_at(work: Workspace, product: Product, asset_ref: str, number: int) -> Explained:
    """Explain one asset against one product as of a run: by its version, the revision and the decisions of that time.

    The fields, and what tags are called, are those of today. Where a clause stands for terms that only the index knows
    (`fuzzy`, an open phrase), these are those that the index has today, and the asset's own of that time.

    Raises:
        NotFound: the run is none of the product's, or the asset is not there, or was not yet.
    """
    run, asset = run_of(work, product, number), work.record.entity(asset_ref)
    then = work.record.as_of([asset.ordinal], run.at).get(asset.ordinal)
    if then is None:
        raise NotFound(f"`{asset.name}` was not in the catalog at run {number}", hint="it came later")
    former = replace(product, selection=_selection(work, product, run.revision))
    clauses = _clauses(work, former, then, run.at, lambda query, indexed: _would_find(work, indexed, query, run.at))
    standing, generation = _standing_at(work, product, then, run.at), _generation_at(work, product, number)
    return replace(_explained(former, then, clauses, standing, generation), run=run)


def _explained(
    product: Product, asset: Entity, clauses: Explanation, standing: Standing | None, generation: Generation | None
) -> Explained:
    stored = None if generation is None else asset.ordinal in generation.members
    member = clauses.matched if standing is None else standing.decision is Decision.PIN
    return Explained(product, asset, member, clauses.matched, standing, clauses, generation, stored)


def _clauses(
    work: Workspace, product: Product, asset: Entity, now: int, verdict: Callable[[Node, IndexedAsset], bool]
) -> Explanation:
    indexed = Indexer(work.fields).index(asset.guid, document(asset))
    said, names = product.selection.node, tag_names(work.record)
    clauses = explain_clauses(
        meant(said, names), work.fields, indexed, now=now, verdict=lambda query: verdict(query, indexed)
    )
    return _as_said(clauses, said, names)


def _selection(work: Workspace, product: Product, revision: int) -> Selection:
    found = work.record.revisions(product.entity.guid, limit=1, before=revision + 1)
    return next(selection for selection, _, _ in found)


def _standing_at(work: Workspace, product: Product, asset: Entity, at: int) -> Standing | None:
    """Return the pin or exclusion of an asset that counted at a time."""
    guid = product.entity.guid
    held = [one for one in work.record.standings([guid]).get(guid, ()) if one.at <= at and one.holds(at)]
    return next((one for one in reversed(held) if one.ordinal == asset.ordinal), None)


def _generation_at(work: Workspace, product: Product, number: int) -> Generation | None:
    """Return the membership that was stored after a run; None where there was none."""
    try:
        return generation_at(work, product, AtRun(number))
    except NotFound:
        return None


def _would_find(work: Workspace, asset: IndexedAsset, query: Node, now: int) -> bool:
    """Whether the index would find an asset by a clause, if it held it as it is here."""

    def vocabulary(field: str) -> set[str]:
        listed = (str(term) for term, _ in work.engine.terms(field, limit=VOCABULARY))
        return {*listed, *map(str, _own_terms(asset, field))}

    return Predicate(expand(bind(query, work.fields, now=now), vocabulary))(asset)


def _own_terms(asset: IndexedAsset, field: str) -> Iterator[IndexedTerm]:
    yield from terms(asset, field)
    for inner in chain.from_iterable(asset.nested.values()):
        yield from _own_terms(inner, field)


def _as_said(one: Explanation, said: Node, names: TagNames) -> Explanation:
    """Put the words of the selection, and the names of tags that people read, where the index has its own."""
    inside = zip(one.parts, children(said), strict=False)
    return replace(
        one,
        clause=clause_name(said),
        english=english(said),
        field=getattr(said, "field", None),
        seen=tuple(names.shown_of(str(value)) for value in one.seen) if one.field in TAG_FIELDS else one.seen,
        parts=tuple(_as_said(part, clause, names) for part, (_, clause) in inside),
    )


def _finds(work: Workspace, asset: Entity, query: Node, now: int) -> bool:
    return work.engine.count(Bool(filter=(Ids((asset.guid,)), query)), now=now) > 0
