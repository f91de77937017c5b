"""Query values as the texts that OpenSearch reads them as."""

from decimal import Decimal

from muster.fields import Field
from muster.query.nodes import Value


def text_of(value: Value) -> str:
    """Return a JSON value as the text that a keyword or a text field compares: `true`, `12`, `1.5`, `1.0E10`."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return _text_of_float(value)
        case _:
            return str(value)


def normalized(found: Field, text: str) -> str:
    """Return a text as the field's normalizer leaves it."""
    return text if found.normalizer is None else found.normalizer.normalize(text)


def _text_of_float(value: float) -> str:
    """Write the shortest digits, as Java does: plain from 0.001 up to 10 million, else with an exponent."""
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return format(Decimal(repr(value)), "f")
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    first, *rest = map(str, digits)
    power = int(exponent) + len(rest)
    return f"{'-' if sign else ''}{first}.{''.join(rest) or '0'}E{power}"
