"""Which assets at hand many selections hold: asked of the assets themselves, not of the index.

Selections share their leaf clauses. Each distinct leaf is asked once of each asset, and each selection is set algebra
over the answers, as in `muster.service.evaluate`: the cost follows leaves and assets, not selections.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias, assert_never

from pyroaring import BitMap

from muster.binding.bind import bind, bind_leaf, leaves
from muster.binding.expand import expand, is_open
from muster.binding.scope import Scope
from muster.binding.tests import Bound, Within
from muster.catalog.naming import TagNames, meant, meant_leaf
from muster.errors import InvalidInput
from muster.fields import Fields
from muster.indexing import IndexedAsset
from muster.predicate import Predicate
from muster.predicate.matching import terms
from muster.query.algebra import AllOf, AnyOf, AtLeast, Atom, Formula, Not, combine, substitute
from muster.query.formula import anonymous, formula
from muster.query.nodes import Leaf, Node
from muster.query.wire import recall

REMEMBERED = 16_384
"""How many selections are kept taken apart, as many as are kept read."""

Answer: TypeAlias = BitMap | InvalidInput
"""The ordinals of the assets that a clause or a selection holds, or why it cannot be evaluated."""

Finds: TypeAlias = Callable[[Sequence[Leaf]], Sequence[Answer]]
"""Asks the index for leaves whose terms stand for others, which only the index knows."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What clauses mean: the fields, what tags are called, and the time of `now` in ms since 1970."""

    fields: Fields
    names: TagNames
    now: int


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One leaf clause, as the same object wherever it stands: equal to itself alone, which is told at once."""

    leaf: Leaf


@dataclass(frozen=True, slots=True)
class Apart:
    """A selection taken apart: how its members follow from those of its leaves, and all leaves that have to be sound."""

    node: Node
    formula: Formula[Question]
    questions: tuple[Question, ...]


@lru_cache(maxsize=REMEMBERED)
def apart(wire: str) -> Apart | InvalidInput:
    """Take a stored selection apart, given its canonical text; the same text gives the same object."""
    node = recall(wire)
    try:
        found = formula(node)
    except InvalidInput as error:
        return error
    questions = dict.fromkeys(_question(anonymous(leaf)) for _, leaf in leaves(node, ""))
    return Apart(node, substitute(found, lambda leaf: Atom(_question(leaf))), tuple(questions))


@lru_cache(maxsize=4 * REMEMBERED)
def _question(leaf: Leaf) -> Question:
    return Question(leaf)


def held(
    selections: Sequence[Apart | InvalidInput], assets: Mapping[int, IndexedAsset], meaning: Meaning, finds: Finds
) -> list[Answer]:
    """Return which of the assets, given by ordinal, each selection holds: what an index of them would find.

    A selection with a leaf that cannot be evaluated is answered with the error, its `path` within the selection.
    """
    distinct = dict.fromkeys(one for some in selections if isinstance(some, Apart) for one in some.questions)
    answers = _answers(distinct, assets, meaning, finds)
    wrong = {one for one, answer in answers.items() if isinstance(answer, InvalidInput)}
    sets = {one: answer for one, answer in answers.items() if not isinstance(answer, InvalidInput)}
    universe = BitMap(assets)
    return [
        one
        if isinstance(one, InvalidInput)
        else _reason(one, answers, meaning)
        if wrong and not wrong.isdisjoint(one.questions)
        else combine(one.formula, sets.__getitem__, universe)
        for one in selections
    ]


def _answers(
    asked: Iterable[Question], assets: Mapping[int, IndexedAsset], meaning: Meaning, finds: Finds
) -> dict[Question, Answer]:
    """Ask each leaf of each asset; those that only the index can tell of are asked of that, all together."""
    scope, found, open_ = Scope(meaning.fields, meaning.now), dict[Question, Answer](), list[Question]()
    for one in asked:
        try:
            bound = bind_leaf(meant_leaf(one.leaf, meaning.names), scope, "")
        except InvalidInput as error:
            found[one] = error
            continue
        if not is_open(bound):
            found[one] = _matching(bound, assets)
        elif _may_match(bound, assets):
            open_.append(one)
        else:
            found[one] = BitMap()
    told = finds([one.leaf for one in open_]) if open_ else ()
    return found | dict(zip(open_, told, strict=True))


def _matching(bound: Bound, assets: Mapping[int, IndexedAsset]) -> BitMap:
    matches = Predicate(bound)
    return BitMap([ordinal for ordinal, asset in assets.items() if matches(asset)])


def _may_match(bound: Bound, assets: Mapping[int, IndexedAsset]) -> bool:
    """Whether an asset may match a formula with terms that stand for others.

    What they stand for in the whole index and an asset has, they stand for in the assets alone: fewer terms compete.
    Where that is negated nothing follows.
    """
    return _negates_open(bound) or bool(_matching(expand(bound, lambda field: _vocabulary(assets, field)), assets))


def _negates_open(bound: Bound) -> bool:
    match bound:
        case Atom(Within(formula=inside)):
            return _negates_open(inside)
        case Atom():
            return False
        case Not(part):
            return is_open(part)
        case AllOf(parts) | AnyOf(parts) | AtLeast(_, parts):
            return any(map(_negates_open, parts))
        case _:
            assert_never(bound)


def _vocabulary(assets: Mapping[int, IndexedAsset], field: str) -> set[str]:
    """Return what the assets have in a field, and the objects inside of them."""
    objects, found = list(assets.values()), set[str]()
    while objects:
        one = objects.pop()
        found.update(map(str, terms(one, field)))
        objects += (inner for some in one.nested.values() for inner in some)
    return found


def _reason(one: Apart, answers: Mapping[Question, Answer], meaning: Meaning) -> InvalidInput:
    """Return the first error of a selection, with where it stands there; the index's own where nothing else is wrong."""
    try:
        bind(meant(one.node, meaning.names), meaning.fields, now=meaning.now)
    except InvalidInput as error:
        return error
    return next(answer for part in one.questions if isinstance(answer := answers[part], InvalidInput))
