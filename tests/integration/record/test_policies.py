"""Policies: one for each scope, with who said it and when."""

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
