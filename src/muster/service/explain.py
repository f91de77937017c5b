"""Say clause by clause why an asset is in a product, or why it is not."""

from dataclasses import dataclass, replace

from muster.catalog.document import document
from muster.catalog.entity import Entity
from muster.catalog.naming import TAG_FIELDS, TagNames, meant
from muster.catalog.product import Product
from muster.indexing import Indexer
from muster.membership import Decision, Generation, Standing
from muster.predicate import Explanation
from muster.predicate import explain as explain_clauses
from muster.query.english import english
from muster.query.naming import clause_name
from muster.query.nodes import Bool, Ids, Node
from muster.query.tree import children
from muster.service.resolve import standings
from muster.service.tags import tag_names
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Explained:
    """Why one asset is in or out.

    `member` is the verdict of now; `selected` what the selection alone says, `clauses` why; `standing` the pin or
    exclusion that counts now, if any. `stored` says whether the last generation holds it, None before the first sync.
    """

    product: Product
    asset: Entity
    member: bool
    selected: bool
    standing: Standing | None
    clauses: Explanation
    generation: Generation | None
    stored: bool | None


def explain(work: Workspace, ref: str, asset_ref: str) -> Explained:
    """Explain one asset against one product, from the record's own truth about both.

    Raises:
        NotFound: the product or the asset is not there.
    """
    product, asset, now = work.record.product(ref), work.record.entity(asset_ref), work.clock()
    indexed = Indexer(work.fields).index(asset.guid, document(asset))
    said, names = product.selection.node, tag_names(work.record)
    clauses = explain_clauses(
        meant(said, names), work.fields, indexed, now=now, verdict=lambda query: _finds(work, asset, query, now)
    )
    standing = next((s for s in standings(work, product) if s.ordinal == asset.ordinal), None)
    generation = work.record.generations([product.entity.guid]).get(product.entity.guid)
    stored = None if generation is None else asset.ordinal in generation.members
    member = clauses.matched if standing is None else standing.decision is Decision.PIN
    return Explained(
        product, asset, member, clauses.matched, standing, _as_said(clauses, said, names), generation, stored
    )


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
