"""A batch is laid out by path, objects numbered below their asset."""

from muster.engines.embedded.batch import OBJECT_BITS, sheets
from muster.engines.embedded.layout import ROOT, Layout
from muster.indexing import IndexedAsset, IndexedValue, Tokens


def asset(nested: dict[str, tuple[IndexedAsset, ...]] | None = None, **values: IndexedValue) -> IndexedAsset:
    """Return an asset, or an object of one, with these values."""
    return IndexedAsset("g", values, nested or {})


def test_objects_know_their_asset_and_their_parent() -> None:
    """Objects carry the ordinal of their asset, a number of their own, and the number of the object around."""
    inner = (asset(z=(1,)), asset(z=(2,)))
    one = asset({"o": (asset({"o.i": inner}, x=("p",)), asset(x=("q",)))})
    found = sheets([(7, one), (8, one)])
    base, other = 7 << OBJECT_BITS, 8 << OBJECT_BITS
    assert found["o"].objects == [base, base + 1, other, other + 1]
    assert (found["o.i"].parent, found["o.i"].ordinals) == ("o", [7, 7, 8, 8])
    assert found["o.i"].parents == [base, base, other, other]
    assert found["o.i"].objects == [base, base + 1, other, other + 1]


def test_a_sheet_becomes_columns() -> None:
    """Scalars, lists, tokens beside their positions; what a row lacks is null."""
    batch = [
        (1, asset(k=("a", "b"), n=(1,), t=Tokens(("x", "y"), (0, 101)))),
        (2, asset(k=("c",), t=Tokens((), ()))),
        (3, asset()),
    ]
    sheet = sheets(batch)[ROOT]
    layout = Layout().grown({ROOT: ROOT}, sheet.needs())
    assert sheet.table(layout).to_pydict() == {
        "ordinal": [1, 2, 3],
        "guid": ["g", "g", "g"],
        "c0": [["a", "b"], ["c"], None],
        "c1": [1, None, None],
        "c2": [["x", "y"], [], None],
        "c2p": [[0, 101], [], None],
    }
