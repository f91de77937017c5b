"""What assets can be put in order by, alike on every engine."""

from muster.errors import UnsupportedClause
from muster.fields import Field, Fields, Kind
from muster.query.sorting import Sort


def ordering(sort: Sort, fields: Fields) -> Field:
    """Return the field of an order.

    Raises:
        UnknownField: no asset can have it.
        UnsupportedClause: it is text, or a field of nested objects: those have no one value of an asset.
    """
    field = fields.find(sort.field)
    if field.kind is Kind.TEXT:
        raise UnsupportedClause(f"`{sort.field}` is text and has no order", hint="sort by its `.keyword` field")
    if field.nested is not None:
        raise UnsupportedClause(
            f"`{sort.field}` is a field of nested objects, by which assets have no order",
            hint="sort by a field of the asset itself",
        )
    return field
