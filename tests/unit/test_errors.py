"""What hints have people type."""

import shlex

import pytest

from muster.errors import typed


@pytest.mark.parametrize("name", ["Gold tables", 'Marketing."cust.v1"', "it's", "$HOME", "a`b`", "back\\slash"])
def test_a_shell_reads_a_name_back(name: str) -> None:
    """As one word, whatever is in it."""
    assert shlex.split(typed(name)) == [name]


def test_usual_names_stand_in_quotation_marks() -> None:
    """As the documentation writes them."""
    assert typed("Sales.Gold tables") == '"Sales.Gold tables"'
