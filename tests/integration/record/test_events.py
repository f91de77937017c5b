"""Events: one for each run that moved a membership or was held, in order and without gaps, with what it tells of."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest
from pyroaring import BitMap

from muster.hook import Interest
from muster.membership import Cause, EventKind, Move, Outcome
from muster.record import SqlRecord, open_record
from tests.integration.record.samples import made, proposal

TOLD = {Outcome.APPLIED: EventKind.MOVED, Outcome.HELD: EventKind.HELD}


def in_domain(record: SqlRecord, name: str, domain: str) -> str:
    """Create a product whose qualified name is in a domain, and return its guid."""
    one = made(record, name, domain)
    return one.entity.guid


def test_every_run_that_moved_or_was_held_has_one_event(record: SqlRecord) -> None:
    """One that changed nothing has none; numbers are gap-free, and so are the sequences of each product."""
    one, two = made(record, "p"), made(record, "q")
    runs = record.commit([proposal(one, [1]), proposal(two, [2])])
    runs += record.commit([proposal(one, [1], [1])])
    runs += record.commit([proposal(one, [], [1], held_because="no")])
    runs += record.commit([proposal(two, [3], [2])])

    events = record.events(0, 100)
    assert [event.number for event in events] == [1, 2, 3, 4]
    told = [(run.number, run.product, TOLD[run.outcome]) for run in runs if run.outcome in TOLD]
    assert [(event.run, event.product, event.kind) for event in events] == told
    assert [event.sequence for event in events if event.product == one.entity.guid] == [1, 2]
    assert [event.sequence for event in events if event.product == two.entity.guid] == [1, 2]
    assert record.last_event() == 4


def test_a_record_without_runs_has_no_events(record: SqlRecord) -> None:
    """The last number is 0, and nothing comes after it."""
    assert (record.events(0, 10), record.last_event(), record.happenings([])) == ([], 0, [])


def test_events_are_read_from_a_number_on(record: SqlRecord) -> None:
    """So many of them."""
    some = [made(record, f"p{number}") for number in range(5)]
    record.commit([proposal(one, [1]) for one in some])
    assert [event.number for event in record.events(2, 2)] == [3, 4]
    assert record.events(5, 2) == []


@pytest.mark.parametrize(
    ("domain", "found"),
    [
        ("products/a", ["in a", "below a"]),
        ("products/a/b", ["below a"]),
        ("products/ab", ["beside a"]),
        ("products", ["in a", "below a", "beside a"]),
        ("nowhere", []),
        ("products/a%", []),
    ],
)
def test_events_of_a_domain(record: SqlRecord, domain: str, found: list[str]) -> None:
    """Those of products whose qualified name goes on after it with a slash, to any depth."""
    names = {
        in_domain(record, name, where): name for name, where in (("in a", "a"), ("below a", "a/b"), ("beside a", "ab"))
    }
    record.commit([proposal(record.product(guid), [1]) for guid in names])
    events = record.events(0, 10, Interest(within=domain))
    assert [names[event.product] for event in events] == found


def test_events_of_a_product_and_of_a_kind(record: SqlRecord) -> None:
    """What is asked for besides narrows it further."""
    one, two = made(record, "p"), made(record, "q")
    record.commit([proposal(one, [1]), proposal(two, [1])])
    record.commit([proposal(one, [], [1], held_because="no")])
    of_one = Interest(product=one.entity.guid)
    held = frozenset((EventKind.HELD,))
    assert [event.number for event in record.events(0, 9, of_one)] == [1, 3]
    assert [event.number for event in record.events(0, 9, Interest(kinds=held))] == [3]
    assert record.events(0, 9, Interest(product=two.entity.guid, kinds=held)) == []


def test_a_happening_is_an_event_with_its_run_and_moves(record: SqlRecord) -> None:
    """Also of a product that is deleted by then; in the order of the events that are asked for."""
    one, two = made(record, "p"), made(record, "q")
    record.commit([proposal(one, [1, 2]), proposal(two, [7])])
    record.commit([proposal(one, [2, 3], [1, 2])])
    record.delete_product(one.entity.guid, by="ann", at=50)
    events = record.events(0, 9)
    found = record.happenings([events[2], events[1]])
    assert [happening.event for happening in found] == [events[2], events[1]]
    assert [happening.ordinal for happening in found] == [one.entity.ordinal, two.entity.ordinal]
    assert found[0].run == record.runs(one.entity.guid, limit=1)[0]
    assert found[0].moves == (Move(Cause.ASSET, BitMap([3]), BitMap([1])),)
    assert found[1].moves == (Move(Cause.ASSET, BitMap([7]), BitMap()),)


def test_numbers_come_in_order_however_many_commit_at_once(url: str) -> None:
    """Who reads while others commit never sees a later event before an earlier one, and no gap."""
    with closing(open_record(url)) as record:
        products = [made(record, f"p{number}") for number in range(4)]

        def committing(number: int) -> None:
            with closing(open_record(url)) as mine:
                for at in range(10):
                    mine.commit([proposal(products[number], [at + 1], [at] if at else [])])

        writers = [threading.Thread(target=committing, args=(number,)) for number in range(4)]
        for one in writers:
            one.start()
        seen: list[int] = []
        while len(seen) < 40:
            seen += [event.number for event in record.events(seen[-1] if seen else 0, 7)]
            assert seen == list(range(1, len(seen) + 1))
        for one in writers:
            one.join()
        for product in products:
            sequences = [event.sequence for event in record.events(0, 99, Interest(product=product.entity.guid))]
            assert sequences == list(range(1, 11))
