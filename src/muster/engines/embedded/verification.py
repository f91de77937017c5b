"""Phrases and spans: SQL narrows to rows that have the words, their positions are verified here."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import assert_never

import pyarrow as pa

from muster.binding.phrases import holds, places
from muster.binding.spanning import spans
from muster.binding.tests import (
    NearSpan,
    NotSpan,
    OneOf,
    OrSpan,
    Phrase,
    Spans,
    SpanTree,
    TermSpan,
    Test,
    Within,
    WithinSpan,
)
from muster.engines.embedded.layout import ROOT
from muster.engines.embedded.sql import Compiler
from muster.engines.embedded.store import View
from muster.indexing import Tokens
from muster.query.algebra import Atom, Formula, all_of, any_of, atoms

ENOUGH = 32
"""So many different words narrow a search; thousands of them in one condition would take more memory than there is."""


@contextmanager
def compiler(view: View, formulas: Sequence[Formula[Test]]) -> Iterator[Compiler]:
    """Return a compiler for these formulas, their phrases and spans verified."""
    tests = dict.fromkeys(pair for formula in formulas for pair in _positional(formula, ROOT))
    with ExitStack() as stack:
        verified = {
            (path, test): stack.enter_context(view.given(f"verified_{number}", _passing(view, path, test)))
            for number, (path, test) in enumerate(tests)
        }
        yield Compiler(view.state.layout, verified)


def _positional(formula: Formula[Test], path: str) -> Iterator[tuple[str, Phrase | Spans]]:
    for test in atoms(formula):
        match test:
            case Phrase() | Spans():
                yield path, test
            case Within(inner, part):
                yield from _positional(part, inner)
            case _:
                pass


def _passing(view: View, path: str, test: Phrase | Spans) -> pa.Table:
    """Return the keys of the rows of a path that pass, one column `key`."""
    layout = view.state.layout
    column = layout.column(test.field, path)
    if column is None:
        return pa.table({"key": pa.array([], pa.int64())})
    table, condition = layout.tables[path], Compiler(layout, {}).condition(_needed(test), path)
    query = f"SELECT {table.key}, {column.name}, {column.positions} FROM {table.name} WHERE {condition.text}"
    keys = [
        key
        for batch in view.reader(query, condition.values)
        for key, terms, positions in zip(*(part.to_pylist() for part in batch.columns), strict=True)
        if _passes(test, Tokens(tuple(terms), tuple(positions)))
    ]
    return pa.table({"key": pa.array(keys, pa.int64())})


def _passes(test: Phrase | Spans, tokens: Tokens) -> bool:
    match test:
        case Phrase(_, slots, slop):
            return holds(slots, slop, places(tokens))
        case Spans(_, tree):
            return next(iter(spans(tree, places(tokens))), None) is not None
        case _:
            assert_never(test)


def _needed(test: Phrase | Spans) -> Formula[Test]:
    """Return what every text that passes must hold, whatever the positions; not all of that when it is much."""
    match test:
        case Phrase(field, slots):
            return _first_of(Atom(OneOf(field, frozenset(slot.terms))) for slot in slots)
        case Spans(field, tree):
            return _words(field, tree)
        case _:
            assert_never(test)


def _first_of(parts: Iterable[Formula[Test]]) -> Formula[Test]:
    """Ask for all parts but for those beyond `ENOUGH`: what is let in too much is turned away by its positions."""
    return all_of(list(islice(dict.fromkeys(parts), ENOUGH)))


def _words(field: str, tree: SpanTree) -> Formula[Test]:
    match tree:
        case TermSpan(term):
            return Atom(OneOf(field, frozenset({term})))
        case NearSpan(parts):
            return _first_of(_words(field, part) for part in parts)
        case OrSpan(parts):
            return any_of([_words(field, part) for part in parts])
        case WithinSpan(little, big):
            return _first_of(_words(field, part) for part in (little, big))
        case NotSpan(include):
            return _words(field, include)
        case _:
            assert_never(tree)
