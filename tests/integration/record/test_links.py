"""Links: what bodies state, asked from the other side; at all times what the bodies say."""

import random
from collections.abc import Iterable
from dataclasses import replace

import pytest

from muster.catalog.entity import EntityDraft, Key, Status
from muster.catalog.writing import Link, Transaction, Write
from muster.record import SqlRecord
from tests.integration.record.samples import table

MANY = 1000


def asset(name: str, **relationships: Iterable[str]) -> EntityDraft:
    """Return the draft of an asset that names others."""
    keys = {relation: tuple(map(key, names)) for relation, names in relationships.items()}
    return EntityDraft(key(name), {"name": name}, relationships=keys)


def key(name: str) -> Key:
    """Return the key of an asset."""
    return Key("Asset", name)


def links(record: SqlRecord, *ordinals: int, limit: int = MANY) -> list[tuple[int, str, int]]:
    """Return the links to entities as tuples, in order."""
    return sorted((one.source, one.name, one.target) for one in record.links(ordinals, limit=limit))


def write(record: SqlRecord, *drafts: EntityDraft) -> None:
    """Write drafts as importers do."""
    record.write(drafts, by="ann", at=1)


def stored(record: SqlRecord, ordinal: int, **changed: object) -> Write:
    """Return the write that changes parts of a draft as stored."""
    (entity,) = record.entities([ordinal])
    return Write(replace(entity.draft(), **changed), ordinal, entity.version)


def transact(record: SqlRecord, *writes: Write) -> list[int]:
    """Store writes."""
    return record.transact(Transaction(writes), by="bob", at=2)


def test_links_are_told_to_those_that_are_named(record: SqlRecord) -> None:
    """Within a batch and to what was there before; each once, however often it is named."""
    write(record, asset("a"))
    write(record, asset("b", up=["a", "a"], same=["c", "b"]), asset("c", up=["a", "b"]))
    assert record.links([1], limit=9) == [Link(2, "up", 1), Link(3, "up", 1)]
    assert links(record, 2, 3) == [(2, "same", 2), (2, "same", 3), (3, "up", 2)]
    assert record.links([], limit=9) == []
    assert len(record.links([1, 2, 3], limit=2**62)) == 5


def test_terms_are_named_like_others(record: SqlRecord) -> None:
    """Who has a term states it under `meanings`, also before there is the term."""
    write(record, replace(table("a"), terms=("revenue", "cost")))
    write(record, EntityDraft(Key("AtlasGlossaryTerm", "revenue"), {"name": "Revenue"}))
    assert record.links([2], limit=9) == [Link(1, "meanings", 2)]
    write(record, table("a"))
    assert record.links([2], limit=9) == []


def test_revised_body_states_its_links_anew(record: SqlRecord) -> None:
    """What it no longer says is gone, what it goes on saying stays."""
    write(record, asset("a"), asset("b"), asset("c", up=["a", "missing"], side=["a"]))
    write(record, asset("c", up=["b", "a"]))
    assert links(record, 1, 2) == [(3, "up", 1), (3, "up", 2)]
    write(record, asset("missing"))
    assert links(record, 4) == [], "what waited was taken back"
    transact(record, stored(record, 3, relationships={"side": (key("b"),)}))
    assert links(record, 1, 2) == [(3, "side", 2)]


def test_what_is_not_there_yet_is_linked_when_it_comes(record: SqlRecord) -> None:
    """By an importer or by a request; only of that type and name."""
    write(record, asset("a", up=["late", "later"]), asset("b", up=["late"]))
    write(record, EntityDraft(Key("Other", "late"), {}))
    assert links(record, 3) == []
    write(record, asset("late"))
    assert links(record, 4) == [(1, "up", 4), (2, "up", 4)]
    assert transact(record, Write(asset("later", down=["a"]))) == [5]
    assert links(record, 1, 5) == [(1, "up", 5), (5, "down", 1)]


def test_deleted_ones_keep_their_links(record: SqlRecord) -> None:
    """On either side, by any way of deleting."""
    write(record, asset("a"), asset("b", up=["a"]))
    record.archive([2], by="ann", at=2)
    transact(record, replace(stored(record, 1), status=Status.DELETED))
    assert links(record, 1) == [(2, "up", 1)]


def test_purged_ones_have_no_links(record: SqlRecord) -> None:
    """Neither way; what others still state is linked to whom the key belongs next."""
    write(record, asset("a", up=["b"]), asset("b", up=["a", "missing"]), asset("c", up=["b"]))
    transact(record, replace(stored(record, 2), status=Status.PURGED))
    write(record, asset("missing"))
    assert links(record, 1, 2, 3, 4) == []
    write(record, asset("b"))
    assert links(record, 5) == [(1, "up", 5), (3, "up", 5)]


