"""Reads scenario files, strictly: an unknown key, a missing sentence or a missing expectation is an error."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).with_name("scenarios")
MAPPING: dict[str, Any] = json.loads(Path(__file__).with_name("mapping.json").read_text(encoding="utf-8"))

SERVERS = ("opensearch", "elasticsearch")
"""The judges that are servers, asked as they are."""

JUDGES = (*SERVERS, "predicate", "duckdb", "muster on opensearch", "muster on elasticsearch")
"""The names of all judges, present or not."""

_TOP_FIELDS = {name.split(".")[0] for name in MAPPING["mappings"]["properties"]}
_FILE_KEYS = {"family", "corpus", "scenarios"}
_NEEDED = {"number", "name", "why", "selection"}
_OPTIONAL = {"assets", "expect", "refused", "status", "unsupported", "without_limit", "elasticsearch"}
_DIFFERENCE_KEYS = {"expect", "refused", "status", "why", "before", "since", "unsupported"}

Json = Any
Corpus = dict[str, dict[str, Json]]
"""Assets by id, each as it would be indexed."""


class BadScenario(Exception):
    """A scenario file does not say what it must, or says what nobody reads."""


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """What Elasticsearch itself answers where it is not what OpenSearch answers; Muster follows OpenSearch."""

    why: str
    expect: frozenset[str] | None
    refused: str | None
    status: int | None
    majors: range
    """The major versions that differ."""
    unsupported: str | None
    """Why Muster refuses the selection there, where it cannot follow OpenSearch."""


@dataclasses.dataclass(frozen=True, slots=True)
class Scenario:
    """Assets, a selection in wire form, and what every judge must answer: ids, or a refusal with its reason."""

    number: int
    family: str
    name: str
    why: str
    selection: Json
    assets: Corpus
    expect: frozenset[str] | None
    refused: str | None
    status: int | None
    """The HTTP status of OpenSearch's refusal: 400, or 500 where it trips over the selection."""
    without_limit: frozenset[str] | None
    """The ids where OpenSearch refuses for what the selection would cost, and a judge has no such limit."""
    unsupported: str | None
    """Why Muster refuses the selection with `unsupported_clause`, on every engine; servers answer it."""
    elasticsearch: Difference | None

    def __str__(self) -> str:
        """The name a test report shows."""
        return f"{self.number:03d}-{self.family}-{self.name}".replace(" ", "-")


class _JsonLoader(yaml.CSafeLoader):
    """YAML that reads plain words as JSON does: no dates, no `yes`, no octal, and no key twice."""


_JsonLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:null", r"^(?:null|)$", ["n", ""]),
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", ["t", "f"]),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    ("tag:yaml.org,2002:float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?$", list("-0123456789")),
):
    _JsonLoader.add_implicit_resolver(_tag, re.compile(_pattern), _first)


