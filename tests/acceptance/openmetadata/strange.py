"""Domains and products as nobody would make them by OpenMetadata's client, and as its client has to read them all the same."""

from __future__ import annotations

from typing import Any

import httpx

from tests.acceptance.openmetadata.conftest import BULK, asked

NAMES = {
    "plain": "Plain",
    "quoted": 'Say "it"',
    "parted": "a::b",
    "arrowed": "a>b",
    "dotted": "v1.2",
    "broken": "two\nlines\tand tabs",
    "long": "n" * 400,
    "foreign": "größe 注文日 🦆",
    "slashed": "a/b?c#d%20e&f",
    "spaced": "  around  ",
}
"""Names that Atlan's clients may give, by what is strange about them."""

OWNERS = ["ada.lovelace", "grace hopper@example.com", 'q"uo"te', "größe", "o" * 300]


def make(http: httpx.Client) -> None:
    """Make one domain and one product of each name by Atlan's routes, with owners, tags and a term."""
    glossary = {"typeName": "AtlasGlossary", "guid": "-1", "attributes": {"name": "Words.of us", "qualifiedName": "g"}}
    term = {
        "typeName": "AtlasGlossaryTerm",
        "guid": "-2",
        "attributes": {"name": 'Te"rm', "qualifiedName": "t", "anchor": {"typeName": "AtlasGlossary", "guid": "-1"}},
    }
    asked(http, "POST", BULK, json={"entities": [glossary, term]})
    for name in NAMES.values():
        asked(http, "POST", BULK, json={"entities": _pair(name)})


def _pair(name: str) -> list[dict[str, Any]]:
    """Return a domain and a product in it, both of one name."""
    domain = {
        "typeName": "DataDomain",
        "guid": "-1",
        "attributes": {"name": name, "qualifiedName": "d", "description": "made elsewhere"},
    }
    product = {
        "typeName": "DataProduct",
        "guid": "-2",
        "attributes": {
            "name": name,
            "qualifiedName": "p",
            "description": "made elsewhere",
            "ownerUsers": OWNERS,
            "ownerGroups": ["a team"],
            "dataDomain": {"typeName": "DataDomain", "guid": "-1"},
            "dataProductAssetsDSL": '{"query":{"dsl":{"query":{"term":{"__typeName.keyword":"Table"}}}}}',
            "daapStatus": "Sunset",
            "daapCriticality": "High",
        },
        "classifications": [{"typeName": "marketing"}],
    }
    return [domain, product]
