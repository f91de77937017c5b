"""The `fuzziness` option: a number of edits, or one that depends on the length of the text."""

import re
from dataclasses import dataclass

from muster.analysis.similarity import MOST_EDITS
from muster.errors import InvalidInput

_AUTO = re.compile(r"AUTO(?::([+-]?\d+),([+-]?\d+))?", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?[fd]?\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Fuzziness:
    """No edit for texts shorter than `low` code points, one for those shorter than `high`, else `most`."""

    low: int
    high: int
    most: int = MOST_EDITS

    def distance(self, text: str) -> int:
        """Return the number of edits that a text may be away."""
        if len(text) < self.low:
            return 0
        return min(1, self.most) if len(text) < self.high else self.most


def fuzziness(value: str | float) -> Fuzziness:
    """Read the option.

    Raises:
        InvalidInput: neither a number from 0 on nor `AUTO`, `AUTO:low,high`.
    """
    text = str(value)
    if auto := _AUTO.fullmatch(text):
        low, high = int(auto[1] or 3), int(auto[2] or 6)
        if 0 <= low <= high:
            return Fuzziness(low, high)
    elif _NUMBER.fullmatch(text) and not isinstance(value, bool) and (edits := float(text.strip().rstrip("fFdD"))) >= 0:
        return Fuzziness(0, 0, int(min(edits, MOST_EDITS)))
    raise InvalidInput(f"`{value}` is not a fuzziness", hint='write 0, 1, 2, "AUTO" or "AUTO:3,6"')