def _mapping_without_repeats(loader: _JsonLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    if repeated := {key for key in keys if keys.count(key) > 1}:
        raise BadScenario(f"{node.start_mark}: repeated keys {sorted(repeated)}")
    return {key: loader.construct_object(value, deep=True) for key, (_, value) in zip(keys, node.value, strict=True)}


_JsonLoader.add_constructor("tag:yaml.org,2002:map", _mapping_without_repeats)


def scenarios(files: list[Path] | None = None) -> list[Scenario]:
    """Every scenario of `files`, by default all files of the suite; numbers are unique across them."""
    found = [scenario for file in files or sorted(FOLDER.glob("*.yaml")) for scenario in read(file)]
    numbers = [scenario.number for scenario in found]
    if repeated := {number for number in numbers if numbers.count(number) > 1}:
        raise BadScenario(f"numbers used twice: {sorted(repeated)}")
    return found


def read(file: Path) -> list[Scenario]:
    """The scenarios of one file."""
    return parse(file.read_text(encoding="utf-8"), file.name)


def parse(text: str, origin: str) -> list[Scenario]:
    """The scenarios in `text`; `origin` names it in complaints.

    Raises:
        BadScenario: the text is not a scenario file to the letter.
    """
    content = yaml.load(text, _JsonLoader)  # noqa: S506 (a safe loader, made stricter)
    if not isinstance(content, dict) or set(content) - _FILE_KEYS or not {"family", "scenarios"} <= set(content):
        raise BadScenario(f"{origin}: a file holds `family`, `scenarios` and perhaps `corpus`")
    shared = content.get("corpus", {})
    return [_scenario(entry, content["family"], shared, origin) for entry in content["scenarios"]]


def _scenario(entry: dict[str, Any], family: str, shared: Corpus, origin: str) -> Scenario:
    _complain(entry, shared, f"{origin}: scenario {entry.get('number')}")
    return Scenario(
        number=entry["number"],
        family=family,
        name=entry["name"],
        why=entry["why"],
        selection=entry["selection"],
        assets=entry.get("assets", shared),
        expect=_ids(entry.get("expect")),
        refused=entry.get("refused"),
        status=entry.get("status"),
        without_limit=_ids(entry.get("without_limit")),
        unsupported=entry.get("unsupported"),
        elasticsearch=_difference(entry["elasticsearch"]) if "elasticsearch" in entry else None,
    )


def _difference(entry: dict[str, Any]) -> Difference:
    return Difference(
        why=entry["why"],
        expect=_ids(entry.get("expect")),
        refused=entry.get("refused"),
        status=entry.get("status"),
        majors=range(entry.get("since", 0), entry.get("before", sys.maxsize)),
        unsupported=entry.get("unsupported"),
    )


def _ids(listed: list[str] | None) -> frozenset[str] | None:
    return None if listed is None else frozenset(listed)


def _complain(entry: dict[str, Any], shared: Corpus, where: str) -> None:
    """Refuse an entry that lacks something, holds something unknown, or expects both or neither outcome."""
    if unknown := set(entry) - _NEEDED - _OPTIONAL:
        raise BadScenario(f"{where}: unknown keys {sorted(unknown)}")
    if missing := {key for key in _NEEDED if not entry.get(key) and entry.get(key) != {}}:
        raise BadScenario(f"{where}: missing {sorted(missing)}")
    _complain_of_outcome(entry, where)
    assets = entry.get("assets", shared)
    if not assets:
        raise BadScenario(f"{where}: no assets")
    if unmapped := {name.split(".")[0] for asset in assets.values() for name in asset} - set(_TOP_FIELDS):
        raise BadScenario(f"{where}: assets hold fields that are not mapped: {sorted(unmapped)}")
    if not isinstance(entry.get("unsupported", ""), str):
        raise BadScenario(f"{where}: `unsupported` is the reason, a text")
    if strangers := set(entry.get("expect") or ()) - set(assets):
        raise BadScenario(f"{where}: expects ids that are no assets: {sorted(strangers)}")
    if "elasticsearch" in entry:
        _complain_of_difference(entry["elasticsearch"], entry, assets, f"{where}: `elasticsearch`")


def _complain_of_outcome(entry: dict[str, Any], where: str) -> None:
    if ("expect" in entry) == ("refused" in entry) or ("refused" in entry) != (entry.get("status") in {400, 500}):
        raise BadScenario(f"{where}: either `expect`, or `refused` with `status: 400` (or 500)")


def _complain_of_difference(difference: dict[str, Any], entry: dict[str, Any], assets: Corpus, where: str) -> None:
    if unknown := set(difference) - _DIFFERENCE_KEYS:
        raise BadScenario(f"{where}: unknown keys {sorted(unknown)}")
    if not difference.get("why"):
        raise BadScenario(f"{where}: missing ['why']")
    _complain_of_outcome(difference, where)
    if strangers := set(difference.get("expect") or ()) - set(assets):
        raise BadScenario(f"{where}: expects ids that are no assets: {sorted(strangers)}")
    if not all(isinstance(difference.get(key, 0), int) for key in ("before", "since")):
        raise BadScenario(f"{where}: versions are whole numbers")
    if all(difference.get(key) == entry.get(key) for key in ("expect", "status")):
        raise BadScenario(f"{where}: is no difference")
