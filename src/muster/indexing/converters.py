"""One function per field that turns the values of a document into what is indexed."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeAlias, assert_never

from muster.analysis.dates import index_date
from muster.analysis.numbers import index_boolean, index_number
from muster.fields import Field, Kind
from muster.indexing.asset import IndexedTerm, IndexedValue
from muster.indexing.terms import is_ignored

Converter: TypeAlias = Callable[[Sequence[Any]], IndexedValue | None]
"""Takes the scalars at a field's path, nulls among them; None when nothing is indexed."""


def converter(field: Field) -> Converter:
    """Return the function that indexes the values of a field."""
    match field.kind:
        case Kind.TEXT:
            return _texts(field)
        case Kind.KEYWORD:
            return _each(_keyword(field), field)
        case Kind.BOOLEAN:
            return _each(index_boolean, field)
        case Kind.DATE:
            return _each(partial(index_date, format_=field.format), field)
        case Kind.BYTE | Kind.SHORT | Kind.INTEGER | Kind.LONG | Kind.HALF_FLOAT | Kind.FLOAT | Kind.DOUBLE:
            return _each(_number(field), field)
        case _:
            assert_never(field.kind)


def _each(convert: Callable[[Any], IndexedTerm | None], field: Field) -> Converter:
    """Convert value by value; a null is the field's `null_value`, or nothing."""
    null = None if field.null_value is None else convert(field.null_value)

    def converted(values: Sequence[Any]) -> IndexedValue | None:
        if len(values) == 1:
            term = null if values[0] is None else convert(values[0])
            return None if term is None else (term,)
        terms = (null if value is None else convert(value) for value in values)
        return tuple(dict.fromkeys(term for term in terms if term is not None)) or None

    return converted


def as_text(value: object) -> str:
    """Return a JSON scalar as the text that a text or keyword field sees."""
    if not isinstance(value, str):
        return json.dumps(value)
    return value if value.isascii() else well_formed(value)


def well_formed(text: str) -> str:
    """Return a text whose halves of characters are put together, or replaced by U+FFFD where the other is missing."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _texts(field: Field) -> Converter:
    analyzer, gap = field.analyzer, field.position_increment_gap

    def converted(values: Sequence[Any]) -> IndexedValue | None:
        texts = [as_text(value) for value in values if value is not None]
        return analyzer.tokens(texts, gap) if texts and analyzer is not None else None

    return converted


def _keyword(field: Field) -> Callable[[Any], str | None]:
    limit = field.ignore_above
    normalize = None if field.normalizer is None else field.normalizer.normalize

    def converted(value: object) -> str | None:
        text = as_text(value)
        if is_ignored(text, limit):
            return None
        return text if normalize is None else normalize(text)

    return converted


def _number(field: Field) -> Callable[[Any], IndexedTerm | None]:
    empty = field.null_value if field.coerce else None

    def converted(value: object) -> IndexedTerm | None:
        """An empty text counts as null where texts are read as numbers."""
        return index_number(empty if value == "" else value, field.kind, coerce=field.coerce)

    return converted
