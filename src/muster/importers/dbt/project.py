"""A dbt project, read from its artifacts."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from muster.catalog.entity import EntityDraft
from muster.errors import InvalidInput
from muster.importers.dbt import meaning, nodes, uses, warehouse
from muster.importers.dbt.artifacts import Artifacts, load
from muster.importers.dbt.naming import names_for
from muster.importers.dbt.plan import Plan, plan, project_name
from muster.importers.dbt.section import Section

SIDES = (warehouse, nodes, meaning, uses)
"""The order of an import: what others name comes before them."""


@dataclass(frozen=True, slots=True)
class DbtProject:
    """What dbt says of a project; iterating makes its drafts, the same ones each time, parents before children.

    `resources` counts the manifest's nodes by their dbt kind. `uncatalogued` are the unique ids of nodes whose relation
    the catalog lacks, `unclaimed` those that the catalog has and the manifest lacks: the two files are from different
    runs. `scopes` are the qualified names that the import owns.
    """

    name: str
    dbt_version: str
    manifest_version: int
    adapter: str
    connection: str
    resources: Mapping[str, int]
    uncatalogued: tuple[str, ...]
    unclaimed: tuple[str, ...]
    scopes: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def total(self) -> int:
        """How many drafts there are."""
        return sum(section.count for section in self.sections)

    def __iter__(self) -> Iterator[EntityDraft]:
        for section in self.sections:
            yield from section.drafts()


def read_dbt(
    manifest: Path, catalog: Path | None = None, results: Path | None = None, *, connection: str | None = None
) -> DbtProject:
    """Read a project from `manifest.json`, and from `catalog.json` and `run_results.json` where there are any.

    `connection` is the qualified name of the warehouse's connection, `default/<connector>/<id>`. Without one it is made
    from the adapter and the project's name, and all that is below it belongs to this import. A connection that is given
    may hold more than one project: then only the schemas that this project builds in belong to it.

    Raises:
        InvalidInput: a file that is not what it should be, or a connection that is none.
    """
    artifacts = load(manifest, catalog, results)
    project, adapter = project_name(artifacts), str(artifacts.metadata.get("adapter_type") or "")
    if not adapter and connection is None:
        raise InvalidInput(
            f"`{manifest}` does not say which warehouse it is for",
            path="/metadata/adapter_type",
            hint="name its connection: `default/<connector>/<id>`",
        )
    made = plan(artifacts, names_for(project, adapter, connection))
    return _project(artifacts, made, shared=connection is not None)


def _project(artifacts: Artifacts, made: Plan, *, shared: bool) -> DbtProject:
    expected = {uid for uid, node in made.nodes.items() if node.has_relation}
    return DbtProject(
        name=made.project,
        dbt_version=str(artifacts.metadata.get("dbt_version") or ""),
        manifest_version=artifacts.version,
        adapter=str(artifacts.metadata.get("adapter_type") or ""),
        connection=made.names.warehouse,
        resources=dict(sorted(Counter(node.kind for node in made.nodes.values()).items())),
        uncatalogued=tuple(sorted(expected - artifacts.catalog.keys())) if artifacts.catalog else (),
        unclaimed=tuple(sorted(artifacts.catalog.keys() - made.nodes.keys())),
        scopes=(*(_built(made) if shared else (made.names.warehouse,)), made.names.project),
        sections=tuple(section for side in SIDES for section in side.sections(made)),
    )


def _built(made: Plan) -> list[str]:
    """Return the schemas that a project builds in, rather than only reads from."""
    building = (relation for relation in made.relations if any(node.kind != "source" for node in relation.nodes))
    return sorted({made.names.schema(*relation.schema) for relation in building})
