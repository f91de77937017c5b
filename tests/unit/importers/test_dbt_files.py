"""Files that are not what they should be, and versions of those that are."""

from pathlib import Path
from typing import Any

import pytest

from muster.errors import InvalidInput
from muster.importers.dbt import read_dbt
from tests.unit.importers.manifests import SCHEMAS, catalog, entry, manifest, named, node, read, results

POINTER = "/metadata/dbt_schema_version"


@pytest.mark.parametrize(
    ("artifact", "pointer", "message"),
    [
        ([], POINTER, "not a manifest of dbt"),
        ({"openapi": "3.1.0"}, POINTER, "not a manifest of dbt"),
        (catalog(), POINTER, "a catalog, not a manifest"),
        (manifest(version=6), POINTER, "manifest version 6 is not known, only 7 to 12"),
        (manifest(version=13), POINTER, "manifest version 13 is not known, only 7 to 12"),
        (manifest(exposures=[1]), "/exposures", "`exposures` must be an object"),
        (
            manifest(exposures={"exposure.p.a/b": {}}),
            "/exposures/exposure.p.a~1b/name",
            "`exposure.p.a/b` is not as dbt writes it",
        ),
        (manifest(metrics={"metric.p.m": 1}), "/metrics/metric.p.m", "`metric.p.m` is not as dbt writes it"),
        (manifest(adapter=""), "/metadata/adapter_type", "does not say which warehouse"),
    ],
)
def test_what_is_no_manifest_is_refused(tmp_path: Path, artifact: Any, pointer: str, message: str) -> None:
    """The complaint names the file, points at the reason and says what to do."""
    with pytest.raises(InvalidInput) as caught:
        read(tmp_path, artifact)
    assert (caught.value.code, caught.value.path) == ("invalid_input", pointer)
    assert f"`{tmp_path / '0.json'}`" in caught.value.message
    assert message in caught.value.message
    assert caught.value.hint


def test_a_manifest_is_no_catalog(tmp_path: Path) -> None:
    """The second file has to be a catalog."""
    with pytest.raises(InvalidInput, match="a manifest, not a catalog"):
        read(tmp_path, manifest(), manifest())


@pytest.mark.parametrize(
    ("broken", "pointer"),
    [
        ({"metadata": None}, "/metadata"),
        ({"metadata": {"schema": "s"}}, "/metadata/name"),
        ({"columns": {"a/b": {"type": "int"}}}, "/columns/a~1b/index"),
        ({"columns": {"a": {"index": "1"}}}, "/columns/a/index"),
        ({"stats": []}, "/stats"),
    ],
)
def test_a_catalog_entry_needs_place_and_order(tmp_path: Path, broken: dict[str, Any], pointer: str) -> None:
    """What the warehouse has is somewhere, and its columns have an order."""
    whole = catalog(entry("model.p.a"))
    whole["nodes"]["model.p.a"] |= broken
    with pytest.raises(InvalidInput) as caught:
        read(tmp_path, manifest(), whole)
    assert caught.value.path == f"/nodes/model.p.a{pointer}"


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"a": NaN}', b"\xff\xfe"])
def test_what_is_no_json_is_refused(tmp_path: Path, content: bytes | None) -> None:
    """A missing file and one that is not JSON are complaints about that file."""
    path = tmp_path / "manifest.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        read_dbt(path)
    assert f"`{path}`" in caught.value.message
    assert caught.value.hint == "`dbt parse`, `dbt build` or `dbt docs generate` writes it to `target/manifest.json`"


def test_results_have_to_be_a_list_of_results(tmp_path: Path) -> None:
    """Run results of another shape are refused, with a pointer."""
    broken = {"metadata": {"dbt_schema_version": f"{SCHEMAS}/run-results/v6.json"}, "results": {"a": 1}}
    with pytest.raises(InvalidInput) as caught:
        read(tmp_path, manifest(), catalog(), broken)
    assert caught.value.path == "/results"


@pytest.mark.parametrize("command", ["generate", "compile"])
def test_results_of_compiling_say_nothing(tmp_path: Path, command: str) -> None:
    """`dbt docs generate` writes results over those of the build: all succeeded, tests too, and none was run."""
    with pytest.raises(InvalidInput, match=f"results of `{command}`") as caught:
        read(tmp_path, manifest(), catalog(), results() | {"args": {"which": command}})
    assert caught.value.path == "/args/which"


@pytest.mark.parametrize("version", range(7, 13))
def test_versions_from_7_to_12_are_read(tmp_path: Path, version: int) -> None:
    """The version is reported, and a model is a model in all of them."""
    project = read(tmp_path, manifest(node("model.p.a"), version=version))
    assert project.manifest_version == version
    assert set(named(project, "DbtModel")) == {"a"}


def test_the_project_of_an_old_manifest_is_found_by_its_digest(tmp_path: Path) -> None:
    """Before version 10 a manifest holds the MD5 of the project's name only."""
    old = manifest(node("model.util.x"), node("model.shop.a"), version=8)
    old["metadata"] |= {"project_name": None, "project_id": "fb54f3c5992b96d001bb16e8e92d968d"}
    assert read(tmp_path, old).name == "shop"


@pytest.mark.parametrize(
    "connection", ["prod", "default/snowflake", "default//prod", "a/b/c/d", "default/dbt/prod", ""]
)
def test_a_connection_is_a_qualified_name(tmp_path: Path, connection: str) -> None:
    """Three parts, and not dbt's own connector."""
    with pytest.raises(InvalidInput, match="is not the qualified name of a warehouse connection"):
        read(tmp_path, manifest(), connection=connection)


def test_a_made_connection_belongs_to_the_project(tmp_path: Path) -> None:
    """All below both connections is the import's own."""
    assert read(tmp_path, manifest(adapter="sqlserver")).scopes == ("default/mssql/p", "default/dbt/p")


def test_of_a_given_connection_only_the_schemas_built_belong_to_the_project(tmp_path: Path) -> None:
    """Others may have tables in the same warehouse; a schema that is only read from is theirs."""
    nodes = (node("model.p.a"), node("seed.p.b", schema="t"), node("source.p.raw.c", schema="raw"))
    project = read(tmp_path, manifest(*nodes), connection="default/snowflake/prod")
    assert project.scopes == ("default/snowflake/prod/db/s", "default/snowflake/prod/db/t", "default/dbt/p")
