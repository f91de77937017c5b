"""The primitive tests that every clause is lowered to.

A test asks one question of the *indexed* values of one field of an asset (`muster.indexing`), after coercion,
analysis, normalisation and date math have been settled. The predicate and the embedded engine implement these and
nothing else, so that a rule of OpenSearch lives in one place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from muster.indexing import IndexedTerm
from muster.query.algebra import Formula, atoms


@dataclass(frozen=True, slots=True)
class OneOf:
    """Some value (token) of the field is one of these."""

    field: str
    terms: frozenset[IndexedTerm]


@dataclass(frozen=True, slots=True)
class Between:
    """Some value lies between the bounds (`None`: open); strings compare by their UTF-8 bytes."""

    field: str
    low: IndexedTerm | None
    high: IndexedTerm | None
    low_included: bool = True
    high_included: bool = True


@dataclass(frozen=True, slots=True)
class Present:
    """The field has at least one indexed value, or, for a text field, at least one value of any text.

    `field` is always one leaf field; an object path is lowered to the union of its leaves.
    """

    field: str


@dataclass(frozen=True, slots=True)
class StartsWith:
    """Some value (token) starts with the prefix, case counted."""

    field: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """Some value (token) matches the RE2 pattern as a whole; the pattern is of our making, never a user's text.

    `also` and `never` carry Lucene's intersection and complement: all of `also` must match too, none of `never` may,
    on the same value.
    """

    field: str
    pattern: str
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Similar:
    """Some value (token) is one of the expansions of a fuzzy term.

    Candidates share the first `prefix_length` characters and lie within `distance` edits (optimal string alignment
    when `transpositions`, else Levenshtein), counted in code points. The vocabulary's best `max_expansions` count:
    most similar first, then in order of UTF-8 bytes.
    """

    field: str
    term: str
    distance: int
    prefix_length: int
    transpositions: bool
    max_expansions: int


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in a phrase: any of `terms` at `position`, counted from the start of the phrase.

    When `expand` is set, up to that many vocabulary terms that start with `terms[0]`, in order of UTF-8 bytes.
    """

    position: int
    terms: tuple[str, ...]
    expand: int | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """The slots appear in the text with at most `slop` moves in all (Lucene's sloppy phrase)."""

    field: str
    slots: tuple[Slot, ...]
    slop: int = 0


@dataclass(frozen=True, slots=True)
class TermSpan:
    """Positions of one token."""

    term: str


@dataclass(frozen=True, slots=True)
class NearSpan:
    """Spans within `slop` positions of each other."""

    parts: "tuple[SpanTree, ...]"
    slop: int
    in_order: bool


@dataclass(frozen=True, slots=True)
class OrSpan:
    """Spans of any part."""

    parts: "tuple[SpanTree, ...]"


@dataclass(frozen=True, slots=True)
class WithinSpan:
    """Spans of `little` inside a span of `big`."""

    little: "SpanTree"
    big: "SpanTree"


@dataclass(frozen=True, slots=True)
class NotSpan:
    """Spans of `include` with no span of `exclude` from `pre` positions before to `post` after."""

    include: "SpanTree"
    exclude: "SpanTree"
    pre: int
    post: int


SpanTree: TypeAlias = TermSpan | NearSpan | OrSpan | WithinSpan | NotSpan


@dataclass(frozen=True, slots=True)
class Spans:
    """At least one span of the tree is found in the field's positions."""

    field: str
    tree: SpanTree


@dataclass(frozen=True, slots=True)
class Guids:
    """The asset's guid is one of these."""

    guids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Within:
    """At least one nested object under `path` satisfies the formula, whose tests ask that object alone."""

    path: str
    formula: "Formula[Test]"


Test: TypeAlias = OneOf | Between | Present | StartsWith | Pattern | Similar | Phrase | Spans | Guids | Within

Bound: TypeAlias = Formula[Test]


def asked_fields(bound: Bound) -> Iterator[str]:
    """Yield the fields that are asked, each as often as it is; of nested objects the path, and what is asked of them."""
    for test in atoms(bound):
        match test:
            case Guids():
                continue
            case Within(path, formula):
                yield path
                yield from asked_fields(formula)
            case _:
                yield test.field
