"""What the tests of the embedded engine share: small stores, and the three ways to ask them."""

from collections.abc import Mapping, Sequence

from muster.binding.tests import Test
from muster.engines.embedded import queries
from muster.engines.embedded.store import Store
from muster.indexing import IndexedAsset, IndexedValue, Tokens
from muster.query.algebra import Formula


def memory() -> Store:
    """Return an empty store that keeps nothing."""
    return Store(":memory:", "", memory="200MB", threads=1)


def asset(values: Mapping[str, IndexedValue], **nested: Sequence[Mapping[str, IndexedValue]]) -> IndexedAsset:
    """Return an asset with these values and nested objects."""
    objects = {path: tuple(IndexedAsset("", one, {}) for one in some) for path, some in nested.items()}
    return IndexedAsset("", values, objects)


def text(words: str) -> Tokens:
    """Return the tokens of words one position apart."""
    return Tokens(tuple(words.split()), tuple(range(len(words.split()))))


def ask(store: Store, formulas: Sequence[Formula[Test]]) -> list[list[int]]:
    """Return the ordinals of each formula, having asked one by one, by count, and all at once."""
    with store.view() as view:
        alone = [queries.members(view, formula) for formula in formulas]
        assert [queries.count(view, formula) for formula in formulas] == [len(one) for one in alone]
        assert queries.postings(view, formulas) == alone
    return [list(one) for one in alone]
