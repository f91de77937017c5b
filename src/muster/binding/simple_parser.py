"""The syntax of `simple_query_string`: every text is a query, what makes no sense is passed over.

    a b      either (or both, by the default operator)      "a b"~2  a phrase, two moves apart
    a + b    both                                           a*       words that start so
    a | b    either                                         a~1      words one edit apart
    -a       not                                            (a b)    a group

There is no precedence but the order of writing: `a | b + c` is `(a | b) + c`. A backslash takes the next character as it
is. Which operators count is told by flags.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntFlag
from typing import Generic, Protocol, TypeVar

from muster.errors import UnsupportedClause

Q = TypeVar("Q")

_SPACES = " \t\n\r"
_DEPTH = 100


class Flag(IntFlag):
    """The operators, by their names in the `flags` option."""

    NONE = 0
    AND = 1
    NOT = 2
    OR = 4
    PREFIX = 8
    PHRASE = 16
    PRECEDENCE = 32
    ESCAPE = 64
    WHITESPACE = 128
    FUZZY = 256
    NEAR = 512
    ALL = -1


class Maker(Protocol[Q]):
    """What queries are made with; None leaves a part out."""

    def word(self, text: str) -> Q | None:
        """Return the query of a word."""
        ...

    def phrase(self, text: str, slop: int) -> Q | None:
        """Return the query of a phrase."""
        ...

    def prefix(self, text: str) -> Q | None:
        """Return the query of words that start so."""
        ...

    def fuzzy(self, text: str, edits: int) -> Q | None:
        """Return the query of words so many edits apart, at most."""
        ...

    def negated(self, query: Q) -> Q:
        """Return the complement."""
        ...

    def joined(self, queries: tuple[Q, ...], *, all_needed: bool) -> Q:
        """Return the intersection or the union."""
        ...


@dataclass(slots=True)
class _State(Generic[Q]):
    """What has been read so far: one query, or several under one operator (`both`), and the operator that waits."""

    at: int
    end: int
    read: list[Q] = field(default_factory=list)
    both: bool | None = None
    waiting: bool | None = None
    negations: int = 0


def parse(text: str, maker: Maker[Q], flags: int, *, all_needed: bool) -> Q | None:
    """Return the query of a text; None when nothing of it makes one.

    Raises:
        UnsupportedClause: groups are nested too deep.
    """
    parser = _Parser(text, maker, flags, all_needed=all_needed)
    return parser.group(_State(0, len(text)), 0)


class _Parser(Generic[Q]):
    def __init__(self, text: str, maker: Maker[Q], flags: int, *, all_needed: bool) -> None:
        self._text, self._maker, self._flags, self._all_needed = text, maker, flags, all_needed
        self._closed = self._closings()

    def group(self, state: _State[Q], depth: int) -> Q | None:
        if depth > _DEPTH:
            raise UnsupportedClause(f"groups are nested more than {_DEPTH} deep", hint="use fewer parentheses")
        while state.at < state.end:
            char = self._text[state.at]
            if self._means(char, "-", Flag.NOT):
                state.negations += 1
                state.at += 1
                continue
            self._step(state, char, depth)
            state.negations = 0
        return self._whole(state)

    def _step(self, state: _State[Q], char: str, depth: int) -> None:
        if self._means(char, "(", Flag.PRECEDENCE):
            self._subgroup(state, depth)
        elif self._means(char, '"', Flag.PHRASE):
            self._phrase(state)
        elif self._means(char, "+", Flag.AND) or self._means(char, "|", Flag.OR):
            if state.waiting is None and state.read:
                state.waiting = char == "+"
            state.at += 1
        elif self._means(char, ")", Flag.PRECEDENCE) or self._means(char, _SPACES, Flag.WHITESPACE):
            state.at += 1
        else:
            self._word(state)

    def _means(self, char: str, operators: str, flag: Flag) -> bool:
        return char in operators and bool(self._flags & flag)

    # --- what is read ---

    def _subgroup(self, state: _State[Q], depth: int) -> None:
        start = state.at + 1
        close = self._closed.get(state.at)
        if close is None or close >= state.end:
            state.at = start
            return
        state.at = close + 1
        if close == start:
            state.waiting = None
        else:
            self._add(state, self.group(_State(start, close), depth + 1))

    def _closings(self) -> dict[int, int]:
        """Return where each group is closed, by where it is opened; those that never are are left out."""
        opened: list[int] = []
        closed: dict[int, int] = {}
        at = 0
        while at < len(self._text):
            char = self._text[at]
            if self._means(char, "\\", Flag.ESCAPE):
                at += 1
            elif char == "(":
                opened.append(at)
            elif char == ")" and opened:
                closed[opened.pop()] = at
            at += 1
        return closed

    def _phrase(self, state: _State[Q]) -> None:
        start = state.at + 1
        chars, close = self._until(start, state.end, lambda at: self._text[at] == '"')
        if close >= state.end:
            state.at = start
            return
        if close == start and not self._tilde_behind(close, state.end):
            state.at, state.waiting = close + 1, None
            return
        state.at = close
        slop = self._slop(state)
        self._add(state, self._maker.phrase(chars, slop))
        state.at += 1

    def _slop(self, state: _State[Q]) -> int:
        """Read `~2` behind a phrase; a tilde at the very end says nothing."""
        if not self._tilde_behind(state.at, state.end):
            return 0
        state.at += 1
        return self._number(state) if state.at + 1 < state.end else 0

    def _tilde_behind(self, at: int, end: int) -> bool:
        return at + 1 < end and self._means(self._text[at + 1], "~", Flag.NEAR)

    def _word(self, state: _State[Q]) -> None:
        start = state.at
        chars, state.at = self._until(start, state.end, lambda at: self._ends_word(at) or self._tilde(start, at))
        if not chars:
            return
        if (
            state.at < state.end
            and self._means(self._text[state.at], "~", Flag.FUZZY)
            and not self._ends_word(state.at)
        ):
            edits = min(2, self._number(state))
            query = self._maker.fuzzy(chars, edits) if edits else self._maker.word(chars)
        elif self._is_prefix(start, state.at):
            query = self._maker.prefix(chars[:-1])
        else:
            query = self._maker.word(chars)
        self._add(state, query)

    def _until(self, at: int, end: int, stops: Callable[[int], bool]) -> tuple[str, int]:
        """Return the characters up to where `stops` says, escapes resolved, and where that is."""
        chars: list[str] = []
        while at < end:
            if self._means(self._text[at], "\\", Flag.ESCAPE):
                at += 1
                chars += self._text[at : at + 1] if at < end else ""
            elif stops(at):
                break
            else:
                chars.append(self._text[at])
            at += 1
        return "".join(chars), min(at, end)

    def _tilde(self, start: int, at: int) -> bool:
        return at > start and self._means(self._text[at], "~", Flag.FUZZY)

    def _is_prefix(self, start: int, end: int) -> bool:
        """Whether the word ends with a star that is not escaped and not alone."""
        if not (self._flags & Flag.PREFIX and end - start > 1 and self._text[end - 1] == "*"):
            return False
        run = self._text[start : end - 1]
        escapes = len(run) - len(run.rstrip("\\")) if self._flags & Flag.ESCAPE else 0
        return escapes % 2 == 0

    def _ends_word(self, at: int) -> bool:
        char = self._text[at]
        return (
            self._means(char, '"', Flag.PHRASE)
            or self._means(char, "|", Flag.OR)
            or self._means(char, "+", Flag.AND)
            or self._means(char, "()", Flag.PRECEDENCE)
            or self._means(char, _SPACES, Flag.WHITESPACE)
        )

    def _number(self, state: _State[Q]) -> int:
        """Read what stands between a tilde and the end of the word: nothing is 2, no number is 0."""
        start = state.at = state.at + 1
        while state.at < state.end and not self._ends_word(state.at):
            state.at += 1
        digits = self._text[start : state.at]
        if not digits:
            return 2
        try:
            number = int(digits) if digits.strip("+-0123456789") == "" else 0
        except ValueError:
            return 0
        return number if 0 < number < 2**31 else 0

    # --- what is made ---

    def _add(self, state: _State[Q], query: Q | None) -> None:
        if query is None:
            return
        made = self._maker.negated(query) if state.negations % 2 else query
        if state.read:
            both = self._all_needed if state.waiting is None else state.waiting
            if state.both is not None and state.both != both:
                state.read = [self._maker.joined(tuple(state.read), all_needed=state.both)]
            state.both = both
        state.read.append(made)
        state.waiting = None

    def _whole(self, state: _State[Q]) -> Q | None:
        if state.both is not None:
            return self._maker.joined(tuple(state.read), all_needed=state.both)
        return state.read[0] if state.read else None
