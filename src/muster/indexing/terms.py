"""How long a term may be. A server refuses a whole document for one that is too long."""

from collections.abc import Sequence

from muster.analysis.text_parts import whole
from muster.fields import Field, Kind

LONGEST_TERM = 32_766
"""How many UTF-8 bytes a term may have."""

SURELY_SHORT = LONGEST_TERM // 4
"""A text of no more characters is no longer than a term may be, folded or not."""


def is_too_long(leaves: Sequence[Field], text: str) -> bool:
    """Whether a text that fills these fields is too long a term for one of them: no field can have it then."""
    return any(_length(leaf, text) > LONGEST_TERM for leaf in leaves)


def is_ignored(text: str, ignore_above: int | None) -> bool:
    """Whether a text has more UTF-16 units than a keyword takes."""
    if ignore_above is None or 2 * len(text) <= ignore_above:
        return False
    return len(text) > ignore_above or len(text.encode("utf-16-le", "surrogatepass")) > 2 * ignore_above


def _length(leaf: Field, text: str) -> int:
    """Return the length of the one term that a field makes of a whole text, in UTF-8 bytes; 0 when it makes none."""
    if leaf.kind is Kind.KEYWORD and not is_ignored(text, leaf.ignore_above):
        return _bytes(text if leaf.normalizer is None else leaf.normalizer.normalize(text))
    if leaf.analyzer is not None and leaf.analyzer.tokenizer is whole:
        return max(map(_bytes, leaf.analyzer.analyze(text).terms), default=0)
    return 0


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
