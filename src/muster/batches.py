"""Cut a stream into batches."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield lists of `size` items, the last one shorter; nothing is read ahead."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
