"""Where a clause is bound: the fields, the time, and the nested object it is asked of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from muster.analysis.text import Analyzer
from muster.analysis.text_settings import analyzers
from muster.binding.tests import Bound
from muster.errors import InvalidInput, UnsupportedClause
from muster.fields import Field, Fields
from muster.query.algebra import AllOf, AnyOf

ID = "_id"
EVERYTHING: Bound = AllOf(())
NOTHING: Bound = AnyOf(())

_NEVER_ASKED = frozenset({"_data_stream_timestamp", "_feature", "_field_names", "_nested_path", "_source"})
_NOT_KEPT = frozenset({"_doc_count", "_ignored", "_index", "_routing", "_seq_no", "_version"})
_METADATA = _NEVER_ASKED | _NOT_KEPT


@dataclass(frozen=True, slots=True)
class Scope:
    """What a clause is bound against; `nested` is the innermost nested path around it, None at the root.

    `now` is in milliseconds since 1970-01-01 UTC.
    """

    fields: Fields
    now: int
    nested: str | None = None

    def find(self, name: str) -> Field | None:
        """Return a leaf field, or None when it is not mapped.

        Raises:
            UnsupportedClause: the field is one of OpenSearch's own about a document, of which only `_id` is kept.
        """
        if name in _METADATA:
            raise UnsupportedClause(f"`{name}` is not kept", hint="ask for `_id`, or for a field of the assets")
        return self.fields.get(name)

    def match(self, pattern: str) -> tuple[Field, ...]:
        """Return the leaf fields whose names match a pattern with `*`.

        Raises:
            UnsupportedClause: the pattern matches one of OpenSearch's own fields as well.
        """
        if any(_fits(name, pattern) for name in _METADATA | {ID}):
            raise UnsupportedClause(f"`{pattern}` matches fields that are not kept", hint="name the fields")
        return self.fields.match(pattern)

    def seen(self, found: Field, bound: Bound) -> Bound:
        """Return the formula, or nothing when the field belongs to other objects than the ones that are asked."""
        return bound if found.nested == self.nested else NOTHING

    def analyzer(self, name: str | None) -> Analyzer | None:
        """Return the analyzer that a clause names, or None when it names none.

        Raises:
            InvalidInput: there is no such analyzer.
        """
        if name is None:
            return None
        known = dict(built_in()) | {
            one.name: one for leaf in self.fields for one in (leaf.analyzer, leaf.search_analyzer) if one is not None
        }
        if name not in known:
            raise InvalidInput(f"there is no analyzer `{name}`", hint=f"use one of {', '.join(sorted(known))}")
        return known[name]


def asks_too_much(pattern: str) -> bool:
    """Whether a pattern matches a field of OpenSearch's own that refuses to be asked for."""
    return any(_fits(name, pattern) for name in _NEVER_ASKED)


def _fits(name: str, pattern: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name) is not None


@cache
def built_in() -> Mapping[str, Analyzer]:
    """Return the analyzers that every index has, by name."""
    return analyzers({})


def searchable(found: Field) -> Field:
    """Return the field itself.

    Raises:
        InvalidInput: the field is kept but not indexed.
    """
    if found.indexed or found.doc_values:
        return found
    raise InvalidInput(f"`{found.name}` is not indexed, so that it cannot be searched", hint="ask for another field")
