"""The document that an entity gives the index."""

from __future__ import annotations

from muster.catalog.document import document
from muster.catalog.entity import Entity, Key, Status


def test_terms_and_categories_are_found_by_where_they_are() -> None:
    """Under the fields by which clients look them up, with qualified names."""
    glossary, category = Key("AtlasGlossary", "g"), Key("AtlasGlossaryCategory", "c@g")
    term = Entity(
        ordinal=1,
        guid="t",
        key=Key("AtlasGlossaryTerm", "t@g"),
        status=Status.ACTIVE,
        attributes={"name": "T"},
        tags=(),
        terms=(),
        relationships={"anchor": (glossary,), "categories": (category,)},
        custom={},
        version=1,
        created_at=1,
        updated_at=1,
        created_by="ada",
        updated_by="ada",
    )

    shown = document(term)

    assert (shown["__glossary"], shown["__categories"]) == (["g"], ["c@g"])
    assert "__parentCategory" not in shown
