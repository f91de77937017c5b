"""The fields of one index, by name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rapidfuzz import fuzz, process

from muster.errors import UnknownField
from muster.fields.dynamic import Rules
from muster.fields.field import Field
from muster.fields.growing import Growing
from muster.fields.mapping import Analysis, read
from muster.query.aliases import ALIASES

_ALIKE = 75
"""How alike two names must be, of 100, for one to be suggested in place of the other."""

_USUAL_LIMIT = 1000
"""Fields and objects of an index whose settings name no `total_fields.limit`: OpenSearch's default."""

_USUAL_DEPTH = 20
"""Names within each other in an index whose settings name no `depth.limit`: OpenSearch's default."""

_NEVER_FOUND = "\0"
"""A name that no document brings."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one index, by name: those of its mapping, and those that documents brought.

    `found` are the latter, by document path: the JSON type (`string`, `long`, `double`, `boolean`) of the first value.
    With `limit` fields and objects in all, further names are not taken in, nor are those of more than `depth` parts.
    """

    leaves: Mapping[str, Field]
    nested_paths: frozenset[str]
    objects: frozenset[str]
    closed: frozenset[str]
    rules: Rules
    found: Mapping[str, str] = field(default_factory=dict)
    limit: int = _USUAL_LIMIT
    depth: int = _USUAL_DEPTH

    @classmethod
    def from_mapping(cls, settings: Mapping[str, Any], mappings: Mapping[str, Any]) -> "Fields":
        """Read `settings` and `mappings` as an index template spells them.

        Raises:
            InvalidInput: a mapping type, an analyzer or an option that is not understood.
        """
        analysis = Analysis.of(settings)
        known = read(mappings, analysis)
        leaves = dict(sorted(known.leaves.items()))
        return cls(
            leaves,
            frozenset(known.nested),
            frozenset(known.objects),
            frozenset(known.closed),
            Rules.of(mappings, analysis),
            limit=_limit(settings, "total_fields", _USUAL_LIMIT),
            depth=_limit(settings, "depth", _USUAL_DEPTH),
        )

    def get(self, name: str) -> Field | None:
        """Return a leaf field, or None."""
        return self.leaves.get(name)

    def find(self, name: str) -> Field:
        """Return a leaf field.

        Raises:
            UnknownField: there is none; the hint suggests up to three similar names.
        """
        leaf = self.leaves.get(name)
        if leaf is None:
            raise UnknownField(f"`{name}` is not a searchable field", hint=self._hint(name))
        return leaf

    def _hint(self, name: str) -> str:
        similar = self.suggest(name)
        if not similar:
            return "see the reference of fields"
        return f"did you mean {' or '.join(f'`{one}`' for one in similar)}?"

    def suggest(self, name: str, *, limit: int = 3) -> tuple[str, ...]:
        """Return the names of the fields that are, or whose short names are, most like a name, best first."""
        known = {one: one for one in self.leaves} | {
            alias: one for alias, one in ALIASES.items() if one in self.leaves and alias not in self.leaves
        }
        found = process.extract(
            name, list(known), scorer=fuzz.ratio, processor=str.lower, limit=limit, score_cutoff=_ALIKE
        )
        return tuple(dict.fromkeys(known[one] for one, _, _ in found))

    def match(self, pattern: str) -> tuple[Field, ...]:
        """Return the fields whose names match a pattern with `*`, in order of name."""
        expression = re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)
        return tuple(leaf for name, leaf in self.leaves.items() if expression.fullmatch(name))

    def is_object(self, path: str) -> bool:
        """Whether the path is an object (nested or not) rather than a leaf."""
        return path in self.objects

    def grows(self, path: str) -> bool:
        """Whether unmapped names in an object become fields; `""` is the whole document."""
        parts = path.split(".") if path else []
        known = (".".join(parts[:size]) for size in range(len(parts), -1, -1))
        nearest = next((one for one in known if one in self.objects), "")
        return nearest not in self.closed

    def nested_around(self, path: str) -> str | None:
        """Return the innermost nested path that is the path or around it."""
        around = (one for one in self.nested_paths if path == one or path.startswith(f"{one}."))
        return max(around, key=len, default=None)

    def with_found(self, found: Mapping[str, str]) -> "Fields":
        """Return these fields and those that the dynamic rules make of unmapped document paths, as far as there is room.

        `found` gives the JSON type of each path's first value, as `Fields.found` does; mapped paths stay as they are.
        Paths are taken in one by one, in order: `muster.fields.growing` says which. Nothing new returns the same object.
        """
        growing = Growing(self)
        for path, type_ in found.items():
            growing.take(path, type_)
        return growing.grown()

    def dynamic(self, path: str, type_: str) -> tuple[Field, ...]:
        """Return the fields that the dynamic rules make of a document path whose first value is of a JSON type."""
        return tuple(self.rules.fields(path, type_, self.nested_around(path)))

    def as_mapped(self, mappings: Mapping[str, Any]) -> "Fields":
        """Return the fields of an index that was made from these, by its mappings as they are now.

        Which objects take new names in, by which rules, and how many, stays as it is here. `found` is what is mapped as
        the rules would have mapped it.

        Raises:
            InvalidInput: a mapping type, an analyzer or an option that is not understood.
        """
        known = read(mappings, self.rules.analysis)
        mapped = replace(
            self,
            leaves=dict(sorted(known.leaves.items())),
            nested_paths=frozenset(known.nested),
            objects=frozenset(known.objects),
        )
        return replace(mapped, found=_brought(self, mapped))

    def is_full(self) -> bool:
        """Whether there is no room for one more text, with its sub-fields."""
        text = self.with_found({_NEVER_FOUND: "string"})
        return self.grows("") and text is self

    def __iter__(self) -> Iterator[Field]:
        """Yield the leaf fields in order of name."""
        return iter(self.leaves.values())


def _limit(settings: Mapping[str, Any], of: str, usual: int) -> int:
    return int(settings.get("index", {}).get("mapping", {}).get(of, {}).get("limit", usual))


def _brought(template: Fields, mapped: Fields) -> dict[str, str]:
    """Return the paths that are mapped beyond a template, each with the JSON type that the rules map in this way."""
    by_source: dict[str, set[Field]] = {}
    for leaf in mapped:
        if leaf.source not in template.leaves:
            by_source.setdefault(leaf.source, set()).add(leaf)
    types = {path: _type(mapped, path, leaves) for path, leaves in by_source.items()}
    return {path: type_ for path, type_ in types.items() if type_ is not None}


def _type(mapped: Fields, path: str, leaves: set[Field]) -> str | None:
    kind = mapped.leaves[path].kind
    likely = (type_ for type_, options in mapped.rules.mappings.items() if options.get("type") == kind)
    return next((type_ for type_ in likely if set(mapped.dynamic(path, type_)) == leaves), None)
