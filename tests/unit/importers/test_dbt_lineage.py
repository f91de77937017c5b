"""What flows where."""

from pathlib import Path

import pytest

from muster.catalog.entity import Key
from tests.unit.importers.manifests import by_key, manifest, named, node, read


def table(name: str) -> Key:
    """Return the key of a table."""
    return Key("Table", f"default/postgres/p/db/s/{name}")


def test_ephemeral_models_are_looked_through(tmp_path: Path) -> None:
    """A process joins relations; what has none stands for what it is made from, each once and in order."""
    nodes = (
        node("source.p.raw.a"),
        node("seed.p.b"),
        node("model.p.inner", "source.p.raw.a", "seed.p.b", materialized="ephemeral"),
        node("model.p.outer", "model.p.inner", "seed.p.b", materialized="ephemeral"),
        node("model.p.out", "model.p.outer", "source.p.raw.a", "model.disabled.x"),
    )
    drafts = by_key(read(tmp_path, manifest(*nodes)))
    process = Key("DbtProcess", "default/dbt/p/process/model.p.out")
    assert [key for key in drafts if key.type_name == "DbtProcess"] == [process]
    assert drafts[process].relationships == {"inputs": (table("a"), table("b")), "outputs": (table("out"),)}
    assert drafts[table("a")].relationships["inputToProcesses"] == (process,)
    assert drafts[table("out")].relationships["outputFromProcesses"] == (process,)


def test_lineage_is_stated_of_every_relation(tmp_path: Path) -> None:
    """A relation that takes part says so, one that does not says that."""
    nodes = (node("source.p.raw.a"), node("model.p.b", "source.p.raw.a"), node("model.p.alone"))
    tables = named(read(tmp_path, manifest(*nodes)), "Table")
    assert {name: draft.attributes["__hasLineage"] for name, draft in tables.items()} == {
        "a": True,
        "alone": False,
        "b": True,
    }


def test_a_relation_is_not_made_from_itself(tmp_path: Path) -> None:
    """A model written over its own source has no process; nodes in a ring come to an end."""
    nodes = (
        node("source.p.raw.a"),
        node("model.p.a", "source.p.raw.a"),
        node("model.p.x", "model.p.y", materialized="ephemeral"),
        node("model.p.y", "model.p.x", materialized="ephemeral"),
        node("model.p.z", "model.p.x"),
    )
    assert named(read(tmp_path, manifest(*nodes)), "DbtProcess") == {}


@pytest.mark.parametrize(
    ("kind", "type_name"),
    [
        ("dashboard", "BI"),
        ("notebook", "Notebook"),
        ("analysis", "Notebook"),
        ("ml", "AIModel"),
        ("application", "Application"),
        ("anything", "Application"),
    ],
)
def test_exposures_end_a_lineage(tmp_path: Path, kind: str, type_name: str) -> None:
    """An exposure is an asset of its own, made from what it depends on."""
    exposure = {
        "name": "e",
        "resource_type": "exposure",
        "package_name": "p",
        "type": kind,
        "label": "An exposure",
        "url": "https://bi.example.com/e",
        "owner": {"name": "Ann"},
        "depends_on": {"nodes": ["model.p.a"]},
    }
    drafts = by_key(read(tmp_path, manifest(node("model.p.a"), exposures={"exposure.p.e": exposure})))
    draft = drafts[Key(type_name, "default/dbt/p/exposure.p.e")]
    expected = {"displayName": "An exposure", "subType": kind, "sourceURL": exposure["url"], "ownerUsers": ["Ann"]}
    assert {name: draft.attributes[name] for name in expected} == expected
    process = Key("DbtProcess", "default/dbt/p/process/exposure.p.e")
    assert draft.relationships == {"outputFromProcesses": (process,)}
    assert drafts[process].relationships == {"inputs": (table("a"),), "outputs": (draft.key,)}
