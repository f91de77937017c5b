"""Everything an import knows before it writes its first draft."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from muster.catalog.entity import Key
from muster.importers.dbt.artifacts import Artifacts, Raw
from muster.importers.dbt.lineage import Lineage, lineage, upstream
from muster.importers.dbt.naming import Names, child
from muster.importers.dbt.node import MODELS, Node
from muster.importers.dbt.relations import Relation, relations
from muster.importers.dbt.spelling import Spelling

KINDS = {
    "model": "DbtModel",
    "snapshot": "DbtModel",
    "seed": "DbtSeed",
    "source": "DbtSource",
    "test": "DbtTest",
    "unit_test": "DbtTest",
    "metric": "DbtMetric",
    "semantic_model": "DbtSemanticModel",
}
"""The type of each kind of node; exposures have several."""

EXPOSURES = {
    "dashboard": "BI",
    "notebook": "Notebook",
    "analysis": "Notebook",
    "ml": "AIModel",
    "application": "Application",
}
"""The type of an exposure by the kind of thing it is: dbt does not say which tool shows it."""

_WORST_FIRST = ("error", "runtime error", "fail", "warn", "skipped", "pass")


@dataclass(frozen=True, slots=True)
class Plan:
    """A project made ready: nodes by unique id, in that order, and what they have to do with each other."""

    project: str
    names: Names
    metadata: Raw
    nodes: Mapping[str, Node]
    groups: Mapping[str, Raw]
    results: Mapping[str, Raw]
    relations: tuple[Relation, ...]
    relation_of: Mapping[str, Relation]
    lineage: Lineage
    tests_of: Mapping[str, tuple[Node, ...]]
    models_of: Mapping[str, tuple[Node, ...]]
    metrics_of: Mapping[str, tuple[Node, ...]]

    def of(self, *kinds: str) -> list[Node]:
        """Return the nodes of some kinds, in order of unique id."""
        return [node for node in self.nodes.values() if node.kind in kinds]

    def key(self, node: Node) -> Key:
        """Return the key of a node."""
        return Key(type_of(node), self.names.node(node.unique_id))

    def metrics(self, node: Node) -> tuple[Key, ...]:
        """Return the metrics that count what a model holds."""
        return tuple(self.key(metric) for metric in self.metrics_of.get(node.unique_id, ()))

    def tests(self, node: Node) -> tuple[Key, ...]:
        """Return the tests of a node."""
        return tuple(self.key(test) for test in self.tests_of.get(node.unique_id, ()))

    def columns(self, node: Node) -> list[str]:
        """Return the columns of a model or seed: the warehouse's in order, then those that only the project names."""
        relation = self.relation_of.get(node.unique_id)
        found = [column.name for column in relation.columns] if relation else []
        spelling = Spelling(found)
        return found + [name for name in node.columns if spelling.find(name) is None]

    def column(self, node: Node, name: str) -> Key:
        """Return the key of a column of a model or seed."""
        return Key("DbtModelColumn", child(self.names.node(node.unique_id), name))

    def status(self, unique_id: str) -> str | None:
        """Return how a node fared in the last run, None when that is not known."""
        return self.results.get(unique_id, {}).get("status")

    def worst(self, tests: Iterable[Node]) -> str | None:
        """Return the worst result among some tests, None when none is known."""
        fared = {self.status(test.unique_id) for test in tests}
        return next((status for status in _WORST_FIRST if status in fared), None)


def plan(artifacts: Artifacts, names: Names) -> Plan:
    """Make an import ready."""
    nodes = _nodes(artifacts)
    found = relations(nodes.values(), artifacts.catalog, names)
    relation_of = {node.unique_id: relation for relation in found for node in relation.nodes}
    models_of = {uid: _models(uid, nodes) for uid, node in nodes.items() if node.kind == "metric"}
    return Plan(
        project=project_name(artifacts),
        names=names,
        metadata=artifacts.metadata,
        nodes=nodes,
        groups={str(group["name"]): group for group in artifacts.sections["groups"].values()},
        results=artifacts.results,
        relations=tuple(found),
        relation_of=relation_of,
        lineage=lineage(nodes, _assets(nodes, relation_of, names), names),
        tests_of=_inverted({uid: tested(node, nodes) for uid, node in nodes.items() if _is_test(node)}, nodes),
        models_of=models_of,
        metrics_of=_inverted(models_of, nodes),
    )


def project_name(artifacts: Artifacts) -> str:
    """Return the name of the project that was built.

    Before manifest version 10 only its MD5 is written down, in `project_id`: the package with that digest is the one.
    """
    known = artifacts.metadata.get("project_name")
    digest = str(artifacts.metadata.get("project_id") or "project")
    packages = {str(raw.get("package_name")) for section in artifacts.sections.values() for raw in section.values()}
    return str(known or next((name for name in sorted(packages) if _md5(name) == digest), digest))


def type_of(node: Node) -> str:
    """Return the type that a node becomes."""
    return EXPOSURES.get(str(node.raw.get("type")), "Application") if node.kind == "exposure" else KINDS[node.kind]


def tested(test: Node, nodes: Mapping[str, Node]) -> list[Node]:
    """Return what a test is about: the node it is attached to, where that is known, or else all that it reads.

    Before manifest version 9 only the name of that node is written down, in `file_key_name`.
    """
    parents = [nodes[parent] for parent in test.parents if parent in nodes]
    attached, named = str(test.raw.get("attached_node")), str(test.raw.get("file_key_name") or "").partition(".")[2]
    if attached in nodes:
        return [nodes[attached]]
    return [parent for parent in parents if parent.raw["name"] == named] or parents


def tested_column(test: Node, columns: Iterable[str]) -> str | None:
    """Return the one among a node's columns that a test is about."""
    name = test.raw.get("column_name")
    return Spelling(columns).find(name) if name else None


def _nodes(artifacts: Artifacts) -> dict[str, Node]:
    sections = (section for name, section in artifacts.sections.items() if name != "groups")
    every = {unique_id: raw for section in sections for unique_id, raw in section.items()}
    made = (Node(unique_id, _kind(unique_id, raw), raw) for unique_id, raw in sorted(every.items()))
    return {node.unique_id: node for node in made if node.kind in KINDS or node.kind == "exposure"}


def _md5(name: str) -> str:
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()


def _kind(unique_id: str, raw: Mapping[str, Any]) -> str:
    return str(raw.get("resource_type") or unique_id.split(".", 1)[0])


def _assets(nodes: Mapping[str, Node], relation_of: Mapping[str, Relation], names: Names) -> dict[str, Key]:
    meaning = ("semantic_model", "metric", "exposure")
    own = {uid: Key(type_of(node), names.node(uid)) for uid, node in nodes.items() if node.kind in meaning}
    return {uid: relation.key for uid, relation in relation_of.items()} | own


def _is_test(node: Node) -> bool:
    return KINDS.get(node.kind) == "DbtTest"


def _inverted(links: Mapping[str, Iterable[Node]], nodes: Mapping[str, Node]) -> dict[str, tuple[Node, ...]]:
    found: defaultdict[str, list[Node]] = defaultdict(list)
    for unique_id, targets in links.items():
        for target in targets:
            found[target.unique_id].append(nodes[unique_id])
    return {unique_id: tuple(sources) for unique_id, sources in found.items()}


def _models(metric: str, nodes: Mapping[str, Node]) -> tuple[Node, ...]:
    """Return the models behind a metric, through other metrics and semantic models."""
    models = {unique_id for unique_id, node in nodes.items() if node.kind in MODELS}
    return tuple(nodes[unique_id] for unique_id in upstream(metric, nodes, models))
