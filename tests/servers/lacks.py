"""What a server cannot do, asked of the server itself: packages of one product differ in what they carry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.servers import plugin
from tests.servers.clients import Json, Send


def analysis(send: Send, mapping: Json) -> list[str]:
    """The parts of analysis that `mapping` names in its settings and the server does not know."""
    return sorted({part for part, request in _parts(mapping["settings"]["analysis"]) if not _taken(send, request)})


def scripts(send: Send) -> list[str]:
    """`scripts`, where the server knows no language for them that Muster writes."""
    _, answer = send("GET", "/_script_language", None)
    known = {context["language"] for context in answer["language_contexts"]}
    return [] if "painless" in known else ["scripts"]


def stand_ins(send: Send) -> list[str]:
    """What our test plugin does in the place of the server's own: it imitates, and is no evidence."""
    _, answer = send("GET", "/_nodes/plugins", None)
    plugins = {each["name"] for node in answer["nodes"].values() for each in node["plugins"]}
    return ["stems and folding by the test plugin"] if plugin.NAME in plugins else []


def _parts(settings: Json) -> Iterator[tuple[str, Json]]:
    """Each part by its kind and type, with a request that uses it."""
    for definition in settings.get("tokenizer", {}).values():
        yield f"the tokenizer {definition['type']}", {"tokenizer": definition}
    for definition in settings.get("filter", {}).values():
        yield f"the filter {definition['type']}", {"tokenizer": "standard", "filter": [definition]}
    for custom in (*settings.get("analyzer", {}).values(), *settings.get("normalizer", {}).values()):
        for name in custom["filter"]:
            if name not in settings.get("filter", {}):
                yield f"the filter {name}", {"tokenizer": "standard", "filter": [name]}


def _taken(send: Send, request: dict[str, Any]) -> bool:
    status, _ = send("POST", "/_analyze", {**request, "text": "a"})
    return status == 200
