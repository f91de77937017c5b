"""Say clause by clause why an asset is in a product, or why it is not."""

from dataclasses import dataclass

from muster.catalog.document import document
from muster.catalog.entity import Entity
from muster.catalog.product import Product
from muster.indexing import Indexer
from muster.membership import Decision, Generation, Standing
from muster.predicate import Explanation
from muster.predicate import explain as explain_clauses
from muster.query.nodes import Bool, Ids, Node
from muster.service.resolve import standings
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
    clauses = explain_clauses(
        product.selection.node, work.fields, indexed, now=now, verdict=lambda query: _finds(work, asset, query, now)
    )
    standing = next((s for s in standings(work, product) if s.ordinal == asset.ordinal), None)
    generation = work.record.generations([product.entity.guid]).get(product.entity.guid)
    stored = None if generation is None else asset.ordinal in generation.members
    member = clauses.matched if standing is None else standing.decision is Decision.PIN
    return Explained(product, asset, member, clauses.matched, standing, clauses, generation, stored)


def _finds(work: Workspace, asset: Entity, query: Node, now: int) -> bool:
    return work.engine.count(Bool(filter=(Ids((asset.guid,)), query)), now=now) > 0
