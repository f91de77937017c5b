"""Clauses to canonical OpenSearch JSON."""

import hashlib
import json
from typing import Any, assert_never

from muster.query.nodes import Node
from muster.query.wire.table import ATTRIBUTES, FORMS, NAMES, Form


def write(node: Node) -> dict[str, Any]:
    """Write the canonical form.

    Options that were not said are not written; a field whose value alone is said gets the short form; occurrences
    are lists.
    """
    form = FORMS[NAMES[type(node)]]
    return {form.name: _body(form, node)}


def canonical(node: Node) -> str:
    """Return the canonical text: the same for every spelling of a clause, without spaces, not escaped to ASCII."""
    return json.dumps(write(node), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def digest(node: Node) -> str:
    """Return the SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(node).encode()).hexdigest()


def _body(form: Form, node: Node) -> dict[str, Any]:
    said = _said(form, node)
    match form.shape:
        case "plain":
            return said
        case "field":
            alone = said.get(form.short) if form.short and len(said) == 1 else None
            return {_field(node): said if alone is None else alone}
        case "terms":
            return {_field(node): said.pop("values", []), **said}
        case _:
            assert_never(form.shape)


def _field(node: Node) -> str:
    field: str = getattr(node, "field")  # noqa: B009 - the shape of the form promises it, not the type
    return field


def _said(form: Form, node: Node) -> dict[str, Any]:
    values = {option: getattr(node, ATTRIBUTES.get(option, option)) for option in form.options}
    return {option: _written(value) for option, value in values.items() if value is not None and value != ()}


def _written(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_written(part) for part in value]
    return write(value) if type(value) in NAMES else value
