"""Which assets are in which bucket: a relation of numbers and ordinals that aggregations count over."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

import pyarrow as pa
from pyroaring import BitMap

from muster.engines.embedded.bitmaps import to_arrow
from muster.engines.embedded.sql import Condition
from muster.engines.embedded.store import View

_NUMBERS = count()


@dataclass(frozen=True, slots=True)
class Scope:
    """Buckets numbered from 0 to `size`, as the relation `name` with the columns `bucket` and `ordinal`."""

    view: View
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Assigned:
    """The assets of a scope under keys: a relation `(bucket, key, ordinal)`, each row once."""

    relation: Condition


@dataclass(frozen=True, slots=True)
class Counted:
    """One key of a bucket, with the number of its assets."""

    key: str | float
    count: int


@contextmanager
def whole(view: View, members: BitMap) -> Iterator[Scope]:
    """Yield the scope of one bucket with all these assets in it."""
    ordinals = to_arrow(members)
    zeros = pa.repeat(pa.scalar(0, pa.int64()), len(ordinals))
    with _given(view, pa.table({"bucket": zeros, "ordinal": ordinals}), 1) as scope:
        yield scope


@contextmanager
def within(scope: Scope, assigned: Assigned, chosen: Sequence[Sequence[Counted]]) -> Iterator[Scope]:
    """Yield the scope of the chosen keys of each bucket, numbered one after the other."""
    keys = [one.key for some in chosen for one in some]
    parents = [bucket for bucket, some in enumerate(chosen) for _ in some]
    table = pa.table(
        {
            "parent": pa.array(parents, pa.int64()),
            "wanted": pa.array(keys),
            "child": pa.array(range(len(keys)), pa.int64()),
        }
    )
    name = f"chosen_{next(_NUMBERS)}"
    with scope.view.given(name, table):
        joined = f"{assigned.relation.text} JOIN {name} ON bucket = parent AND key = wanted"
        rows = scope.view.arrow(f"SELECT child AS bucket, ordinal FROM {joined}", assigned.relation.values)
    with _given(scope.view, rows, len(keys)) as made:
        yield made


@contextmanager
def _given(view: View, rows: pa.Table, size: int) -> Iterator[Scope]:
    name = f"scope_{next(_NUMBERS)}"
    with view.given(name, rows):
        yield Scope(view, name, size)
