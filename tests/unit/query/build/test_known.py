"""The constants and short names against the index template."""

import pytest

from muster.fields import Kind, asset_fields
from muster.query.aliases import ALIASES, ANALYSED, FREE_TEXT
from muster.query.build import Fields
from muster.query.build.field import Field, Flag, KeywordText, Moment, Number, Stemmed, Text

INDEX = asset_fields()
CONSTANTS = {name: value for name, value in vars(Fields).items() if isinstance(value, Field)}
NUMBERS = {Kind.LONG, Kind.INTEGER, Kind.FLOAT, Kind.DOUBLE}


def expected_kinds(field: Field) -> dict[str, set[Kind]]:
    """Return the index fields of a constant, each with the kinds that its operators need."""
    match field:
        case Stemmed(name=name, analysed=text, stems=stems):
            return {name: {Kind.KEYWORD}, text: {Kind.TEXT}, stems: {Kind.TEXT}}
        case KeywordText(name=name, analysed=text):
            return {name: {Kind.KEYWORD}, text: {Kind.TEXT}}
        case Moment(name=name, date=date):
            return {name: NUMBERS, **({date: {Kind.DATE}} if date else {})}
        case Number(name=name):
            return {name: NUMBERS}
        case Flag(name=name):
            return {name: {Kind.BOOLEAN}}
        case Text(name=name):
            return {name: {Kind.TEXT}}
        case _:
            return {field.name: {Kind.KEYWORD}}


@pytest.mark.parametrize("constant", CONSTANTS)
def test_constant_is_mapped(constant: str) -> None:
    """Each constant names fields of the index, of the kind its operators are for."""
    for name, kinds in expected_kinds(CONSTANTS[constant]).items():
        assert INDEX.find(name).kind in kinds


def test_there_are_constants_for_the_common_fields() -> None:
    """There are at least sixty, each for a field of its own."""
    names = [field.name for field in CONSTANTS.values()]
    assert (len(names) >= 60, len(set(names))) == (True, len(names))


@pytest.mark.parametrize("alias", ALIASES)
def test_short_name_is_mapped(alias: str) -> None:
    """Each short name stands for a field of the index; those said to hold words are text, no others."""
    field = ALIASES[alias]
    assert (INDEX.find(field).kind is Kind.TEXT) == (field in ANALYSED)


@pytest.mark.parametrize("field", FREE_TEXT)
def test_free_words_are_looked_for_in_texts(field: str) -> None:
    """Words without a field are matched against analysed text."""
    assert INDEX.find(field).kind is Kind.TEXT
