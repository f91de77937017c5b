"""One resource of a manifest, with the differences between manifest versions settled."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from muster.importers.dbt.artifacts import Raw

MODELS = ("model", "snapshot")
"""Kinds that become a `DbtModel`: a snapshot is a model with a materialization of its own."""

RELATIONAL = (*MODELS, "seed", "source")
"""Kinds that stand for a relation, most telling first."""


@dataclass(frozen=True, slots=True)
class Node:
    """A model, seed, snapshot, source, test, exposure, metric or semantic model."""

    unique_id: str
    kind: str
    raw: Raw

    @property
    def name(self) -> str:
        """The name, with the version where a model has several."""
        version = self.raw.get("version")
        return self.raw["name"] if version is None else f"{self.raw['name']}.v{version}"

    @property
    def config(self) -> Raw:
        """The configuration, empty where this kind had none yet."""
        return self.raw.get("config") or {}

    @property
    def package(self) -> str:
        """The package that defines it."""
        return str(self.raw.get("package_name") or "")

    @property
    def description(self) -> str:
        """The description, empty where there is none."""
        return str(self.raw.get("description") or "").strip()

    @property
    def tags(self) -> tuple[str, ...]:
        """Tags in alphabetical order; metrics keep theirs in the configuration."""
        return tags_of(self.raw)

    @property
    def meta(self) -> dict[str, Any]:
        """`meta`, wherever it is written; the configuration wins, and a table's own wins over its source's."""
        return {**(self.raw.get("source_meta") or {}), **meta_of(self.raw)}

    @property
    def group(self) -> str | None:
        """The group, from manifest version 9 on."""
        return self.raw.get("group") or self.config.get("group")

    @property
    def materialization(self) -> str:
        """How it is made: `table`, `view`, `incremental` and so on; a source is `source`."""
        return str(self.config.get("materialized") or self.kind)

    @property
    def has_relation(self) -> bool:
        """Whether the warehouse holds something for it; tests that store failures do not count."""
        return self.kind in RELATIONAL and self.materialization != "ephemeral"

    @property
    def has_contract(self) -> bool | None:
        """Whether a contract is enforced; None where there can be none."""
        contract = self.config.get("contract") or self.raw.get("contract")
        return bool(contract.get("enforced")) if self.kind in MODELS and isinstance(contract, dict) else None

    @property
    def freshness(self) -> dict[str, Any]:
        """What a source promises, without the empty parts."""
        promised = self.config.get("freshness") or self.raw.get("freshness") or {}
        return _filled(promised) if self.kind == "source" and isinstance(promised, dict) else {}

    @property
    def parents(self) -> tuple[str, ...]:
        """Unique ids of what it is made from, in dbt's order, each once."""
        needed = (self.raw.get("depends_on") or {}).get("nodes") or ()
        return tuple(dict.fromkeys(needed))

    @property
    def columns(self) -> Mapping[str, Raw]:
        """Columns that are documented, by name as written there."""
        return {str(column.get("name") or key): column for key, column in (self.raw.get("columns") or {}).items()}

    @property
    def raw_code(self) -> str | None:
        """The code as written."""
        return self.raw.get("raw_code") or self.raw.get("raw_sql")

    @property
    def compiled_code(self) -> str | None:
        """The code as run."""
        return self.raw.get("compiled_code") or self.raw.get("compiled_sql")


def tags_of(raw: Raw) -> tuple[str, ...]:
    """Return the tags of a node or a column, in alphabetical order, each once."""
    config = raw.get("config") or {}
    return tuple(sorted({*_texts(raw.get("tags")), *_texts(config.get("tags"))}))


def meta_of(raw: Raw) -> dict[str, Any]:
    """Return the `meta` of a node or a column."""
    return {**(raw.get("meta") or {}), **((raw.get("config") or {}).get("meta") or {})}


def _texts(value: Any) -> list[str]:
    match value:
        case str():
            return [value]
        case list():
            return [str(item) for item in value if item]
        case _:
            return []


def _filled(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _filled(part) for key, part in value.items()}
    return {key: part for key, part in inner.items() if part not in (None, {})}
