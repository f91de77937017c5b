"""Members of a product as JSON."""

from collections.abc import Iterable, Sequence
from typing import Any

from muster.service.resolve import MemberPage, Provenance
from muster.views.things import entity


def provenance(one: Provenance) -> dict[str, Any]:
    """Return what an answer stands on; `age` in seconds."""
    view: dict[str, Any] = {"source": one.source.value, "revision": one.revision}
    if one.generation is None:
        return view
    return view | {
        "generation": one.generation,
        "run": one.run,
        "age": (one.age or 0) / 1000,
        "staleRevision": one.stale_revision,
    }


def member_page(page: MemberPage, attributes: Sequence[str]) -> dict[str, Any]:
    """Return one page of members."""
    return {
        "product": page.product.entity.name,
        **provenance(page.provenance),
        "total": page.total,
        "members": [entity(one, attributes) for one in page.members],
        "next": page.next,
    }


def count(by_type: Iterable[tuple[str, int]], total: int, source: Provenance) -> dict[str, Any]:
    """Return how many members there are, in all and by type."""
    return {"total": total, "byType": dict(by_type), **provenance(source)}
