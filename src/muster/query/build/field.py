"""Fields of the fluent builder: each kind has the operators that make sense for it, and each operator is one clause.

Exact comparisons say `case_insensitive` explicitly, as Atlan's clients do. A moment may be an aware `datetime`
(compared as epoch milliseconds) or a text such as `now-30d/d`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.errors import InvalidInput
from muster.query.build.condition import Condition
from muster.query.nodes import (
    Exists,
    Fuzzy,
    Match,
    MatchPhrase,
    MatchPhrasePrefix,
    Minimum,
    Prefix,
    Range,
    Regexp,
    Term,
    Terms,
    Value,
    Wildcard,
)
from muster.query.shape import negate


@dataclass(frozen=True, slots=True)
class Field:
    """Any field: `name` is the one in the index."""

    name: str

    def exists(self) -> Condition:
        """Hold for assets with a value."""
        return Condition(Exists(self.name))

    def missing(self) -> Condition:
        """Hold for assets without a value."""
        return ~self.exists()


@dataclass(frozen=True, slots=True, eq=False)
class Exact(Field):
    """A field compared as a whole."""

    def _term(self, value: Any, case_insensitive: bool | None = None) -> Condition:  # noqa: FBT001 - forwarded
        return Condition(Term(self.name, plain(value), case_insensitive=case_insensitive))

    def __eq__(self, value: object) -> Condition:  # type: ignore[override]
        return self._term(value)

    def __ne__(self, value: object) -> Condition:  # type: ignore[override]
        return Condition(negate((self == value).node))

    def __hash__(self) -> int:
        return hash(self.name)

    def one_of(self, values: Iterable[Any]) -> Condition:
        """Hold for assets with one of the values."""
        if isinstance(values, str):
            raise InvalidInput("`one_of` takes several values", hint="write `one_of(['a', 'b'])`")
        return Condition(Terms(self.name, tuple(plain(value) for value in values)))

    in_ = one_of


@dataclass(frozen=True, slots=True, eq=False)
class Ordered(Exact):
    """A field whose values have an order."""

    def __lt__(self, value: Any) -> Condition:
        return self.range(lt=value)

    def __le__(self, value: Any) -> Condition:
        return self.range(lte=value)

    def __gt__(self, value: Any) -> Condition:
        return self.range(gt=value)

    def __ge__(self, value: Any) -> Condition:
        return self.range(gte=value)

    def between(self, low: Any, high: Any) -> Condition:
        """Hold for values from `low` to `high`, both included."""
        return self.range(gte=low, lte=high)

    def range(self, *, gt: Any = None, gte: Any = None, lt: Any = None, lte: Any = None) -> Condition:
        """Hold for values within the bounds given."""
        return Condition(Range(self.name, gt=_bound(gt), gte=_bound(gte), lt=_bound(lt), lte=_bound(lte)))


@dataclass(frozen=True, slots=True, eq=False)
class Keyword(Ordered):
    """A field of whole texts, such as a name or an identifier."""

    def __eq__(self, value: object) -> Condition:  # type: ignore[override]
        return self.eq(value)

    def __hash__(self) -> int:
        return hash(self.name)

    def eq(self, value: Any, *, case_insensitive: bool | None = False) -> Condition:
        """Hold for assets with exactly this value; `case_insensitive=None` leaves the option unsaid."""
        return self._term(value, case_insensitive)

    has = eq

    def starts_with(self, value: str, *, case_insensitive: bool | None = False) -> Condition:
        """Hold for values that start so."""
        return Condition(Prefix(self.name, value, case_insensitive=case_insensitive))

    def contains(self, value: str, *, case_insensitive: bool | None = False) -> Condition:
        """Hold for values with this text anywhere in them, taken literally."""
        return self.wildcard(f"*{escape_wildcard(value)}*", case_insensitive=case_insensitive)

    def ends_with(self, value: str, *, case_insensitive: bool | None = False) -> Condition:
        """Hold for values that end so."""
        return self.wildcard(f"*{escape_wildcard(value)}", case_insensitive=case_insensitive)

    def wildcard(self, pattern: str, *, case_insensitive: bool | None = False) -> Condition:
        """Hold for values of this shape: `*` any run, `?` one character, a backslash escapes."""
        return Condition(Wildcard(self.name, pattern, case_insensitive=case_insensitive))

    def matches(self, pattern: str, *, case_insensitive: bool | None = False) -> Condition:
        """Hold for values that match as a whole, in Lucene's regular expressions."""
        return Condition(Regexp(self.name, pattern, case_insensitive=case_insensitive))

    def fuzzy(self, value: str, fuzziness: str | int | None = None) -> Condition:
        """Hold for values within an edit distance; unsaid, it depends on the length."""
        return Condition(Fuzzy(self.name, value, fuzziness=fuzziness))


