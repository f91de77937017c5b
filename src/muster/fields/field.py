"""One searchable field."""

from dataclasses import dataclass
from enum import StrEnum

from muster.analysis.dates import DEFAULT_FORMAT
from muster.analysis.numbers import Number
from muster.analysis.text import Analyzer, Normalizer


class Kind(StrEnum):
    """The mapping types that are understood, by their names in a mapping."""

    TEXT = "text"
    KEYWORD = "keyword"
    BYTE = "byte"
    SHORT = "short"
    INTEGER = "integer"
    LONG = "long"
    HALF_FLOAT = "half_float"
    FLOAT = "float"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"

    @property
    def is_whole(self) -> bool:
        """Whether the kind holds whole numbers (dates are not numbers)."""
        return self in {Kind.BYTE, Kind.SHORT, Kind.INTEGER, Kind.LONG}

    @property
    def is_fraction(self) -> bool:
        """Whether the kind holds floating point numbers."""
        return self in {Kind.HALF_FLOAT, Kind.FLOAT, Kind.DOUBLE}

    @property
    def is_number(self) -> bool:
        """Whether the kind holds numbers of any sort."""
        return self.is_whole or self.is_fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One leaf field: what a selection may name.

    `source` is the dotted path in the document that fills it: `name` for the multi-field `name.keyword`. `nested` is
    the innermost nested path around it. `analyzer` and `search_analyzer` are there for text only, `normalizer` for
    keywords that have one, `format` for dates. `ignore_above` counts UTF-16 units.
    """

    name: str
    kind: Kind
    source: str
    nested: str | None = None
    analyzer: Analyzer | None = None
    search_analyzer: Analyzer | None = None
    normalizer: Normalizer | None = None
    ignore_above: int | None = None
    null_value: str | Number | bool | None = None
    format: str = DEFAULT_FORMAT
    coerce: bool = True
    position_increment_gap: int = 100
    indexed: bool = True
    doc_values: bool = True
