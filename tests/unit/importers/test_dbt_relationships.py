"""What the importer says of relationships, against the type system: each can be seen from both of its sides."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.schema import Relation, relation
from muster.importers.dbt import read_dbt
from tests.unit.importers.manifests import by_key

ARTIFACTS = Path(__file__).parents[3] / "examples" / "shop" / "artifacts"

Link: TypeAlias = tuple[Key, str, Key]


@pytest.fixture(scope="module")
def drafts() -> dict[Key, EntityDraft]:
    """Return the drafts of the example project by key."""
    return by_key(read_dbt(*(ARTIFACTS / f"{name}.json" for name in ("manifest", "catalog", "run-results"))))


def links(drafts: dict[Key, EntityDraft]) -> Iterator[tuple[Link, Relation]]:
    """Yield every relationship that is stated, with what the type system knows of it."""
    for key, draft in drafts.items():
        for name, targets in draft.relationships.items():
            known = relation(key.type_name, name)
            assert known is not None, f"{key.type_name} has no `{name}`"
            yield from (((key, name, target), known) for target in targets)


def test_to_one(drafts: dict[Key, EntityDraft]) -> None:
    """Where there can be one, at most one is stated."""
    for key, draft in drafts.items():
        for name, targets in draft.relationships.items():
            known = relation(key.type_name, name)
            assert known is not None, (key, name)
            assert known.many or len(targets) <= 1, (key, name)


def test_owners_state_all(drafts: dict[Key, EntityDraft]) -> None:
    """What the other side states, the owner states as well: the record keeps the owner's word alone."""
    stated = dict(links(drafts))
    of_owners = {link for link, known in stated.items() if known.owner}
    for (source, name, target), known in stated.items():
        if not known.owner:
            assert known.inverse is not None
            assert (target, known.inverse, source) in of_owners, (source, name, target)
