"""Names for clauses by where they stand: JSON pointers (RFC 6901) into the canonical wire form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from muster.query.nodes import Clause, Node
from muster.query.tree import children

_LONGEST_KEY = 200
"""Characters of a key in a pointer; a longer one is cut off, for no field has such a name."""
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def clause_name(clause: Clause | type[Clause]) -> str:
    """Return what a clause, or a kind of clause, is called on the wire: `match_phrase`."""
    kind = clause if isinstance(clause, type) else type(clause)
    return _HUMP.sub("_", kind.__name__).lower()


@dataclass(frozen=True, slots=True)
class Place:
    """A place in JSON, spelled out only when it is asked for: a long key over many values costs nothing.

    >>> str(Place("/dsl") / "bool" / "a/b" / 0)
    '/dsl/bool/a~1b/0'
    """

    key: str
    above: "Place | None" = None

    def __truediv__(self, key: str | int) -> "Place":
        return Place(f"/{str(key)[:_LONGEST_KEY].replace('~', '~0').replace('/', '~1')}", self)

    def __str__(self) -> str:
        keys = []
        place: Place | None = self
        while place is not None:
            keys.append(place.key)
            place = place.above
        return "".join(reversed(keys))


def walk(node: Node, at: str = "") -> Iterator[tuple[str, Node]]:
    """Yield every clause of the tree with its pointer, a clause before those inside it, in the order they are written.

    >>> from muster.query.nodes import Bool, Exists
    >>> [pointer for pointer, _ in walk(Bool(filter=(Exists("name"), Exists("owner"))))]
    ['', '/bool/filter/0', '/bool/filter/1']
    """
    waiting = [(at, node)]
    while waiting:
        pointer, clause = waiting.pop()
        yield pointer, clause
        inside = [(f"{pointer}/{clause_name(clause)}/{place}", part) for place, part in children(clause)]
        waiting.extend(reversed(inside))


def named_fields(node: Node) -> Iterator[str]:
    """Yield the fields that clauses name, each as often as one does; a clause over several fields names none."""
    for _, clause in walk(node):
        name = getattr(clause, "field", None)
        if isinstance(name, str):
            yield name
