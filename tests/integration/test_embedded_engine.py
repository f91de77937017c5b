"""What holds for the embedded engine alone; what holds for every engine is in `contract`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from muster.errors import EngineUnavailable
from muster.protocols import Engine
from muster.query.nodes import MatchAll, Prefix
from tests.integration.places import MAPPINGS, InFile, document

NAMES = ("customer orders", "orders by customer", "order order", "invoices")


@pytest.fixture
def there(tmp_path: Path) -> Iterator[InFile]:
    """Where the index of the test is."""
    with closing(InFile(tmp_path / "index")) as made:
        yield made


@pytest.fixture
def engine(there: InFile) -> Engine:
    """An engine with four assets."""
    made = there.open()
    made.apply([document(one, name=name, fresh="text") for one, name in enumerate(NAMES, 1)], position=4)
    return made


def test_words_of_a_text_are_counted_by_asset(engine: Engine) -> None:
    """An asset counts once for each of its words, however often it has it."""
    assert engine.terms("name", limit=3) == [("customer", 2), ("orders", 2), ("by", 1)]
    assert engine.tally(engine.members(Prefix("name", "order"), now=0), "name", limit=2) == [
        ("customer", 2),
        ("orders", 2),
    ]


def test_a_successor_is_the_index_itself_emptied(engine: Engine, there: InFile) -> None:
    """Nobody else reads it meanwhile; killed then, it is found empty."""
    engine.claim("someone")
    assert engine.successor() is engine
    assert nothing(engine)
    assert nothing(there.open())


def nothing(engine: Engine) -> bool:
    """Whether an index holds nothing, and says so."""
    said = (engine.position(), engine.owner(), engine.fields().found, engine.count(MatchAll(), now=0))
    return said == (0, None, {}, 0)


def test_an_index_of_other_fields_is_refused_until_cleared(engine: Engine, there: InFile) -> None:
    """When the mapping has changed the index must be rebuilt, and clearing it is how that begins."""
    assert engine.position() == 4
    rows = {**MAPPINGS["properties"], "rows": {"type": "keyword"}}
    changed = there.open({**MAPPINGS, "properties": rows})
    with pytest.raises(EngineUnavailable, match="not an index of this version"):
        changed.position()
    changed.successor()
    changed.apply([document(1, rows="7")], position=1)
    assert list(changed.members(Prefix(field="rows", value="7"), now=0)) == [1]
