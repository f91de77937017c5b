"""dbt's artifacts as files: loaded, recognised, and cut down to what an import needs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel

from muster.errors import InvalidInput
from muster.importers.dbt.shapes import Relation, Resource, Result, check

SECTIONS = ("nodes", "sources", "exposures", "metrics", "semantic_models", "unit_tests", "groups")
VERSIONS = {"manifest": range(7, 13), "catalog": range(1, 2), "run-results": range(4, 7)}
"""The schema versions that are read, by kind of artifact."""

_SCHEMA = re.compile(r"/(?P<kind>[a-z-]+)/v(?P<version>\d+)(\.json)?$")
_MADE_BY = {
    "manifest": "`dbt parse`, `dbt build` or `dbt docs generate` writes it to `target/manifest.json`",
    "catalog": "`dbt docs generate` writes it to `target/catalog.json`",
    "run-results": "`dbt build` or `dbt test` writes it to `target/run_results.json`",
}
_COMPILES = ("compile", "generate")
_OVERWRITTEN = "`dbt docs generate` overwrites `run_results.json`: keep the one of `dbt build` under another name"

Raw = Mapping[str, Any]
"""A JSON object as dbt wrote it."""


@dataclass(frozen=True, slots=True)
class Artifacts:
    """What dbt says: of the manifest by section and unique id, of the warehouse and of the last run by unique id."""

    metadata: Raw
    version: int
    sections: Mapping[str, Mapping[str, Raw]]
    catalog: Mapping[str, Raw]
    results: Mapping[str, Raw]


def load(manifest: Path, catalog: Path | None, results: Path | None) -> Artifacts:
    """Read the files.

    Raises:
        InvalidInput: a file that cannot be read, is not JSON, is another artifact or of another version.
    """
    whole, version = _read(manifest, "manifest")
    sections = {name: _section(whole, name, manifest, Resource) for name in SECTIONS}
    metadata = whole["metadata"]
    # The rest, macros above all, is most of a large manifest: let go of it before the next file is read.
    del whole
    return Artifacts(metadata, version, sections, _catalog(catalog), _results(results))


def _catalog(path: Path | None) -> dict[str, Raw]:
    if path is None:
        return {}
    whole, _ = _read(path, "catalog")
    return {uid: entry for name in ("nodes", "sources") for uid, entry in _section(whole, name, path, Relation).items()}


def _results(path: Path | None) -> dict[str, Raw]:
    if path is None:
        return {}
    whole, _ = _read(path, "run-results")
    if (command := (whole.get("args") or {}).get("which")) in _COMPILES:
        message = f"these are the results of `{command}`, which builds and tests nothing"
        raise InvalidInput(f"`{path}`: {message}", path="/args/which", hint=_OVERWRITTEN)
    rows = whole.get("results")
    if not isinstance(rows, list):
        raise _refused(path, "run-results", "`results` must be a list", "/results")
    check({str(place): row for place, row in enumerate(rows)}, Result, "/results", str(path))
    return {row["unique_id"]: row for row in rows}


def _read(path: Path, kind: str) -> tuple[dict[str, Any], int]:
    try:
        whole = orjson.loads(path.read_bytes())
    except OSError as error:
        raise InvalidInput(f"`{path}` cannot be read: {error.strerror}", hint=_MADE_BY[kind]) from error
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"`{path}` is not JSON: {error}", hint=_MADE_BY[kind]) from error
    return whole, _version(whole, path, kind)


def _version(whole: Any, path: Path, kind: str) -> int:
    match whole:
        case {"metadata": {"dbt_schema_version": str() as schema}} if found := _SCHEMA.search(schema):
            pass
        case _:
            message = f"not a {kind} of dbt: it has no `dbt_schema_version`"
            raise _refused(path, kind, message, "/metadata/dbt_schema_version")
    if found["kind"] != kind:
        raise _refused(path, kind, f"a {found['kind']}, not a {kind}", "/metadata/dbt_schema_version")
    version, known = int(found["version"]), VERSIONS[kind]
    if version not in known:
        message = f"{kind} version {version} is not known, only {known[0]} to {known[-1]}"
        raise _refused(path, kind, message, "/metadata/dbt_schema_version")
    return version


def _section(whole: Raw, name: str, path: Path, shape: type[BaseModel]) -> dict[str, Raw]:
    section = whole.get(name) or {}
    if not isinstance(section, dict):
        raise InvalidInput(f"`{path}`: `{name}` must be an object", path=f"/{name}", hint="write it anew with dbt")
    check(section, shape, f"/{name}", str(path))
    return section


def _refused(path: Path, kind: str, message: str, pointer: str) -> InvalidInput:
    return InvalidInput(f"`{path}`: {message}", path=pointer, hint=_MADE_BY[kind])
