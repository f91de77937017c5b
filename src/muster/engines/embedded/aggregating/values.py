"""The values of a field as a relation of ordinals and values."""

from dataclasses import dataclass

from muster.analysis.numbers import written
from muster.engines.aggregable import stand_in
from muster.engines.embedded.layout import ROOT, Layout, Shape, Type
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

    @property
    def is_date(self) -> bool:
        """Whether the values are times."""
        return self.field is not None and self.field.kind is Kind.DATE

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
    instead = None if missing is None else stand_in(field, missing, numbers=numbers)
    kind = column.type if column is not None else _type(field, numbers=numbers)
    cast = "::INTEGER" if numbers and kind is Type.TRUTH else ""
    if column is None:
        given = Condition(f"?::{kind}{cast}", (instead,))
        return Values(_relation(given, instead is not None), kind, many=False, field=field)
    if column.shape is Shape.SCALAR:
        own = (
            Condition(column.name + cast)
            if instead is None
            else Condition(f"coalesce({column.name}, ?){cast}", (instead,))
        )
        return Values(_relation(own, has_values=True), kind, many=False, field=field)
    listed = column.name if instead is None else f"coalesce({column.name}, [?::{kind}])"
    own = Condition(f"unnest({listed}){cast}", () if instead is None else (instead,))
    return Values(_relation(own, has_values=True), kind, many=True, field=field)


def _relation(value: Condition, has_values: bool) -> Condition:  # noqa: FBT001 - private
    inner = f"SELECT ordinal, {value.text} AS value FROM assets{'' if has_values else ' WHERE FALSE'}"
    return Condition(f"(SELECT * FROM ({inner}) WHERE value IS NOT NULL)", value.values)


def _type(field: Field | None, *, numbers: bool) -> Type:
    if field is None:
        return Type.FRACTION if numbers else Type.STRING
    return _TYPES.get(field.kind, Type.WHOLE if field.kind.is_whole else Type.FRACTION)
