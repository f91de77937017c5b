"""The values of a field as a relation of ordinals and values."""

from dataclasses import dataclass

from muster.analysis.numbers import written
from muster.engines.aggregable import stand_in
from muster.engines.embedded.layout import ROOT, Column, Layout, Shape, Type
from muster.engines.embedded.sql import Condition
from muster.fields import Field, Fields, Kind
from muster.query.aggregations import texts
from muster.query.nodes import Value

_TYPES = {Kind.KEYWORD: Type.STRING, Kind.BOOLEAN: Type.TRUTH, Kind.DATE: Type.WHOLE}


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a field: a relation `(ordinal, value)`, and whether an asset may have several of them."""

    relation: Condition
    type: Type
    many: bool
    field: Field | None

    def text(self, value: float, offset: int = 0) -> str | None:
        """Return how a value is written beside its number; None where it is not."""
        match self.field.kind if self.field else None:
            case Kind.DATE:
                return texts.of_date(value, offset)
            case Kind.BOOLEAN:
                return texts.of_boolean(value)
            case _:
                return None

    def key(self, value: str | float) -> str | float:
        """Return a value as the key of a bucket: a boolean is 0 or 1."""
        return int(value) if isinstance(value, bool) else written(value)


def values(layout: Layout, fields: Fields, name: str, missing: Value | None = None, *, numbers: bool) -> Values:
    """Return the values of a field; with `missing`, that is the value of assets that have none.

    With `numbers`, booleans are 0 and 1, and a field that no asset has would hold numbers.
    """
    field = fields.get(name)
    column = layout.column(name, ROOT)
    kind = column.type if column is not None else _type(field, numbers=numbers)
    instead = () if missing is None else (stand_in(field, missing, numbers=numbers),)
    many = column is not None and column.shape is not Shape.SCALAR
    value = f"unnest({_own(column, kind, given=bool(instead))})" if many else _own(column, kind, given=bool(instead))
    cast = "::INTEGER" if numbers and kind is Type.TRUTH else ""
    relation = f"(SELECT * FROM (SELECT ordinal, {value}{cast} AS value FROM assets) WHERE value IS NOT NULL)"
    return Values(Condition(relation, instead), kind, many, field)


def _own(column: Column | None, kind: Type, *, given: bool) -> str:
    """Return the SQL of an asset's own values, or of what is `given` where it has none."""
    if column is None:
        return f"?::{kind}" if given else f"NULL::{kind}"
    if not given:
        return column.name
    return f"coalesce({column.name}, {'?' if column.shape is Shape.SCALAR else f'[?::{kind}]'})"


def _type(field: Field | None, *, numbers: bool) -> Type:
    if field is None:
        return Type.FRACTION if numbers else Type.STRING
    return _TYPES.get(field.kind, Type.WHOLE if field.kind.is_whole else Type.FRACTION)
