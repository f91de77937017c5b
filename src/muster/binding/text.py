"""`match`, `match_phrase` and `match_phrase_prefix`: one text, one field."""

from muster.binding.fuzziness import fuzziness
from muster.binding.matching import Matching, Way, matched, needs_all, no_terms, settled
from muster.binding.rewrites import expansion_limit
from muster.binding.scope import NOTHING, Scope
from muster.binding.shapes import MAX_EXPANSIONS
from muster.binding.tests import Bound
from muster.binding.values import text_of
from muster.errors import InvalidInput
from muster.query.nodes import Match, MatchPhrase, MatchPhrasePrefix


def match(clause: Match, scope: Scope) -> Bound:
    """Lower `match`: any of the words, or all of them with `operator: and`."""
    most = not_below("max_expansions", clause.max_expansions, 1, MAX_EXPANSIONS)
    options = Matching(
        now=scope.now,
        all_needed=needs_all(clause.operator),
        analyzer=scope.analyzer(clause.analyzer),
        fuzziness=None if clause.fuzziness is None else fuzziness(clause.fuzziness),
        prefix_length=not_below("prefix_length", clause.prefix_length, 0, 0),
        fuzzy_expansions=expansion_limit(clause.fuzzy_rewrite, most),
        transpositions=clause.fuzzy_transpositions is not False,
        lenient=bool(clause.lenient),
        no_terms=no_terms(clause.zero_terms_query),
    )
    query = matched(clause.field, text_of(clause.query), scope, options)
    return NOTHING if query is None else settled(query, clause.minimum_should_match)


def match_phrase(clause: MatchPhrase, scope: Scope) -> Bound:
    """Lower `match_phrase`."""
    options = Matching(
        now=scope.now,
        way=Way.PHRASE,
        slop=not_below("slop", clause.slop, 0, 0),
        analyzer=scope.analyzer(clause.analyzer),
        no_terms=no_terms(clause.zero_terms_query),
    )
    return _whole(clause, scope, options)


def match_phrase_prefix(clause: MatchPhrasePrefix, scope: Scope) -> Bound:
    """Lower `match_phrase_prefix`; the last word stands for the first `max_expansions` terms that start so."""
    options = Matching(
        now=scope.now,
        way=Way.PHRASE_PREFIX,
        slop=not_below("slop", clause.slop, 0, 0),
        max_expansions=not_below("max_expansions", clause.max_expansions, 0, MAX_EXPANSIONS),
        analyzer=scope.analyzer(clause.analyzer),
        no_terms=no_terms(clause.zero_terms_query),
    )
    return _whole(clause, scope, options)


def not_below(option: str, value: int | None, least: int, default: int) -> int:
    """Return an option or its default.

    Raises:
        InvalidInput: the option is below the least value that it may have.
    """
    if value is None:
        return default
    if value < least:
        raise InvalidInput(f"`{option}` may not be less than {least}", hint=f"write {least} or more")
    return value


def _whole(clause: MatchPhrase | MatchPhrasePrefix, scope: Scope, options: Matching) -> Bound:
    query = matched(clause.field, text_of(clause.query), scope, options)
    return NOTHING if query is None else settled(query)
