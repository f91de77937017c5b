"""Which assets at hand many selections hold: asked of the assets themselves, not of the index.

Selections share their leaf clauses. Each distinct leaf is asked once of each asset, and each selection is set algebra
over the answers, as in `muster.service.evaluate`: the cost follows leaves and assets, not selections.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias, assert_never

from pyroaring import BitMap

from muster.binding.bind import bind, bind_leaf, leaves
from muster.binding.expand import expand, is_open
from muster.binding.scope import Scope
from muster.binding.tests import Bound, Within, asked_fields
from muster.catalog.naming import TagNames, meant, meant_leaf
from muster.errors import InvalidInput
from muster.fields import Fields
from muster.indexing import IndexedAsset, Indexer
from muster.predicate import Corpus
from muster.predicate.matching import terms
from muster.query.algebra import AllOf, AnyOf, AtLeast, Atom, Formula, Not, combine, substitute
from muster.query.formula import anonymous, formula
from muster.query.nodes import Leaf, Node
from muster.query.timing import is_timely
from muster.query.wire import recall

REMEMBERED = 16_384
"""How many selections are kept taken apart, as many as are kept read."""

Answer: TypeAlias = BitMap | InvalidInput
"""The ordinals of the assets that a clause or a selection holds, or why it cannot be evaluated."""

Finds: TypeAlias = Callable[[Sequence[Leaf]], Sequence[Answer]]
"""Asks the index for leaves whose terms stand for others, which only the index knows; of other assets it may say anything."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a leaf clause asks of assets, or why it cannot be asked; which fields, and whether its terms stand for others."""

    bound: Bound | InvalidInput
    fields: frozenset[str] = frozenset()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What clauses mean: the fields, what tags are called, and the time of `now` in ms since 1970.

    What was found out about clauses that do not count from now is kept in `known`, for the next time as well (`at`).
    """

    fields: Fields
    names: TagNames
    now: int
    known: "dict[Question, Asked]" = field(default_factory=dict, compare=False, repr=False)

    def at(self, now: int) -> "Meaning":
        """Return the same at another time."""
        return Meaning(self.fields, self.names, now, self.known)


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One leaf clause, as the same object wherever it stands: equal to itself alone, which is told at once."""

    leaf: Leaf


@dataclass(frozen=True, slots=True)
class Apart:
    """A selection taken apart: how its members follow from those of its leaves, and all leaves that have to be sound.

    Every member is in what each of the `needed` leaves holds.
    """

    node: Node
    formula: Formula[Question]
    questions: tuple[Question, ...]
    needed: tuple[Question, ...]


@lru_cache(maxsize=REMEMBERED)
def apart(wire: str) -> Apart | InvalidInput:
    """Take a stored selection apart, given its canonical text; the same text gives the same object."""
    node = recall(wire)
    try:
        found = formula(node)
    except InvalidInput as error:
        return error
    questions = dict.fromkeys(_question(anonymous(leaf)) for _, leaf in leaves(node, ""))
    asked = substitute(found, lambda leaf: Atom(_question(leaf)))
    return Apart(node, asked, tuple(questions), tuple(_needed(asked)))


def _needed(one: Formula[Question]) -> Iterator[Question]:
    """Yield leaves that hold every member."""
    match one:
        case Atom(question):
            yield question
        case AllOf(parts):
            yield from (question for part in parts for question in _needed(part))
        case _:
            return


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
        else _members(one, sets, universe)
        for one in selections
    ]


def _members(one: Apart, sets: Mapping[Question, BitMap], universe: BitMap) -> BitMap:
    """Combine what the leaves hold; of a selection that needs one which holds nothing, nothing is asked further."""
    if not all(sets[each] for each in one.needed):
        return BitMap()
    return combine(one.formula, sets.__getitem__, universe)


def fields_asked(selections: Sequence[Apart | InvalidInput], meaning: Meaning) -> frozenset[str]:
    """Return the fields that selections ask for; what else assets say need not be indexed."""
    scope = Scope(meaning.fields, meaning.now)
    distinct = {each for some in selections if isinstance(some, Apart) for each in some.questions}
    return frozenset().union(*{_asked(one, meaning, scope).fields for one in distinct})


def sources(asked: Collection[str], fields: Fields) -> frozenset[str]:
    """Return the attributes, at the top of documents, that fill fields."""
    known = (fields.get(name) for name in asked)
    return frozenset(name.split(".")[0] for name in {*asked, *(one.source for one in known if one is not None)})


def indexed(
    documents: Mapping[int, Mapping[str, Any]], asked: Collection[str], fields: Fields
) -> dict[int, IndexedAsset]:
    """Index of documents, given by ordinal, what is asked for: attributes that fill such fields, or are part of what does."""
    indexer, wanted = Indexer(fields, asked), sources(asked, fields)
    return {
        ordinal: indexer.index(
            one["__guid"],
            {name: one[name] for name in one if name in wanted or ("." in name and name.split(".", 1)[0] in wanted)},
        )
        for ordinal, one in documents.items()
    }


def _answers(
    asked: Iterable[Question], assets: Mapping[int, IndexedAsset], meaning: Meaning, finds: Finds
) -> dict[Question, Answer]:
    """Ask each leaf of all assets; those that only the index can tell of are asked of that, all together."""
    corpus, found, open_ = Corpus(assets), dict[Question, Answer](), list[Question]()
    scope = Scope(meaning.fields, meaning.now)
    for one in asked:
        known = _asked(one, meaning, scope)
        if isinstance(known.bound, InvalidInput):
            found[one] = known.bound
        elif not known.is_open:
            found[one] = corpus.matching(known.bound)
        elif _may_match(known.bound, corpus, assets):
            open_.append(one)
        else:
            found[one] = BitMap()
    if not open_:
        return found
    among, told = BitMap(assets), finds([one.leaf for one in open_])
    answers = (one if isinstance(one, InvalidInput) else one & among for one in told)
    return found | dict(zip(open_, answers, strict=True))


def _asked(one: Question, meaning: Meaning, scope: Scope) -> Asked:
    """Return what a leaf asks; of one that does not count from now it is found out once."""
    if (known := meaning.known.get(one)) is not None:
        return known
    try:
        bound = bind_leaf(meant_leaf(one.leaf, meaning.names), scope, "")
        found = Asked(bound, frozenset(asked_fields(bound)), is_open(bound))
    except InvalidInput as error:
        found = Asked(error)
    if not is_timely(one.leaf):
        meaning.known[one] = found
    return found


def _may_match(bound: Bound, corpus: Corpus, assets: Mapping[int, IndexedAsset]) -> bool:
    """Whether an asset may match a formula with terms that stand for others.

    What they stand for in the whole index and an asset has, they stand for in the assets alone: fewer terms compete.
    Where that is negated nothing follows.
    """
    known = expand(bound, lambda field: _vocabulary(assets, field))
    return _negates_open(bound) or bool(corpus.matching(known))


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
