"""Documents as a server can take them, so that it indexes just what `muster.indexing` says.

A server refuses a whole document for one thing in it that it cannot read, and it reads some things otherwise than Muster
does. So it is sent what the walk through the document collects and nothing else: under each mapped name the values that
one of its fields can hold. What is longer than `ignore_above` is left to the server, as are the fields of a value that
others of the same name hold: the index ignores what is malformed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from muster.fields import Field, Fields, Kind
from muster.indexing.converters import as_text, converter
from muster.indexing.walk import Contents, Walk

Taking: TypeAlias = Callable[[Sequence[Any]], list[Any]]
"""Takes the scalars at a path to those that are sent."""

_TEXTS = frozenset({Kind.KEYWORD, Kind.TEXT})


class Shaper:
    """Turns documents into what a server is sent.

    Unmapped names become fields as the dynamic rules say, just as in an `Indexer`; `fields` holds them from then on, and
    the server must map them before it is sent what was shaped. One thread at a time.
    """

    def __init__(self, fields: Fields) -> None:
        self._walk = Walk(fields, _taking)

    @property
    def fields(self) -> Fields:
        """The fields so far."""
        return self._walk.fields

    def shape(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the server is sent of a document: mapped names only, without dots in them, values of JSON."""
        return _sent(self._walk.through(document))


def _sent(contents: Contents[Taking]) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for branch, scalars in contents.values.items():
        values = branch.use(scalars) if branch.use is not None else []
        if values:
            _inside(sent, branch.inside)[branch.name] = values[0] if len(values) == 1 else values
    for branch, objects in contents.nested.items():
        _inside(sent, branch.inside)[branch.name] = [_sent(one) for one in objects]
    return sent


def _inside(sent: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return the object at the end of a path, making those on the way."""
    for name in names:
        sent = sent.setdefault(name, {})
    return sent


def _taking(leaves: Sequence[Field]) -> Taking:
    texts = [leaf for leaf in leaves if leaf.kind in _TEXTS]
    if len(texts) == len(leaves):
        return _as_texts
    holds = _holds(leaves)
    if not texts:
        return _distinct(leaves, holds)
    spelled = _spelled([leaf for leaf in leaves if leaf.kind not in _TEXTS])
    return lambda scalars: [spelled(value) for value in scalars if value is None or holds(value)]


def _distinct(numbers: Sequence[Field], holds: Callable[[Any], bool]) -> Taking:
    """Send what an asset has several times once: a server would count and add up each of them."""
    converters = [converter(leaf) for leaf in numbers]

    def taken(scalars: Sequence[Any]) -> list[Any]:
        kept = [value for value in scalars if value is None or holds(value)]
        if len(kept) == 1:
            return kept
        found: dict[Any, Any] = {}
        for value in kept:
            found.setdefault(tuple(convert((value,)) for convert in converters), value)
        return list(found.values())

    return taken


def _as_texts(scalars: Sequence[Any]) -> list[Any]:
    """Send what a text or keyword sees of a scalar: a server that reads a number might see another spelling of it."""
    return [None if value is None else as_text(value) for value in scalars]


def _holds(leaves: Sequence[Field]) -> Callable[[Any], bool]:
    """Return whether any of the fields indexes a value."""
    converters = [converter(leaf) for leaf in leaves]
    return lambda value: any(convert((value,)) is not None for convert in converters)


def _spelled(numbers: Sequence[Field]) -> Callable[[Any], Any]:
    """Return how to spell a value that a text sees beside other kinds: as text, where these read the same of it."""
    converters = [converter(leaf) for leaf in numbers]

    def spelled(value: Any) -> Any:
        if value is None:
            return None
        text = as_text(value)
        same = isinstance(value, str) or all(convert((value,)) == convert((text,)) for convert in converters)
        return text if same else value

    return spelled
