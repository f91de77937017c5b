"""What an index on a server is made with, how it is told of further fields, and how its fields are read back.

The server adds no fields of itself: what a name becomes is settled here, by the rules that every engine follows. Names
are only ever added, and a name that another process has given another kind meanwhile makes the server refuse the whole
addition: its fields are then read back (`of_server`) and the documents shaped once more.
"""

from copy import deepcopy
from typing import Any

from muster.engines.opensearch.server import Json
from muster.fields import Fields

NESTED_OBJECTS = 1 << 20
"""Nested objects that a document may hold; a server refuses it for more than 10,000 unless told otherwise."""

LONGEST_TERM = 32_766
"""Characters of a prefix, which Elasticsearch holds to the limit of a regexp; a term is no longer than that."""


def sent(template: Json, *, shards: int = 1) -> dict[str, Any]:
    """Return the `settings` and `mappings` to make an index with, of those of an index template.

    The server maps nothing of itself, ignores values that a kind cannot take, and refreshes when told to.
    """
    settings, mappings = deepcopy(dict(template["settings"])), template["mappings"]
    fields = Fields.from_mapping(settings, mappings)
    index = settings.setdefault("index", {})
    limits = index.setdefault("mapping", {})
    limits["ignore_malformed"] = True
    limits["total_fields"] = {"limit": fields.limit}
    limits["depth"] = {"limit": fields.depth}
    limits["nested_objects"] = {"limit": NESTED_OBJECTS}
    index |= {
        "number_of_shards": shards,
        "auto_expand_replicas": "0-1",
        "refresh_interval": -1,
        "max_regex_length": LONGEST_TERM,
    }
    return {"settings": settings, "mappings": {"dynamic": False, "properties": _closed(mappings.get("properties", {}))}}


def _closed(properties: Json) -> dict[str, Any]:
    """Return properties that do not say themselves whether they take new names in."""
    return {name: _without_dynamic(options) for name, options in properties.items()}


def _without_dynamic(options: Json) -> dict[str, Any]:
    kept = {option: value for option, value in options.items() if option != "dynamic"}
    return kept | {"properties": _closed(options["properties"])} if "properties" in options else kept


def properties(before: Fields, after: Fields) -> dict[str, Any]:
    """Return the properties that a server is told to add so that it maps what was found between two states.

    `before` are the fields that documents began to be shaped by: a name that somebody else maps meanwhile must be told
    again, so that the server can refuse it where it is mapped otherwise.
    """
    added: dict[str, Any] = {}
    for path, type_ in after.found.items():
        if path not in before.found:
            *around, name = path.split(".")
            _properties_of(added, around, after)[name] = dict(after.rules.mappings[type_])
    return added


def _properties_of(added: dict[str, Any], around: list[str], fields: Fields) -> dict[str, Any]:
    """Return the properties of the object at a path, making those on the way as they are mapped."""
    for at, name in enumerate(around, 1):
        kind = {"type": "nested"} if ".".join(around[:at]) in fields.nested_paths else {}
        added = added.setdefault(name, {**kind, "properties": {}})["properties"]
    return added


def of_server(template: Fields, mappings: Json) -> Fields:
    """Return the fields of an index, by those of the template that it was made from and its mappings on the server.

    Raises:
        InvalidInput: a mapping that is not understood: it was made by somebody else.
    """
    return template.as_mapped(mappings)
