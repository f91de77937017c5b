"""Reads the pieces of a shorthand text: words with their escapes, patterns, inline JSON; and points at mistakes.

A character after a backslash is only itself. `*` and `?` outside of that are wildcards, in quotes too: quotes are
for spaces and signs.
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from muster.errors import InvalidSelection
from muster.query.nodes import Value

SPACE: Final = " \t\r\n"
KEYWORDS: Final = frozenset({"AND", "OR", "NOT", "SOME"})
_WORD_ENDS: Final = SPACE + '()",'
FIELD_ENDS: Final = _WORD_ENDS + ":~"
VALUE_ENDS: Final = _WORD_ENDS + "~"
BOUND_ENDS: Final = _WORD_ENDS + "]}"
_LITERAL = re.compile(r"true|false|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?")
_MAX_NUMBER = 400
_NO_WORD = 'write `field:value` without a space between, and spaces and signs in quotes: `name:"my table"`'


@dataclass(frozen=True, slots=True)
class Word:
    """One word: `text` without escapes, where in it the wildcards stand, and how it was written."""

    text: str
    start: int
    wildcards: tuple[int, ...] = ()
    quoted: bool = False
    escaped: bool = False

    @property
    def value(self) -> Value:
        """The text, or the number or boolean that it is exactly the JSON for."""
        return self.text if self.quoted or self.escaped else literal(self.text)

    @property
    def is_star(self) -> bool:
        """Tell whether it is a single wildcard `*`."""
        return self.text == "*" and self.wildcards == (0,)

    @property
    def is_prefix(self) -> bool:
        """Tell whether the only wildcard is a `*` behind at least one character."""
        return self.text[-1:] == "*" and self.wildcards == (len(self.text) - 1,) and len(self.text) > 1

    @property
    def pattern(self) -> str:
        """The word as a wildcard pattern: what was escaped in it stays so."""
        wild = frozenset(self.wildcards)
        return "".join(
            f"\\{char}" if char in "*?\\" and place not in wild else char for place, char in enumerate(self.text)
        )


def literal(text: str) -> Value:
    """Return the number or boolean of which this is exactly the JSON text, otherwise the text itself."""
    if len(text) > _MAX_NUMBER or not _LITERAL.fullmatch(text):
        return text
    value: Value = json.loads(text)
    return value if json.dumps(value) == text else text


class Scanner:
    """A position in the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        """Return the character here, or nothing at the end."""
        return self.text[self.at + ahead : self.at + ahead + 1]

    def skip_space(self) -> None:
        """Go to the next character that is not white space."""
        while self.peek() and self.peek() in SPACE:
            self.at += 1

    def take(self, sign: str) -> bool:
        """Step over the sign if it stands here."""
        found = self.text.startswith(sign, self.at)
        self.at += len(sign) if found else 0
        return found

    def expect(self, sign: str, why: str) -> None:
        """Step over the sign, or complain."""
        if not self.take(sign):
            raise self.wrong(f"expected `{sign}` {why}", hint="quote what is not meant as a sign")

    def word(self, ends: str, what: str, *, dots_end: bool = False) -> Word:
        """Read a word, in quotes or bare up to one of `ends`; `what` is expected, should there be none."""
        if self.peek() == '"':
            return self._quoted()
        word = self._collect(ends, dots_end=dots_end)
        if self.at == word.start:
            raise self.wrong(f"expected {what}", hint=_NO_WORD)
        return word

    def _quoted(self) -> Word:
        start = self.at
        self.at += 1
        word = self._collect('"', quoted=True, dots_end=False)
        if not self.take('"'):
            self.at = start
            raise self.wrong(
                'this `"` is never closed', hint='end the value with `"`; write a quote within it as `\\"`'
            )
        return word

    def _collect(self, ends: str, *, dots_end: bool, quoted: bool = False) -> Word:
        start, escaped = self.at, False
        text: list[str] = []
        wildcards: list[int] = []
        while (char := self.peek()) and char not in ends and not (dots_end and self.text.startswith("..", self.at)):
            self.at += 1
            if char == "\\":
                escaped, char = True, self._escaped()
            elif char in "*?":
                wildcards.append(len(text))
            text.append(char)
        return Word("".join(text), start, tuple(wildcards), quoted=quoted, escaped=escaped)

    def _escaped(self) -> str:
        char = self.peek()
        if not char:
            raise self.wrong("a backslash ends the text", hint="write `\\\\` for a backslash")
        self.at += 1
        return char

    def keyword(self) -> str | None:
        """Return the keyword that stands here as a whole bare word, without stepping over it."""
        end = self.at
        while self.text[end : end + 1].isalpha():
            end += 1
        word = self.text[self.at : end]
        return word if word in KEYWORDS and self.text[end : end + 1] in ("", *SPACE, "(", ")", '"', "{") else None

    def regexp(self) -> str:
        r"""Read `/pattern/`; only `\/` is changed, all else is the pattern's own."""
        start = self.at
        self.at += 1
        pattern: list[str] = []
        while self.peek() and self.peek() != "/":
            pair = self.peek() == "\\" and self.peek(1) != ""
            piece = self.text[self.at : self.at + (2 if pair else 1)]
            pattern.append("/" if piece == "\\/" else piece)
            self.at += len(piece)
        if not self.take("/"):
            self.at = start
            raise self.wrong(
                "this `/` is never closed", hint="end the pattern with `/`; quote a value that starts with one"
            )
        return "".join(pattern)

    def braced(self) -> str:
        """Read a JSON object up to its closing brace, as text."""
        start, depth = self.at, 0
        for match in _JSON_SIGNS.finditer(self.text, start):
            depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(match[0], 0)
            if depth == 0:
                self.at = match.end()
                return self.text[start : self.at]
        raise self.wrong("this `{` is never closed", hint="a clause in JSON ends with its `}`")

    def wrong(self, message: str, hint: str | None = None, at: int | None = None) -> InvalidSelection:
        """Return the error that says line and column and has a caret under the place."""
        place = self.at if at is None else at
        before = self.text[:place]
        line, column = before.count("\n") + 1, place - (before.rfind("\n") + 1)
        shown = self.text.split("\n")[line - 1]
        start = max(0, column - 40)
        snippet = f"  {shown[start : start + 80]}\n  {' ' * (column - start)}^"
        return InvalidSelection(f"line {line}, column {column + 1}: {message}\n{snippet}", hint=hint)


_JSON_SIGNS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[{}\[\]]', re.DOTALL)
