"""The `rewrite` option, as far as it changes members: some rewrites keep only so many terms."""

import re

from muster.errors import InvalidInput, UnsupportedClause

UNLIMITED = 2**31 - 1
MOST_CLAUSES = 1024
"""What the server lets a clause be expanded to."""

_WITHOUT_LIMIT = frozenset({"constant_score", "constant_score_blended", "scoring_boolean", "constant_score_boolean"})
_WITH_LIMIT = re.compile(r"top_terms_(?:boost_|blended_freqs_)?([0-9]+)")


def expansion_limit(rewrite: str | None, default: int) -> int:
    """Return how many terms a fuzzy clause stands for at most.

    Raises:
        InvalidInput: there is no such rewrite.
    """
    if rewrite is None:
        return min(default, MOST_CLAUSES)
    if rewrite in _WITHOUT_LIMIT:
        return UNLIMITED if default > 0 else default
    return min(_limit(rewrite), MOST_CLAUSES)


def refuse_limit(rewrite: str | None) -> None:
    """Check the rewrite of a clause that stands for all its terms.

    Raises:
        InvalidInput: there is no such rewrite.
        UnsupportedClause: it keeps only so many terms.
    """
    if rewrite is None or rewrite in _WITHOUT_LIMIT:
        return
    _limit(rewrite)
    raise UnsupportedClause(f"`{rewrite}` keeps the first terms only", hint="leave `rewrite` out")


def _limit(rewrite: str) -> int:
    named = _WITH_LIMIT.fullmatch(rewrite)
    if named is None or int(named[1]) == 0:
        raise InvalidInput(f"`{rewrite}` is not a rewrite", hint="leave `rewrite` out: it is about scores")
    return int(named[1])
