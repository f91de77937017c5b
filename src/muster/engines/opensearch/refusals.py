"""What a server's refusal of a query means for the one who asked."""

import re
from collections.abc import Callable
from functools import partial

from muster.engines.opensearch.server import Refused
from muster.errors import EngineUnavailable, InvalidSelection, LimitExceeded, MusterError

BAD_REQUEST = 400

MEANINGS: tuple[tuple[re.Pattern[str], Callable[[str], MusterError]], ...] = (
    (
        re.compile(
            r"too.?many.*clauses|maxClauseCount|max_terms_count|max_regex_length|too.?complex|determinize|nested depth|automaton is too large",
            re.IGNORECASE,
        ),
        partial(LimitExceeded, hint="write fewer or simpler clauses, or raise the server's limit"),
    ),
    (
        re.compile(r"blocks|read.?only", re.IGNORECASE),
        partial(EngineUnavailable, hint="a full disk blocks an index: make room, then remove the block"),
    ),
)
"""By what the reason says, the first that fits."""


def as_error(refusal: Refused) -> MusterError:
    """Return the error that a caller of the engine gets."""
    message = f"the index refused: {refusal.reason}"
    for pattern, meaning in MEANINGS:
        if pattern.search(f"{refusal.kind} {refusal.reason}"):
            return meaning(message)
    if refusal.status == BAD_REQUEST:
        return InvalidSelection(message, hint="see `muster check`")
    return EngineUnavailable(f"the index answered {refusal.status}: {refusal.reason}", hint="see the server's log")
