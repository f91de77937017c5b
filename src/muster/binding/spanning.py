"""Spans over the positions of a text's tokens, by the rules of Lucene's span queries.

Spans come in order of start, then of end. Each consumer walks its parts forward once and never back, which decides
what is found when spans overlap.
"""

import heapq
from collections.abc import Iterator
from typing import TypeAlias, assert_never

from muster.binding.phrases import Places
from muster.binding.tests import NearSpan, NotSpan, OrSpan, SpanTree, TermSpan, WithinSpan

Span: TypeAlias = tuple[int, int]
"""First position, and the one after the last."""


def spans(tree: SpanTree, where: Places) -> Iterator[Span]:
    """Yield the spans of a tree."""
    match tree:
        case TermSpan(term):
            return ((position, position + 1) for position in where.get(term, ()))
        case OrSpan(parts):
            return heapq.merge(*(spans(part, where) for part in parts))
        case NearSpan():
            return _near(tree, where)
        case WithinSpan(little, big):
            return _within(spans(little, where), spans(big, where))
        case NotSpan(include, exclude, pre, post):
            return _without(spans(include, where), spans(exclude, where), pre, post)
        case _:
            assert_never(tree)


def _near(tree: NearSpan, where: Places) -> Iterator[Span]:
    parts = [list(spans(part, where)) for part in tree.parts]
    if not all(parts):
        return iter(())
    return _ordered(parts, tree.slop) if tree.in_order else _unordered(parts, tree.slop)


def _ordered(parts: list[list[Span]], slop: int) -> Iterator[Span]:
    """Follow each span of the first part by the next free one of the second, and so on."""
    stops = [0] * len(parts)
    for first in parts[0]:
        end, gaps = first[1], 0
        for index in range(1, len(parts)):
            stop = _not_before(parts[index], stops[index], end)
            if stop == len(parts[index]):
                return
            stops[index] = stop
            start, following = parts[index][stop]
            gaps, end = gaps + start - end, following
        if gaps <= slop:
            yield first[0], end


def _not_before(part: list[Span], stop: int, position: int) -> int:
    while stop < len(part) and part[stop][0] < position:
        stop += 1
    return stop


def _unordered(parts: list[list[Span]], slop: int) -> Iterator[Span]:
    """Move the least span on, one at a time, and look at the window that all of them span."""
    queue: list[tuple[Span, int, int]] = []
    for index, part in enumerate(parts):
        queue.append((part[0], index, 0))
        _lift(queue)
    end, covered = max(part[0][1] for part in parts), sum(part[0][1] - part[0][0] for part in parts)
    while True:
        (start, stop), index, at = queue[0]
        if end - start - covered <= slop:
            yield start, end
        if at + 1 == len(parts[index]):
            return
        following = parts[index][at + 1]
        covered += following[1] - following[0] - (stop - start)
        end = max(end, following[1])
        queue[0] = (following, index, at + 1)
        _sink(queue)


def _lift(queue: list[tuple[Span, int, int]]) -> None:
    """Move the last entry of a binary heap up to its place.

    Which of equal spans moves first is seen in what is found, so that the steps are those of Lucene's queue, and not
    `heapq`'s.
    """
    at, entry = len(queue) - 1, queue[-1]
    while at and entry[0] < queue[(at - 1) // 2][0]:
        queue[at] = queue[(at - 1) // 2]
        at = (at - 1) // 2
    queue[at] = entry


def _sink(queue: list[tuple[Span, int, int]]) -> None:
    """Move the first entry of a binary heap down to its place."""
    at, entry = 0, queue[0]
    while (below := _lesser_child(queue, at)) is not None and queue[below][0] < entry[0]:
        queue[at] = queue[below]
        at = below
    queue[at] = entry


def _lesser_child(queue: list[tuple[Span, int, int]], at: int) -> int | None:
    left, right = 2 * at + 1, 2 * at + 2
    if left >= len(queue):
        return None
    return right if right < len(queue) and queue[right][0] < queue[left][0] else left


def _within(little: Iterator[Span], big: Iterator[Span]) -> Iterator[Span]:
    outer: Span | None = (-1, -1)
    for start, end in little:
        while outer is not None and outer[1] < end:
            outer = next(big, None)
        if outer is None:
            return
        if outer[0] <= start:
            yield start, end


def _without(include: Iterator[Span], exclude: Iterator[Span], pre: int, post: int) -> Iterator[Span]:
    banned = next(exclude, None)
    for start, end in include:
        while banned is not None and banned[1] <= start - pre:
            banned = next(exclude, None)
        if banned is None or banned[0] - post >= end:
            yield start, end
