"""Versions as numbers and entity tags, and what `fields` asks for."""

from __future__ import annotations

import pytest

from muster.api.openmetadata.answering import parsed_version, read_fields, tag_of, wanted_version
from muster.api.openmetadata.rendering import FIELDS, version_of
from muster.errors import InvalidInput
from muster.service.domains import DOMAIN, PRODUCT

NUMBERS = [(1, 0.1), (2, 0.2), (3, 0.3), (9, 0.9), (10, 1.0), (11, 1.1), (100, 10.0), (12_345, 1234.5)]


@pytest.mark.parametrize(("version", "number"), NUMBERS)
def test_versions_count_by_tenths(version: int, number: float) -> None:
    """From 0.1, without noise, and 1.0 after 0.9 (contract, section 6.4)."""
    assert version_of(version) == number
    assert parsed_version(str(number)) == version


PARSED = [("1", 10), ("0.10", 1), ("00.1", 1), ("0.", 0), ("0", 0), ("2.5", 25)]


@pytest.mark.parametrize(("text", "version"), PARSED)
def test_numbers_may_be_written_otherwise(text: str, version: int) -> None:
    """As long as they are tenths."""
    assert parsed_version(text) == version


@pytest.mark.parametrize(
    "text", ["", ".", "x", "0.25", "-1", "+1", "1e1", "0.1.1", " 1", "²", "٣", "9" * 5000, "0." + "1" * 9]
)
def test_what_is_no_version(text: str) -> None:
    """None; nothing of it is an error by itself."""
    assert parsed_version(text) is None


MATCHES = [
    (None, None),
    ("*", None),
    (" * ", None),
    ('W/"0.3"', 3),
    ('"0.3"', 3),
    ("0.3", 3),
    ("", 0),
    ('"abc"', 0),
    ('W/"0.1", W/"0.2"', 0),
    ('"0.25"', 0),
]


@pytest.mark.parametrize(("header", "version"), MATCHES)
def test_if_match(header: str | None, version: int | None) -> None:
    """The tag of an answer, weak or strong; a star and nothing ask for no version, what is no tag for one that never was."""
    assert wanted_version(header) == version


def test_the_tag_of_an_answer_asks_for_its_version() -> None:
    """It is weak: answers of one version tell more or less."""
    assert tag_of(3) == 'W/"0.3"'
    assert [wanted_version(tag_of(version)) for version in range(1, 200)] == list(range(1, 200))


SAID = [
    (None, set()),
    ("", set()),
    (" , ", set()),
    ("tags", {"tags"}),
    (" tags ,owners,tags", {"tags", "owners"}),
    ("*", FIELDS[PRODUCT]),
    ("tags,*", FIELDS[PRODUCT]),
]


@pytest.mark.parametrize(("said", "fields"), SAID)
def test_fields(said: str | None, fields: set[str]) -> None:
    """A list with commas, or a star for all."""
    assert read_fields(said, PRODUCT) == fields


@pytest.mark.parametrize(
    ("said", "type_name"), [("nope", PRODUCT), ("tags,domains", DOMAIN), ("children", PRODUCT), ("Tags", PRODUCT)]
)
def test_a_field_that_is_none(said: str, type_name: str) -> None:
    """It is named, in the words of OpenMetadata's server, and the hint lists the others."""
    with pytest.raises(InvalidInput, match=f"Invalid field name {said.rsplit(',', maxsplit=1)[-1]}") as refused:
        read_fields(said, type_name)
    assert refused.value.path == "/query/fields"
    assert all(name in str(refused.value.hint) for name in FIELDS[type_name])
