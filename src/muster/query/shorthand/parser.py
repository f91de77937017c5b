"""Shorthand text to clauses, by recursive descent; the grammar is in `docs/reference/shorthand.md`."""

from collections.abc import Callable
from typing import TypeAlias

from muster.errors import InvalidSelection, LimitExceeded
from muster.query import wire
from muster.query.aliases import FREE_TEXT
from muster.query.limits import DEFAULT, Limits, check_node, decoded
from muster.query.minimum import spelled
from muster.query.nodes import MatchAll, Minimum, MultiMatch, Node
from muster.query.shape import conjoin, disjoin, negate
from muster.query.shorthand.lexer import FIELD_ENDS, VALUE_ENDS, Scanner, Word
from muster.query.shorthand.values import ValueReader, combine_options

Primary: TypeAlias = Callable[[], Node]


def parse(text: str, limits: Limits = DEFAULT) -> Node:
    """Read a shorthand text.

    Raises:
        InvalidSelection: it does not follow the grammar, the message has line, column and a caret; or it is not Unicode.
        LimitExceeded: longer, deeper or larger than `limits` allow.
        UnsupportedClause: an inline JSON clause that is none of ours.
    """
    node = _Parser(decoded(text, limits), limits.nesting).whole()
    check_node(node, limits)
    return node


class _Parser:
    def __init__(self, text: str, nesting: int) -> None:
        self.scan = Scanner(text)
        self.nesting = nesting
        self.depth = 0

    def whole(self) -> Node:
        self.scan.skip_space()
        if not self.scan.peek():
            raise self.scan.wrong("the text is empty", hint="write `*` for all assets")
        node = self._alternatives(self._clause)
        if self.scan.peek():
            raise self.scan.wrong(
                f"`{self.scan.peek()}` does not belong here", hint="quote it or put a backslash before it"
            )
        return node

    def _alternatives(self, primary: Primary) -> Node:
        """`a OR b`; binds loosest."""
        options = [self._sequence(primary)]
        while self.scan.keyword() == "OR":
            self._step("OR")
            options.append(self._sequence(primary))
        if len(options) == 1:
            return options[0]
        return disjoin(options) if primary == self._clause else combine_options(options)

    def _sequence(self, primary: Primary) -> Node:
        """`a b`, `a AND b`."""
        parts = [self._signed(primary)]
        while self.scan.peek() not in ("", ")") and self.scan.keyword() != "OR":
            if self.scan.keyword() == "AND":
                self._step("AND")
            parts.append(self._signed(primary))
        return conjoin(parts)

    def _signed(self, primary: Primary) -> Node:
        """`-a`, `NOT a`; binds tightest."""
        if self.scan.keyword() == "NOT":
            self._step("NOT")
            return negate(self._deeper(lambda: self._signed(primary)))
        if self.scan.take("-"):
            return negate(self._deeper(lambda: self._signed(primary)))
        node = self._grouped(primary) if self.scan.peek() == "(" else primary()
        self.scan.skip_space()
        return node

    def _grouped(self, primary: Primary) -> Node:
        opened = self.scan.at
        self._step("(")
        node = self._deeper(lambda: self._alternatives(primary))
        if not self.scan.take(")"):
            raise self.scan.wrong("this `(` is never closed", at=opened, hint="add `)`")
        return node

    def _deeper(self, read: Primary) -> Node:
        self.depth += 1
        if self.depth > self.nesting:
            raise LimitExceeded(f"nested deeper than {self.nesting}", hint="write it with fewer parentheses")
        node = read()
        self.depth -= 1
        return node

    def _step(self, sign: str) -> None:
        self.scan.take(sign)
        self.scan.skip_space()

    def _clause(self) -> Node:
        """One clause: inline JSON, `SOME n (...)`, `field:value`, or free words."""
        if self.scan.peek() == "{":
            return self._inline_json()
        if self.scan.keyword() == "SOME":
            return self._some()
        if self.scan.keyword() is not None:
            raise self.scan.wrong(
                f"expected a condition before `{self.scan.keyword()}`", hint="quote it to search for the word"
            )
        word = self.scan.word(FIELD_ENDS, "a condition such as `type:Table`")
        if self.scan.take(":"):
            return self._field(word)
        return self._free(word)

    def _inline_json(self) -> Node:
        start = self.scan.at
        text = self.scan.braced()
        try:
            return wire.parse(text)
        except InvalidSelection as error:
            message = f"at {error.path or '/'} of this clause: {error.message}"
            raise self.scan.wrong(message, hint=error.hint, at=start) from error

    def _some(self) -> Node:
        """`SOME 2 (a b c)`: at least two of the conditions."""
        self._step("SOME")
        word = self.scan.word(VALUE_ENDS, "how many: `SOME 2 (a b c)`")
        self.scan.skip_space()
        self.scan.expect("(", "before the conditions: `SOME 2 (a b c)`")
        self.scan.skip_space()
        options = [self._deeper(lambda: self._signed(self._clause))]
        while self.scan.peek() not in ("", ")"):
            options.append(self._deeper(lambda: self._signed(self._clause)))
        self.scan.expect(")", "after the conditions")
        return disjoin(options, self._minimum(word))

    def _minimum(self, word: Word) -> Minimum:
        try:
            return spelled(word.text)
        except InvalidSelection as error:
            raise self.scan.wrong(error.message, hint=error.hint, at=word.start) from error

    def _field(self, word: Word) -> Node:
        if word.wildcards:
            raise self.scan.wrong(
                "a field name has no wildcards", at=word.start, hint="name one field, or combine with `OR`"
            )
        reader = ValueReader(self.scan, word.text, verbatim=word.quoted or word.escaped)
        if self.scan.peek() == "(":
            return self._grouped(reader.values)
        return reader.values()

    def _free(self, word: Word) -> Node:
        if not word.quoted and word.is_star:
            return MatchAll()
        if word.quoted:
            slop = ValueReader(self.scan, "").distance() if self.scan.take("~") else None
            return MultiMatch(word.text, FREE_TEXT, type="phrase", slop=slop)
        if word.wildcards:
            raise self.scan.wrong("a wildcard needs a field", at=word.start, hint=f"write `name:{word.text}`")
        return MultiMatch(word.text, FREE_TEXT)
