"""What unmapped names become: the dynamic templates of a mapping."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from muster.errors import InvalidInput
from muster.fields.field import Field
from muster.fields.mapping import Analysis, Options, leaves

_DEFAULTS: Mapping[str, Options] = {
    "string": {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 256}}},
    "long": {"type": "long"},
    "double": {"type": "float"},
    "boolean": {"type": "boolean"},
}
"""OpenSearch's own rules, by the type of a JSON value."""


def json_type(value: object) -> str | None:
    """Return the type that dynamic templates match a value by; None for what does not become a leaf field."""
    match value:
        case bool():
            return "boolean"
        case str():
            return "string"
        case int():
            return "long"
        case float():
            return "double"
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a name becomes when its first value is of a JSON type."""

    analysis: Analysis
    mappings: Mapping[str, Options]

    @classmethod
    def of(cls, mappings: Options, analysis: Analysis) -> "Rules":
        """Read the dynamic templates of mappings; those that match by anything but a JSON type are refused.

        Raises:
            InvalidInput: a template or a detection that is not supported.
        """
        for option in ("date_detection", "numeric_detection"):
            if mappings.get(option, option == "date_detection") and not _closed(mappings):
                raise InvalidInput(f"`{option}` is not supported", hint=f"set `{option}` to false in the mappings")
        templates = (one for named in mappings.get("dynamic_templates", []) for one in named.values())
        return cls(analysis, {**_DEFAULTS, **dict(_rule(template) for template in reversed(list(templates)))})

    def fields(self, path: str, type_: str, nested: str | None) -> Iterator[Field]:
        """Yield the fields that an unmapped path becomes."""
        return leaves(path, self.mappings[type_], self.analysis, nested)

    def size(self, type_: str) -> int:
        """Return how many fields an unmapped path becomes."""
        return 1 + len(self.mappings[type_].get("fields", {}))


def _closed(mappings: Options) -> bool:
    return str(mappings.get("dynamic")).lower() == "false"


def _rule(template: Mapping[str, Any]) -> tuple[str, Options]:
    type_ = str(template.get("match_mapping_type"))
    if type_ not in _DEFAULTS or template.keys() != {"match_mapping_type", "mapping"}:
        raise InvalidInput(
            "a dynamic template is not supported", hint=f"match by `match_mapping_type` alone: {', '.join(_DEFAULTS)}"
        )
    return type_, template["mapping"]
