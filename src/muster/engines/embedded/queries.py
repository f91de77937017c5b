"""What is asked of one view: bound formulas in, counts, pages and sets out."""

from collections.abc import Sequence

from pyroaring import BitMap

from muster.binding.tests import Test
from muster.engines.embedded import bulk
from muster.engines.embedded.bitmaps import union_of_chunks
from muster.engines.embedded.paging import found
from muster.engines.embedded.sql import TRUE
from muster.engines.embedded.store import View
from muster.engines.embedded.verification import compiler
from muster.protocols import Found, Page
from muster.query.algebra import Formula, atoms, combine

MANY = 100
"""A formula of more tests is asked as sets: planning one condition would take longer than finding them."""


def count(view: View, formula: Formula[Test]) -> int:
    """Return the number of assets that satisfy a formula."""
    if _is_large(formula):
        return len(members(view, formula))
    with compiler(view, [formula]) as compiled:
        condition = compiled.condition(formula)
        total: int = view.rows(f"SELECT count(*) FROM assets WHERE {condition.text}", condition.values)[0][0]
        return total


def members(view: View, formula: Formula[Test]) -> BitMap:
    """Return the assets that satisfy a formula."""
    if _is_large(formula):
        return postings(view, [formula])[0]
    with compiler(view, [formula]) as compiled:
        condition = compiled.condition(formula)
        table = view.arrow(f"SELECT ordinal FROM assets WHERE {condition.text}", condition.values)
        return union_of_chunks(table["ordinal"])


def search(view: View, formula: Formula[Test], page: Page, within: BitMap | None) -> Found:
    """Return one page of the assets that satisfy a formula, with their exact number."""
    if _is_large(formula):
        satisfying = members(view, formula)
        return found(view, TRUE, page, satisfying if within is None else satisfying & within)
    with compiler(view, [formula]) as compiled:
        return found(view, compiled.condition(formula), page, within)


def _is_large(formula: Formula[Test]) -> bool:
    return sum(1 for _ in atoms(formula)) > MANY


def postings(view: View, formulas: Sequence[Formula[Test]]) -> list[BitMap]:
    """Return the assets of each formula; the distinct tests of all of them are asked together."""
    with compiler(view, formulas) as compiled:
        sets = bulk.postings(view, compiled, (test for formula in formulas for test in atoms(formula)))
    return [combine(formula, sets.__getitem__, view.state.universe) for formula in formulas]
