"""Columns come, widen, and never change what they are."""

import pytest

from muster.engines.embedded.layout import ROOT, Column, Layout, Need, Shape, Table, Type, statements
from muster.errors import InvalidInput


def grown(*needs: Need, before: Layout | None = None, parents: dict[str, str] | None = None) -> Layout:
    """Return a layout that has grown by these needs."""
    return (before or Layout()).grown({ROOT: ROOT} | (parents or {}), needs)


def need(kind: type, *, many: bool = False, text: bool = False, path: str = ROOT) -> Need:
    """Return what a batch with values of this kind asks of the column of `f`."""
    return Need("f", path, frozenset({kind}), many=many, text=text)


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        (need(str), (("c0", "VARCHAR"),)),
        (need(int), (("c0", "BIGINT"),)),
        (need(float), (("c0", "DOUBLE"),)),
        (need(bool), (("c0", "BOOLEAN"),)),
        (need(int, many=True), (("c0", "BIGINT[]"),)),
        (need(str, text=True), (("c0", "VARCHAR[]"), ("c0p", "INTEGER[]"))),
    ],
)
def test_a_column_takes_its_form_from_the_first_values(asked: Need, parts: tuple[tuple[str, str], ...]) -> None:
    """Type and shape are those of what is first seen."""
    assert grown(asked).columns["f"].parts == parts


@pytest.mark.parametrize(
    ("first", "then", "form"),
    [
        (need(str), need(str, many=True), (Type.STRING, Shape.LIST)),
        (need(str, many=True), need(str), (Type.STRING, Shape.LIST)),
        (need(int), need(float), (Type.FRACTION, Shape.SCALAR)),
        (need(float), need(int), (Type.FRACTION, Shape.SCALAR)),
        (need(int), need(float, many=True), (Type.FRACTION, Shape.LIST)),
        (need(str, text=True), need(str, text=True), (Type.STRING, Shape.TEXT)),
    ],
)
def test_a_column_widens_and_never_narrows(first: Need, then: Need, form: tuple[Type, Shape]) -> None:
    """What was a list stays one; whole numbers move into fractions; the name stays."""
    column = grown(then, before=grown(first)).columns["f"]
    assert (column.name, column.type, column.shape) == ("c0", *form)


@pytest.mark.parametrize(
    "then", [need(int), need(bool), need(str, text=True), need(str, path="o")], ids=["int", "bool", "text", "path"]
)
def test_what_does_not_mix_is_refused(then: Need) -> None:
    """A column of strings takes no numbers, tokens or values of another path."""
    with pytest.raises(InvalidInput, match="`f`"):
        grown(then, before=grown(need(str)), parents={"o": ROOT})


def test_the_first_columns_of_a_path_make_its_table() -> None:
    """Statements create the table, then its columns; the name of neither comes from outside."""
    layout = grown(Need("o.x", "o", frozenset({int})), parents={"o": ROOT})
    assert layout.tables["o"] == Table("o", "nested_1", ROOT)
    assert statements(Layout(), layout) == [
        "CREATE TABLE nested_1 (ordinal UINTEGER, object BIGINT, parent BIGINT)",
        "ALTER TABLE nested_1 ADD COLUMN c0 BIGINT",
    ]


def test_many_columns_are_added_at_once() -> None:
    """However many columns a batch brings, a table takes three statements, and widening comes after."""
    before = grown(Need("f", ROOT, frozenset({int})))
    many = [Need(f"g{number}", ROOT, frozenset({str})) for number in range(1000)]
    made, dropped, renamed, widened = statements(before, grown(need(float), *many, before=before))
    assert made.startswith("CREATE TABLE assets_grown AS SELECT *, NULL::VARCHAR AS c1, ")
    assert made.endswith("NULL::VARCHAR AS c1000 FROM assets")
    assert (dropped, renamed) == ("DROP TABLE assets", "ALTER TABLE assets_grown RENAME TO assets")
    assert widened == "ALTER TABLE assets ALTER COLUMN c0 SET DATA TYPE DOUBLE"


def test_widening_keeps_the_values() -> None:
    """A value becomes a list of one, a missing one stays missing."""
    before = grown(need(str))
    cast = "CASE WHEN c0 IS NULL THEN NULL ELSE [c0]::VARCHAR[] END"
    assert statements(before, grown(need(str, many=True), before=before)) == [
        f"ALTER TABLE assets ALTER COLUMN c0 SET DATA TYPE VARCHAR[] USING {cast}"
    ]


def test_nothing_new_needs_no_statement() -> None:
    """A batch like those before leaves the layout alone."""
    before = grown(need(str))
    assert statements(before, grown(need(str), before=before)) == []


def test_a_column_is_seen_from_its_own_path_only() -> None:
    """An asset has no values of its nested objects, nor they of it."""
    layout = grown(need(str, path="o"), parents={"o": ROOT})
    assert layout.column("f", "o") == Column("f", "o", "c0", Type.STRING, Shape.SCALAR)
    assert layout.column("f", ROOT) is None
