"""What OpenMetadata calls the types of entities."""

import pytest

from muster.api.openmetadata.kinds import NAMES, kind_of
from muster.catalog.types import supertypes

DOCUMENTED = [
    ("Table", "table"),
    ("KafkaTopic", "topic"),
    ("TableauDashboard", "dashboard"),
    ("AirflowDag", "pipeline"),
    ("SageMakerModel", "mlmodel"),
    ("S3Bucket", "container"),
    ("APIPath", "apiEndpoint"),
    ("DataProduct", "dataProduct"),
    ("DataDomain", "domain"),
    ("AtlasGlossaryTerm", "glossaryTerm"),
]


@pytest.mark.parametrize(("type_name", "kind"), DOCUMENTED)
def test_types_have_the_words_of_the_documentation(type_name: str, kind: str) -> None:
    """The kinds of assets that its pages name, and those of the mesh."""
    assert kind_of(type_name) == kind


@pytest.mark.parametrize("type_name", ["View", "MaterialisedView", "CassandraView", "SapErpCdsView"])
def test_views_are_tables(type_name: str) -> None:
    """OpenMetadata tells them apart by `tableType`, and has one kind of entity for both."""
    assert kind_of(type_name) == "table"


def test_every_type_has_a_word() -> None:
    """All of Atlan's types, in lower camel case, and what nobody knows as well."""
    kinds = {type_name: kind_of(type_name) for type_name in [*supertypes(), "Unheard"]}

    assert len(kinds) == 506
    assert all(kind.isalnum() and kind[0].islower() for kind in kinds.values())
    assert kinds["Unheard"] == "unheard"


def test_types_that_are_named_are_types() -> None:
    """Each once, under one word."""
    named = [type_name for names in NAMES.values() for type_name in names.split()]

    assert set(named) <= supertypes().keys()
    assert len(named) == len(set(named))


def test_a_type_is_what_the_one_above_it_is() -> None:
    """The nearest that has a word counts; what has none of its own and none above is written as OpenMetadata would."""
    assert kind_of("SnowflakeDynamicTable") == "table"
    assert kind_of("Column") == "column"
    assert kind_of("TableauCalculatedField") == "tableauCalculatedField"
