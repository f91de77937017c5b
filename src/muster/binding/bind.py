"""The entry: a selection to a formula of tests."""

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from muster.binding.multi import multi_match
from muster.binding.ranges import range_
from muster.binding.scope import EVERYTHING, NOTHING, Scope
from muster.binding.shapes import fuzzy, prefix, regexp, wildcard
from muster.binding.simple import simple_query_string
from muster.binding.spans import spans
from muster.binding.terms import exists, ids, term, terms
from muster.binding.tests import Bound, Within
from muster.binding.text import match, match_phrase, match_phrase_prefix
from muster.errors import InvalidInput, InvalidSelection, UnsupportedClause
from muster.fields import Fields
from muster.query.algebra import Atom, substitute
from muster.query.formula import anonymous, formula
from muster.query.naming import Place, clause_name
from muster.query.nodes import (
    Bool,
    ConstantScore,
    DisMax,
    Exists,
    Fuzzy,
    Ids,
    Leaf,
    Match,
    MatchAll,
    MatchNone,
    MatchPhrase,
    MatchPhrasePrefix,
    MultiMatch,
    Nested,
    Node,
    Prefix,
    Range,
    Regexp,
    SimpleQueryString,
    SpanNear,
    SpanNot,
    SpanOr,
    SpanTerm,
    SpanWithin,
    Term,
    Terms,
    Wildcard,
)
from muster.query.tree import children


def bind(node: Node, fields: Fields, *, now: int) -> Bound:
    """Lower a selection to tests of indexed values; `now` (ms since 1970-01-01 UTC) is what `now` means in it.

    A field that is not mapped matches nothing, as in OpenSearch.

    Raises:
        InvalidSelection: OpenSearch would refuse the clause at `path`.
        UnsupportedClause: the clause at `path` cannot be expressed here.
    """
    return bind_within(node, Scope(fields, now), "")


def bind_within(node: Node, scope: Scope, at: str) -> Bound:
    """Lower a selection that is asked of the objects of a scope; `at` is the pointer of the node."""
    if not isinstance(node, Bool | ConstantScore | DisMax):
        return bind_leaf(node, scope, at)
    bound = {anonymous(leaf): bind_leaf(leaf, scope, pointer) for pointer, leaf in leaves(node, at)}
    return substitute(formula(node), lambda leaf: bound[leaf])


def leaves(node: Node, at: str) -> Iterator[tuple[str, Leaf]]:
    """Yield the leaves of a selection with their pointers, each distinct one first where it stands first."""
    if not isinstance(node, Bool | ConstantScore | DisMax):
        yield at, node
        return
    for place, part in children(node):
        yield from leaves(part, f"{at}/{clause_name(node)}/{place}")


def bind_leaf(leaf: Leaf, scope: Scope, at: str) -> Bound:
    """Lower one leaf clause.

    Raises:
        InvalidSelection: OpenSearch would refuse it.
        UnsupportedClause: it cannot be expressed here.
    """
    try:
        return _lowered(leaf, scope, at)
    except UnsupportedClause as refused:
        raise UnsupportedClause(refused.message, path=refused.path or _path(leaf, at), hint=refused.hint) from refused
    except InvalidInput as wrong:
        raise InvalidSelection(wrong.message, path=wrong.path or _path(leaf, at), hint=wrong.hint) from wrong


def _path(leaf: Leaf, at: str) -> str:
    """Return the pointer of a leaf down to its field: `/bool/filter/2/term/price`."""
    here = f"{at}/{clause_name(leaf)}"
    name = getattr(leaf, "field", None)
    return here if name is None or isinstance(leaf, Exists) else str(Place(here) / name)


def _lowered(leaf: Leaf, scope: Scope, at: str) -> Bound:
    match leaf:
        case MatchAll():
            return EVERYTHING
        case MatchNone():
            return NOTHING
        case Term():
            return term(leaf, scope)
        case Terms():
            return terms(leaf, scope)
        case Ids():
            return ids(leaf)
        case Exists():
            return exists(leaf, scope)
        case Prefix():
            return prefix(leaf, scope)
        case Wildcard():
            return wildcard(leaf, scope)
        case Regexp():
            return regexp(leaf, scope)
        case Fuzzy():
            return fuzzy(leaf, scope)
        case Range():
            return range_(leaf, scope)
        case Match():
            return match(leaf, scope)
        case MatchPhrase():
            return match_phrase(leaf, scope)
        case MatchPhrasePrefix():
            return match_phrase_prefix(leaf, scope)
        case MultiMatch():
            return multi_match(leaf, scope)
        case SimpleQueryString():
            return simple_query_string(leaf, scope)
        case Nested():
            return nested(leaf, scope, at)
        case SpanTerm() | SpanNear() | SpanOr() | SpanWithin() | SpanNot():
            return spans(leaf, scope)
        case _:
            assert_never(leaf)


def nested(clause: Nested, scope: Scope, at: str) -> Bound:
    """Lower `nested`; a path below others asks for an object inside some object of each.

    Raises:
        InvalidInput: the path is not one of nested objects, and `ignore_unmapped` is not set.
        UnsupportedClause: the path does not lead further down; OpenSearch then joins unrelated objects.
    """
    if clause.path not in scope.fields.nested_paths:
        if clause.ignore_unmapped:
            return NOTHING
        raise InvalidInput(f"`{clause.path}` is not a path of nested objects", hint=_known(scope))
    if not _lies_below(clause.path, scope.nested):
        raise UnsupportedClause(
            f"`{clause.path}` does not lie below `{scope.nested}`", hint="put the `nested` clauses beside each other"
        )
    bound = bind_within(clause.query, replace(scope, nested=clause.path), f"{at}/nested/query")
    for path in reversed(paths_between(scope, clause.path)):
        bound = Atom(Within(path, bound))
    return bound


def _lies_below(path: str, outer: str | None) -> bool:
    return outer is None or path.startswith(f"{outer}.")


def paths_between(scope: Scope, path: str) -> list[str]:
    """Return the nested paths from the scope down to a path, the path itself last."""
    around = (one for one in scope.fields.nested_paths if f"{path}.".startswith(f"{one}."))
    return sorted((one for one in around if _lies_below(one, scope.nested)), key=len)


def _known(scope: Scope) -> str:
    paths = sorted(scope.fields.nested_paths)
    return f"use {', '.join(paths)}" if paths else "there are no nested objects in this index"
