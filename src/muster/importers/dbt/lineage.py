"""What flows where: one process per node that is made from others."""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from muster.catalog.entity import Key
from muster.importers.dbt.naming import Names
from muster.importers.dbt.node import Node

PROCESS = "DbtProcess"


@dataclass(frozen=True, slots=True)
class Flow:
    """One process: what goes in, and the one asset that comes out."""

    process: Key
    node: Node
    inputs: tuple[Key, ...]
    output: Key


@dataclass(frozen=True, slots=True)
class Lineage:
    """All processes in order of qualified name; and those that read or make an asset, by its key."""

    flows: tuple[Flow, ...]
    readers: Mapping[Key, tuple[Key, ...]]
    makers: Mapping[Key, tuple[Key, ...]]

    def has(self, key: Key) -> bool:
        """Whether an asset takes part."""
        return key in self.readers or key in self.makers

    def links(self, key: Key) -> dict[str, tuple[Key, ...]]:
        """Return an asset's relationships to the processes around it."""
        around = {"inputToProcesses": self.readers.get(key), "outputFromProcesses": self.makers.get(key)}
        return {name: keys for name, keys in around.items() if keys}


def lineage(nodes: Mapping[str, Node], assets: Mapping[str, Key], names: Names) -> Lineage:
    """Return the lineage among `assets`, the catalogued ones by unique id; what is not catalogued is looked through."""
    flows = tuple(sorted(_flows(nodes, assets, names), key=lambda flow: flow.process.qualified_name))
    readers: defaultdict[Key, list[Key]] = defaultdict(list)
    makers: defaultdict[Key, list[Key]] = defaultdict(list)
    for flow in flows:
        makers[flow.output].append(flow.process)
        for key in flow.inputs:
            readers[key].append(flow.process)
    return Lineage(flows, _frozen(readers), _frozen(makers))


def upstream(unique_id: str, nodes: Mapping[str, Node], stops: Container[str]) -> list[str]:
    """Return the nearest of `stops` that a node is made from, in dbt's order, each once."""
    found: dict[str, None] = {}
    seen = {unique_id}
    ahead = list(reversed(nodes[unique_id].parents))
    while ahead:
        parent = ahead.pop()
        if parent in stops:
            found[parent] = None
        elif parent in nodes and parent not in seen:
            seen.add(parent)
            ahead.extend(reversed(nodes[parent].parents))
    return list(found)


def _flows(nodes: Mapping[str, Node], assets: Mapping[str, Key], names: Names) -> Iterator[Flow]:
    for unique_id, output in assets.items():
        inputs = dict.fromkeys(assets[parent] for parent in upstream(unique_id, nodes, assets))
        if needed := tuple(key for key in inputs if key != output):
            yield Flow(Key(PROCESS, names.process(unique_id)), nodes[unique_id], needed, output)


def _frozen(links: Mapping[Key, list[Key]]) -> dict[Key, tuple[Key, ...]]:
    return {key: tuple(processes) for key, processes in links.items()}
