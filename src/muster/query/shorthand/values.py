"""What stands after `field:`: one value, a list, a comparison, a range, a pattern."""

from collections.abc import Sequence
from dataclasses import dataclass

from muster.query.aliases import ALIASES, ANALYSED
from muster.query.nodes import (
    Exists,
    Fuzzy,
    Ids,
    Match,
    MatchPhrase,
    Node,
    Prefix,
    Range,
    Regexp,
    Term,
    Terms,
    Value,
    Wildcard,
)
from muster.query.shape import disjoin
from muster.query.shorthand.lexer import BOUND_ENDS, SPACE, VALUE_ENDS, Scanner, Word

IDS = "_id"
_COMPARISONS = {">=": "gte", ">": "gt", "<=": "lte", "<": "lt"}
_OPENING = {"[": "gte", "{": "gt"}
_CLOSING = {"]": "lte", "}": "lt"}
_QUOTING = 'put the value in quotes, `name:"a value"`, and a backslash before a quote in it'


@dataclass(frozen=True, slots=True)
class ValueReader:
    """Reads the values of one field; `named` is an alias, or the field's own name, which `verbatim` insists on."""

    scan: Scanner
    named: str
    verbatim: bool = False

    @property
    def field(self) -> str:
        """The index field."""
        return self.named if self.verbatim else ALIASES.get(self.named, self.named)

    def values(self) -> Node:
        """Read what stands here, up to a space or a closing parenthesis, and return its clause."""
        node = self._leaf()
        if self.scan.peek() not in ("", *SPACE, ")"):
            raise self.scan.wrong(f"`{self.scan.peek()}` does not belong to the value", hint=_QUOTING)
        return node

    def _leaf(self) -> Node:
        for sign, bound in _COMPARISONS.items():
            if self.scan.take(sign):
                return self._range(**{bound: self._value(f"a value after `{self.named}:{sign}`")})
        sign = self.scan.peek()
        if sign in _OPENING:
            return self._bracketed()
        if sign == "/":
            return Regexp(self.field, self.scan.regexp(), case_insensitive=self._ignoring_case())
        return self._words()

    def _words(self) -> Node:
        if self.scan.take("~~"):
            return Match(self.field, self._value("words to match"), operator="and")
        if self.scan.take("~"):
            return Match(self.field, self._value("words to match"))
        exact = self.scan.take("=")
        items = [self._item(exact=exact)]
        while self.scan.take(","):
            items.append(self._item(exact=exact))
        return items[0] if len(items) == 1 else combine_options(items)

    def _value(self, what: str) -> Value:
        return self.scan.word(VALUE_ENDS, what).value

    def _item(self, *, exact: bool) -> Node:
        """One value, with what may follow it: `..`, `~`, `i`."""
        if not exact and self.scan.take(".."):
            return self._range(lte=self._value("the upper bound"))
        word = self.scan.word(VALUE_ENDS, f"a value after `{self.named}:`", dots_end=not exact)
        if exact:
            return self._exactly(word.value, case_insensitive=self._ignoring_case() if word.quoted else None)
        if self.scan.take(".."):
            return self._up_from(word)
        if self.scan.take("~"):
            return self._near(word)
        return self._plain(word, case_insensitive=self._ignoring_case() if word.quoted else None)

    def _up_from(self, low: Word) -> Node:
        open_ended = self.scan.peek() in ("", *SPACE, ")", ",")
        return self._range(gte=low.value, lte=None if open_ended else self._value("the upper bound"))

    def _near(self, word: Word) -> Node:
        """`"a phrase"~2` within a text, `word~1` within an edit distance."""
        if word.quoted:
            return MatchPhrase(self.field, word.text, slop=self.distance())
        return Fuzzy(self.field, word.value, fuzziness=self.distance())

    def distance(self) -> int | None:
        """Read the number after `~`, which may be left out."""
        start = self.scan.at
        while self.scan.peek().isascii() and self.scan.peek().isdigit():
            self.scan.at += 1
        digits = self.scan.text[start : self.scan.at]
        if len(digits) > 9:
            raise self.scan.wrong("the distance is too large", hint="write a smaller number", at=start)
        return int(digits) if digits else None

    def _plain(self, word: Word, *, case_insensitive: bool | None) -> Node:
        if word.is_star and case_insensitive is None:
            return Exists(self.field)
        if word.is_prefix:
            return Prefix(self.field, word.text[:-1], case_insensitive=case_insensitive)
        if word.wildcards:
            return Wildcard(self.field, word.pattern, case_insensitive=case_insensitive)
        if self.field in ANALYSED and not self.verbatim and case_insensitive is None:
            return Match(self.field, word.value, operator="and")
        return self._exactly(word.text if self.field == IDS else word.value, case_insensitive=case_insensitive)

    def _exactly(self, value: Value, *, case_insensitive: bool | None) -> Node:
        if self.field == IDS and case_insensitive is None:
            return Ids((str(value),))
        return Term(self.field, value, case_insensitive=case_insensitive)

    def _ignoring_case(self) -> bool | None:
        """Read the `i` behind a quoted value or a regular expression."""
        return True if self.scan.take("i") else None

    def _bracketed(self) -> Node:
        """`[a TO b]` with the bounds, `{a TO b}` without; `*` for no bound."""
        low_key = _OPENING[self.scan.peek()]
        self.scan.at += 1
        low = self._bound()
        self.scan.expect("TO", "between the bounds: `[a TO b]`")
        high = self._bound()
        closing = self.scan.peek()
        if closing not in _CLOSING:
            raise self.scan.wrong("expected `]` or `}` after the bounds", hint="write `[a TO b]`")
        self.scan.at += 1
        return self._range(**{low_key: low, _CLOSING[closing]: high})

    def _bound(self) -> Value | None:
        self.scan.skip_space()
        word = self.scan.word(BOUND_ENDS, "a bound, or `*` for none")
        self.scan.skip_space()
        return None if word.is_star else word.value

    def _range(self, **bounds: Value | None) -> Node:
        if not any(bound is not None for bound in bounds.values()):
            raise self.scan.wrong("a range needs at least one bound", hint=f"for any value write `{self.named}:*`")
        return Range(
            self.field,
            gt=bounds.get("gt"),
            gte=bounds.get("gte"),
            lt=bounds.get("lt"),
            lte=bounds.get("lte"),
        )


def combine_options(options: Sequence[Node]) -> Node:
    """Unite options; values of one field become one `terms`, ids one `ids`."""
    if all(isinstance(option, Ids) for option in options):
        return Ids(tuple(value for option in options if isinstance(option, Ids) for value in option.values))
    terms = [option for option in options if isinstance(option, Term) and option.case_insensitive is None]
    if len(terms) == len(options) and len({term.field for term in terms}) == 1:
        return Terms(terms[0].field, tuple(term.value for term in terms))
    return disjoin(options)
