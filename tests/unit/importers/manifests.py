"""Small manifests and catalogs by hand."""

from pathlib import Path
from typing import Any

import orjson

from muster.catalog.entity import EntityDraft, Key
from muster.importers.dbt import DbtProject, read_dbt

SCHEMAS = "https://schemas.getdbt.com/dbt"


def manifest(*nodes: dict[str, Any], version: int = 12, adapter: str = "postgres", **sections: Any) -> dict[str, Any]:
    """Return a manifest of a project `p`; nodes go to their section by kind."""
    placed: dict[str, dict[str, Any]] = {"nodes": {}, "sources": {}}
    for node in nodes:
        section = "sources" if node["resource_type"] == "source" else "nodes"
        placed[section][node["unique_id"]] = node
    metadata = {
        "dbt_schema_version": f"{SCHEMAS}/manifest/v{version}.json",
        "dbt_version": "1.11.0",
        "project_name": "p",
        "adapter_type": adapter,
    }
    return {"metadata": metadata, **placed, **sections}


def catalog(*entries: dict[str, Any]) -> dict[str, Any]:
    """Return a catalog of these entries."""
    metadata = {"dbt_schema_version": f"{SCHEMAS}/catalog/v1.json"}
    return {"metadata": metadata, "nodes": {entry["unique_id"]: entry for entry in entries}, "sources": {}}


def results(**statuses: str) -> dict[str, Any]:
    """Return the results of a run; double underscores stand for dots."""
    rows = [
        {"unique_id": uid.replace("__", "."), "status": status, "message": f"{status}!"}
        for uid, status in statuses.items()
    ]
    return {"metadata": {"dbt_schema_version": f"{SCHEMAS}/run-results/v6.json"}, "results": rows}


def node(unique_id: str, *parents: str, materialized: str | None = "table", **parts: Any) -> dict[str, Any]:
    """Return a node; its name is the last part of its unique id, its place `db.s`."""
    kind, package, *_, name = unique_id.split(".")
    config = {"materialized": materialized} | parts.pop("config", {})
    return {
        "unique_id": unique_id,
        "resource_type": kind,
        "package_name": package,
        "name": name,
        "database": "db",
        "schema": "s",
        "alias": name,
        "config": config,
        "depends_on": {"nodes": list(parents)},
        **parts,
    }


def entry(unique_id: str, *columns: tuple[str, str], place: str = "", **parts: Any) -> dict[str, Any]:
    """Return a catalog entry; `place` is `database.schema.name`."""
    database, schema, name = (place or f"db.s.{unique_id.rsplit('.', 1)[-1]}").split(".")
    metadata = {"type": "BASE TABLE", "database": database, "schema": schema, "name": name}
    found = {
        name: {"name": name, "type": kind, "index": index, "comment": None}
        for index, (name, kind) in enumerate(columns, start=1)
    }
    return {"unique_id": unique_id, "columns": found, "stats": {}, **parts} | {
        "metadata": metadata | parts.get("metadata", {})
    }


def read(folder: Path, *artifacts: dict[str, Any], connection: str | None = None) -> DbtProject:
    """Write manifest, catalog and results to files and read them."""
    paths = [folder / f"{place}.json" for place, _ in enumerate(artifacts)]
    for path, artifact in zip(paths, artifacts, strict=True):
        path.write_bytes(orjson.dumps(artifact))
    return read_dbt(*paths, connection=connection)


def by_key(project: DbtProject) -> dict[Key, EntityDraft]:
    """Return the drafts by key."""
    return {draft.key: draft for draft in project}


def named(project: DbtProject, type_name: str) -> dict[str, EntityDraft]:
    """Return the drafts of a type by name."""
    return {draft.attributes["name"]: draft for draft in project if draft.key.type_name == type_name}
