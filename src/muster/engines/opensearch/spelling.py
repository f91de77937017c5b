"""Clauses in the words of the server that is asked, so that every server finds what OpenSearch finds.

Each rule answers one difference between the servers; the scenarios of the conformance suite name it where it shows.
"""

import re
from dataclasses import replace

from muster.analysis.patterns import Flag
from muster.binding.fuzziness import fuzziness
from muster.engines.opensearch.dialect import Dialect, Product
from muster.engines.opensearch.moments import settled
from muster.errors import UnsupportedClause
from muster.fields import Fields, Kind
from muster.indexing.terms import is_too_long
from muster.query.naming import walk
from muster.query.nodes import Fuzzy, Match, MatchNone, MultiMatch, Node, Regexp, SimpleQueryString, Term
from muster.query.tree import rebuild

ALL_FLAGS = "INTERSECTION|EMPTY|ANYSTRING|INTERVAL"
"""What OpenSearch takes `ALL` for: Elasticsearch takes `~` for an operator as well."""

FOLDS_SINCE = (9,)
"""Before this version of Elasticsearch, a regexp regardless of case knows the letters of ASCII only."""

FOLDED_BEYOND_ASCII = frozenset("kKsS")
"""Letters of ASCII that are equal, case aside, to others beyond it: the Kelvin sign, the long s."""

EARLY = re.compile(r"\s*-\d")
EARLY_QUOTED = re.compile(r"[\"\\]-\d")
"""Elsewhere in a query that a person typed, the minus says: not."""
EARLY_ANYWHERE = re.compile(r"-\d")


def spelled(node: Node, speaks: Dialect, fields: Fields, *, now: int) -> Node:
    """Return the clause as the server is asked it.

    Raises:
        UnsupportedClause: this server cannot be asked for what OpenSearch would find.
    """
    match speaks.product:
        case Product.OPENSEARCH:
            return settled(node, fields, now=now, numbers=False)
        case Product.ELASTICSEARCH:
            _refuse_early_dates(node, fields)
            if speaks.version < FOLDS_SINCE:
                _refuse_folding(node)
            return _for_elasticsearch(settled(node, fields, now=now, numbers=True), fields)


def _refuse_early_dates(node: Node, fields: Fields) -> None:
    """Refuse a negative number that dates are asked for among other fields, where it cannot be settled beforehand."""
    for path, clause in walk(node):
        if isinstance(clause, MultiMatch | SimpleQueryString) and _is_early(clause) and _asks_dates(clause, fields):
            raise UnsupportedClause(
                "Elasticsearch takes a negative number on a date otherwise than OpenSearch",
                path=path,
                hint="name the fields that are no dates, or ask the date by `range`",
            )


def _is_early(clause: MultiMatch | SimpleQueryString) -> bool:
    match clause:
        case MultiMatch(query=query):
            return EARLY.match(str(query)) is not None
        case SimpleQueryString(query=query, flags=flags):
            return (EARLY_QUOTED if flags is None else EARLY_ANYWHERE).search(query) is not None


def _asks_dates(clause: MultiMatch | SimpleQueryString, fields: Fields) -> bool:
    patterns = [name.partition("^")[0] for name in clause.fields] or ["*"]
    return any(found.kind is Kind.DATE for pattern in patterns for found in fields.match(pattern))


def _refuse_folding(node: Node) -> None:
    for path, clause in walk(node):
        if isinstance(clause, Regexp) and clause.case_insensitive and not _folds_within_ascii(clause.value):
            raise UnsupportedClause(
                "Elasticsearch 8 compares letters beyond ASCII by case whatever a regexp says",
                path=path,
                hint="use Elasticsearch 9 or OpenSearch, or write both cases out",
            )


def _folds_within_ascii(text: str) -> bool:
    return text.isascii() and not FOLDED_BEYOND_ASCII & set(text)


def _for_elasticsearch(node: Node, fields: Fields) -> Node:
    match node:
        case Regexp(flags=flags) if not flags or Flag.ALL.name in flags.upper().split("|"):
            return replace(node, flags=ALL_FLAGS)
        case Term(value=str(value)) | Fuzzy(value=str(value)) if _is_no_term(fields, node.field, value):
            return MatchNone()
        case Fuzzy() | Match() | MultiMatch() if node.fuzziness is not None:
            return replace(node, fuzziness=_edits(node.fuzziness))
        case MultiMatch(query=int(number)) if not isinstance(number, bool):
            return replace(node, query=str(number))
        case _:
            return rebuild(node, lambda inside: _for_elasticsearch(inside, fields))


def _is_no_term(fields: Fields, name: str, value: str) -> bool:
    """Whether a value is too long for any document to have it: Elasticsearch refuses to look for it."""
    found = fields.get(name)
    return found is not None and found.kind is Kind.KEYWORD and is_too_long((found,), value)


def _edits(said: str | int) -> str | int:
    """Return a fuzziness that is no more than the edits that count: Elasticsearch refuses more."""
    if isinstance(said, str) and said.upper().startswith("AUTO"):
        return said
    return fuzziness(said).most
