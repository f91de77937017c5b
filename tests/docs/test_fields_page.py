"""The reference of fields is what the index template says."""

from tests.docs.fields_page import PAGE, current


def test_the_tables_are_current() -> None:
    """Writing the page again changes nothing; run `python -m tests.docs.fields_page` when it does."""
    assert PAGE.read_text(encoding="utf-8") == current()
