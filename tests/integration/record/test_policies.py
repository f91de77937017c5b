"""Policies: one for each scope, with who said it and when."""

from dataclasses import replace

from muster.catalog.entity import EntityDraft, Key
from muster.catalog.writing import Transaction, Write
from muster.policy import Cron, Every, Policy, Stated
from muster.record import SqlRecord


def test_a_policy_is_kept_with_its_author(record: SqlRecord) -> None:
    """The last one said for a scope counts; another scope has its own."""
    first, second = Policy(Every(60_000), percent=12.5, may_empty=True), Policy(Cron("0 6 * * *", "Europe/Berlin"))
    record.put_policy("", first, by="ann", at=10)
    record.put_policy("guid", second, by="ann", at=11)
    record.put_policy("", second, by="bob", at=12)
    assert record.policy("") == Stated(second, "bob", 12)
    assert record.policies() == {"": second, "guid": second}


def test_a_policy_that_is_taken_away_is_gone(record: SqlRecord) -> None:
    """Taking it away twice is no error."""
    record.put_policy("guid", Policy(keep=5), by="ann", at=10)
    for _ in range(2):
        record.put_policy("guid", None, by="ann", at=11)
        assert (record.policy("guid"), record.policies()) == (None, {})


def test_policies_follow_the_domains_that_they_are_of(record: SqlRecord) -> None:
    """A domain that is called otherwise keeps what is said for it; two may change their names."""
    drafts = [EntityDraft(Key("DataDomain", name), {"name": name}) for name in ("a", "b", "c")]
    a, b, c = record.entities(record.write(drafts, by="ann", at=1).created)
    for name, keep in (("a", 1), ("b", 2), ("c", 3)):
        record.put_policy(name, Policy(keep=keep), by="ann", at=10)
    moves = ((a, "b"), (b, "a"), (c, "d"))
    writes = tuple(
        Write(replace(one.draft(), key=Key("DataDomain", to)), one.ordinal, one.version) for one, to in moves
    )
    record.transact(Transaction(writes), by="bob", at=20)
    assert record.policies() == {"b": Policy(keep=1), "a": Policy(keep=2), "d": Policy(keep=3)}
    assert record.policy("d") == Stated(Policy(keep=3), "ann", 10)
