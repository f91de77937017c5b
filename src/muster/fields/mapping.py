"""Reads the mappings of an index template into fields."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from muster.analysis.dates import DEFAULT_FORMAT, check_format
from muster.analysis.text import Analyzer, Normalizer
from muster.analysis.text_settings import analyzers, normalizers
from muster.errors import InvalidInput
from muster.fields.field import Field, Kind

Options: TypeAlias = Mapping[str, Any]

_EVERYWHERE = frozenset({"type", "fields", "index", "doc_values", "store", "meta", "boost"})
_OF_NUMBERS = frozenset({"coerce", "null_value", "ignore_malformed"})
_KNOWN: Mapping[Kind, frozenset[str]] = {
    Kind.TEXT: frozenset({"analyzer", "search_analyzer", "norms", "position_increment_gap", "fielddata"}),
    Kind.KEYWORD: frozenset({"ignore_above", "normalizer", "null_value", "norms", "eager_global_ordinals"}),
    Kind.BOOLEAN: frozenset({"null_value", "ignore_malformed"}),
    Kind.DATE: frozenset({"format", "null_value", "ignore_malformed"}),
}
_OF_OBJECTS = frozenset({"type", "properties", "dynamic"})


@dataclass(frozen=True, slots=True)
class Analysis:
    """The analyzers and normalizers that mappings may name."""

    analyzers: Mapping[str, Analyzer]
    normalizers: Mapping[str, Normalizer]

    @classmethod
    def of(cls, settings: Options) -> "Analysis":
        """Read index settings.

        Raises:
            InvalidInput: an analysis part that is not supported.
        """
        return cls(analyzers(settings), normalizers(settings))

    def analyzer(self, name: str) -> Analyzer:
        """Return an analyzer; InvalidInput when there is none of that name."""
        if name not in self.analyzers:
            raise _unknown("analyzer", name, self.analyzers)
        return self.analyzers[name]

    def normalizer(self, name: str) -> Normalizer:
        """Return a normalizer; InvalidInput when there is none of that name."""
        if name not in self.normalizers:
            raise _unknown("normalizer", name, self.normalizers)
        return self.normalizers[name]


def _unknown(what: str, name: str, known: Iterable[str]) -> InvalidInput:
    return InvalidInput(f"there is no {what} `{name}`", hint=f"use one of {', '.join(sorted(known))}, or define it")


@dataclass(slots=True)
class Read:
    """What mappings hold: leaf fields by name, object paths, those of them that are nested, and which may grow."""

    leaves: dict[str, Field] = field(default_factory=dict)
    objects: set[str] = field(default_factory=set)
    nested: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    """Object paths (`""` for the root) whose unmapped names are not indexed."""


def read(mappings: Options, analysis: Analysis) -> Read:
    """Read mappings.

    Raises:
        InvalidInput: a type or option that is not understood.
    """
    found = Read()
    _read_object("", mappings, analysis, None, found, closed=False)
    return found


def _read_object(
    path: str, mappings: Options, analysis: Analysis, nested: str | None, found: Read, *, closed: bool
) -> None:
    closed = _is_closed(path, mappings.get("dynamic"), default=closed)
    if closed:
        found.closed.add(path)
    for name, options in mappings.get("properties", {}).items():
        _read_property(f"{path}.{name}" if path else name, options, analysis, nested, found, closed=closed)


def _is_closed(path: str, dynamic: object, *, default: bool) -> bool:
    if dynamic is None:
        return default
    if str(dynamic).lower() not in {"true", "false"}:
        raise InvalidInput(f"`dynamic: {dynamic}` of `{path}` is not supported", hint="use true or false")
    return str(dynamic).lower() == "false"


def _read_property(
    path: str, options: Options, analysis: Analysis, nested: str | None, found: Read, *, closed: bool
) -> None:
    kind = options.get("type", "object")
    for parent in _parents(path):
        found.objects.add(parent)
    if kind not in {"object", "nested"}:
        found.leaves |= {leaf.name: leaf for leaf in leaves(path, options, analysis, nested)}
        return
    _refuse(path, options, _OF_OBJECTS)
    found.objects.add(path)
    if kind == "nested":
        found.nested.add(path)
        nested = path
    _read_object(path, options, analysis, nested, found, closed=closed)


def _parents(path: str) -> Iterator[str]:
    parts = path.split(".")
    return (".".join(parts[:size]) for size in range(1, len(parts)))


def leaves(path: str, options: Options, analysis: Analysis, nested: str | None) -> Iterator[Field]:
    """Yield the field of one property and its multi-fields, all filled from the same path.

    Raises:
        InvalidInput: a type or option that is not understood.
    """
    yield _leaf(path, path, options, analysis, nested)
    for name, inner in options.get("fields", {}).items():
        yield _leaf(f"{path}.{name}", path, inner, analysis, nested)


def _leaf(name: str, source: str, options: Options, analysis: Analysis, nested: str | None) -> Field:
    kind = _kind(name, options.get("type"))
    _refuse(name, options, _EVERYWHERE | (_OF_NUMBERS if kind.is_number else _KNOWN[kind]))
    return Field(
        name=name,
        kind=kind,
        source=source,
        nested=nested,
        indexed=options.get("index", True),
        doc_values=options.get("doc_values", kind is not Kind.TEXT),
        null_value=options.get("null_value"),
        **_OF_KIND.get(kind, _of_number)(options, analysis),
    )


def _kind(name: str, text: object) -> Kind:
    try:
        return Kind(str(text))
    except ValueError as error:
        raise InvalidInput(
            f"mapping type `{text}` of `{name}` is not supported", hint=f"use {', '.join(Kind)}"
        ) from error


def _of_text(options: Options, analysis: Analysis) -> dict[str, Any]:
    analyzer = options.get("analyzer", "default" if "default" in analysis.analyzers else "standard")
    return {
        "analyzer": analysis.analyzer(analyzer),
        "search_analyzer": analysis.analyzer(options.get("search_analyzer", analyzer)),
        "position_increment_gap": options.get("position_increment_gap", 100),
    }


def _of_keyword(options: Options, analysis: Analysis) -> dict[str, Any]:
    name = options.get("normalizer")
    return {
        "normalizer": None if name is None else analysis.normalizer(name),
        "ignore_above": options.get("ignore_above"),
    }


def _of_date(options: Options, _: Analysis) -> dict[str, Any]:
    format_ = options.get("format", DEFAULT_FORMAT)
    check_format(format_)
    return {"format": format_}


def _of_number(options: Options, _: Analysis) -> dict[str, Any]:
    return {"coerce": options.get("coerce", True)}


_OF_KIND = {Kind.TEXT: _of_text, Kind.KEYWORD: _of_keyword, Kind.DATE: _of_date, Kind.BOOLEAN: lambda *_: {}}


def _refuse(name: str, options: Options, known: frozenset[str]) -> None:
    surplus = sorted(options.keys() - known)
    if surplus:
        raise InvalidInput(
            f"mapping option `{surplus[0]}` of `{name}` is not supported", hint="leave it out of the mapping"
        )