def test_purged_with_its_neighbours_in_one_request(record: SqlRecord) -> None:
    """Who named it is rewritten or purged beside it."""
    write(record, asset("a", up=["b"]), asset("b", up=["a"]), asset("c", up=["b", "a"]))
    purged = [replace(stored(record, ordinal), status=Status.PURGED) for ordinal in (1, 2)]
    transact(record, *purged, stored(record, 3, relationships={}))
    write(record, asset("b"), asset("a"))
    assert links(record, 1, 2, 3, 4, 5) == []


def test_renamed_one_is_linked_to_who_names_it_by_its_new_name(record: SqlRecord) -> None:
    """Who stated the old name waits for it again, unless it is rewritten in the same request."""
    write(record, asset("a"), asset("b", up=["a"]), asset("c", up=["a"]), asset("d", up=["new"]))
    follows = stored(record, 2, relationships={"up": (key("new"),)})
    transact(record, stored(record, 1, key=key("new")), follows)
    assert links(record, 1) == [(2, "up", 1), (4, "up", 1)]
    write(record, asset("a"))
    assert links(record, 5) == [(3, "up", 5)]


def test_so_many_of_each_name_are_told(record: SqlRecord) -> None:
    """To each entity and of each name at most the limit, the oldest first."""
    names = [f"s{number}" for number in range(5)]
    write(record, asset("a"), asset("b"), *(asset(name, up=["a", "b"], side=["a"]) for name in names))
    assert links(record, 1, 2, limit=2) == [
        (3, "side", 1),
        (3, "up", 1),
        (3, "up", 2),
        (4, "side", 1),
        (4, "up", 1),
        (4, "up", 2),
    ]


@pytest.mark.parametrize("name", ["x" * 2700, "nul\0", "purged:g"])
def test_names_that_nobody_can_have_link_nothing(record: SqlRecord, name: str) -> None:
    """They stay in the body, as it was said."""
    write(record, asset("a", up=[name, "b"]), asset("b"))
    assert record.entity("a").relationships == {"up": (key(name), key("b"))}
    assert links(record, 2) == [(1, "up", 2)]


def test_find_returns_what_has_a_guid_or_key(record: SqlRecord) -> None:
    """DELETED ones too, each once; a key is type and name together, and what cannot be is not there."""
    write(record, replace(asset("a"), guid="g1"), asset("b"), asset("c"), EntityDraft(Key("Other", "b"), {}))
    record.archive([3], by="ann", at=2)
    keys = [key("a"), key("b"), key("c"), key("none"), key("nul\0")]
    assert sorted(one.ordinal for one in record.find(["g1", "nobody"], keys)) == [1, 2, 3]
    assert record.find([], []) == []
    assert [one.ordinal for one in record.find(["g1"], [])] == [1]


@pytest.mark.parametrize("seed", range(3))
def test_links_are_always_what_the_bodies_say(record: SqlRecord, seed: int) -> None:
    """After any mix of writes, renames, deletions and purges by either way."""
    draw = random.Random(seed)
    names = [f"n{number}" for number in range(8)]
    for _ in range(25):
        _change(record, draw, names)
        present = [one for batch in record.scan() for one in batch]
        ordinals = {one.key: one.ordinal for one in present}
        expected = {
            (one.ordinal, name, ordinals[target])
            for one in present
            for name, targets in one.relationships.items()
            for target in targets
            if target in ordinals
        }
        assert set(links(record, *range(1, 300))) == expected


def _change(record: SqlRecord, draw: random.Random, names: list[str]) -> None:
    present = [one for batch in record.scan() for one in batch]

    def drawn(name: str) -> EntityDraft:
        return asset(name, up=draw.sample(names, draw.randrange(4)), side=draw.sample(names, draw.randrange(3)))

    if not present or draw.random() < 0.4:
        write(record, *(drawn(name) for name in draw.sample(names, 3)))
        return
    some = draw.sample(present, draw.randint(1, min(3, len(present))))
    free = [name for name in names if key(name) not in {one.key for one in present}]
    writes = []
    for one in some:
        name = free.pop() if free and draw.random() < 0.3 else one.key.qualified_name
        status = draw.choice([Status.ACTIVE, Status.DELETED, Status.PURGED])
        writes.append(Write(drawn(name), one.ordinal, one.version, status))
    transact(record, *writes)


def test_tables_without_relationships_have_none(record: SqlRecord) -> None:
    """Nothing is linked that does not say so."""
    write(record, table("a"), table("b"))
    assert links(record, 1, 2) == []