@dataclass(frozen=True, slots=True)
class Text(Field):
    """A field of analysed text."""

    def match(
        self,
        query: str,
        *,
        operator: str | None = None,
        minimum_should_match: Minimum | None = None,
        fuzziness: str | int | None = None,
    ) -> Condition:
        """Hold for texts with the words: any of them, or all with `operator="and"`."""
        words = Match(
            self.name, query, operator=operator, minimum_should_match=minimum_should_match, fuzziness=fuzziness
        )
        return Condition(words)

    def phrase(self, query: str, slop: int | None = None) -> Condition:
        """Hold for texts with the words in this order, `slop` moves apart."""
        return Condition(MatchPhrase(self.name, query, slop=slop))

    def phrase_prefix(self, query: str) -> Condition:
        """Hold for texts with the words in this order, the last one being the start of a word."""
        return Condition(MatchPhrasePrefix(self.name, query))


@dataclass(frozen=True, slots=True, eq=False)
class KeywordText(Keyword):
    """A field kept both whole (`name`) and analysed (`text`)."""

    analysed: str

    @property
    def text(self) -> Text:
        """The analysed side."""
        return Text(self.analysed)

    def match(self, query: str, *, operator: str | None = None) -> Condition:
        """Hold for texts with the words; see `Text.match`."""
        return self.text.match(query, operator=operator)

    def phrase(self, query: str, slop: int | None = None) -> Condition:
        """Hold for texts with the words in this order; see `Text.phrase`."""
        return self.text.phrase(query, slop)


@dataclass(frozen=True, slots=True, eq=False)
class Stemmed(KeywordText):
    """A field that is also kept reduced to word stems."""

    stems: str

    def match_stemmed(self, query: str, *, operator: str | None = None) -> Condition:
        """Hold for texts with the words in any inflection."""
        return Text(self.stems).match(query, operator=operator)


@dataclass(frozen=True, slots=True, eq=False)
class Number(Ordered):
    """A numeric field."""


@dataclass(frozen=True, slots=True, eq=False)
class Flag(Exact):
    """A field that is true or false."""

    def is_true(self) -> Condition:
        """Hold for assets where it is true."""
        return self == True  # noqa: E712 - builds a condition

    def is_false(self) -> Condition:
        """Hold for assets where it is false; where it is missing it is neither."""
        return self == False  # noqa: E712 - builds a condition


@dataclass(frozen=True, slots=True, eq=False)
class Moment(Ordered):
    """A time kept as epoch milliseconds (`name`) and as a date (`date`), which takes date math."""

    date: str | None = None

    def range(self, *, gt: Any = None, gte: Any = None, lt: Any = None, lte: Any = None) -> Condition:
        """Hold for times within the bounds; bounds that are texts are asked of the date side.

        Raises:
            InvalidInput: a text as bound of a field without a date side.
        """
        name = self._dated() if any(isinstance(bound, str) for bound in (gt, gte, lt, lte)) else self.name
        return Condition(Range(name, gt=_bound(gt), gte=_bound(gte), lt=_bound(lt), lte=_bound(lte)))

    def _dated(self) -> str:
        if self.date is None:
            raise InvalidInput(f"`{self.name}` takes no date math", hint="compare it with a `datetime`")
        return self.date


def plain(value: Any) -> Value:
    """Return a value as the wire knows it; an aware `datetime` becomes epoch milliseconds.

    Raises:
        InvalidInput: a `datetime` without a time zone, or no value a clause can hold.
    """
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise InvalidInput("a `datetime` without time zone is ambiguous", hint="give it a `tzinfo`, such as `UTC`")
        return int(value.timestamp() * 1000)
    if isinstance(value, str | int | float | bool):
        return value
    raise InvalidInput(
        f"`{type(value).__name__}` is not a value a clause can hold",
        hint="use a text, number, boolean or `datetime`; for no value at all use `missing()`",
    )


def _bound(value: Any) -> Value | None:
    return None if value is None else plain(value)


def escape_wildcard(text: str) -> str:
    """Escape what a wildcard pattern would not take literally."""
    return "".join(f"\\{char}" if char in "*?\\" else char for char in text)
