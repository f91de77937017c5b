"""The searchable fields, read from an index template."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

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
    keywords that have one, `format` for dates.
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
    norms: bool = True


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one index, by name."""

    leaves: Mapping[str, Field]
    nested_paths: frozenset[str]

    @classmethod
    def from_mapping(cls, settings: Mapping[str, Any], mappings: Mapping[str, Any]) -> "Fields":
        """Read `settings` and `mappings` as an index template spells them.

        Raises:
            InvalidInput: a mapping type, an analyzer or an option that is not understood.
        """
        raise NotImplementedError

    def get(self, name: str) -> Field | None:
        """Return a leaf field, or None."""
        raise NotImplementedError

    def find(self, name: str) -> Field:
        """Return a leaf field.

        Raises:
            UnknownField: there is none; the hint suggests up to three similar names.
        """
        raise NotImplementedError

    def match(self, pattern: str) -> tuple[Field, ...]:
        """Return the fields whose names match a pattern with `*`, in order of name."""
        raise NotImplementedError

    def leaves_under(self, path: str) -> tuple[Field, ...]:
        """Return the leaf fields of an object, or () when there is no such object.

        Multi-fields are not leaves of their parent.
        """
        raise NotImplementedError

    def is_object(self, path: str) -> bool:
        """Whether the path is an object (nested or not) rather than a leaf."""
        raise NotImplementedError

    def dynamic(self, names: Mapping[str, object]) -> "Fields":
        """Return these fields and those that the dynamic rules add for unmapped names, from an example value each."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[Field]:
        """Yield the leaf fields in order of name."""
        raise NotImplementedError


def asset_fields() -> Fields:
    """Return the fields of the shipped asset template, read once."""
    raise NotImplementedError
