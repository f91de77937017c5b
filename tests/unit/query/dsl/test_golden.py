"""Texts of real clients, byte for byte."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from muster.query import wire
from muster.query.build import F, Selecting, field, nested, select
from muster.query.dsl import ATTRIBUTES, read_dsl, write_dsl

GOLDEN = Path(__file__).parents[3] / "fixtures" / "golden"
NAMES = {
    "F": F,
    "UTC": UTC,
    "datetime": datetime,
    "field": field,
    "nested": nested,
    "select": select,
    "timedelta": timedelta,
    "timezone": timezone,
}

RECORDED: dict[str, tuple[Selecting, bool | None]] = {
    "tagged-glossaries": (select("AtlasGlossary").active().where(F.tags.has("Marketing")), False),
    "one-guid": (select().where(F.guid == "71e37eaf-f0a9-4029-913b-25e7d45ea732"), False),
    "page-verified-tables-marketing": (
        select("Table").active().where(F.certificate_status == "VERIFIED").where(F.tags.has("Marketing")),
        None,
    ),
    "page-verified-tables-digital-marketing": (
        select("Table").active().where(F.certificate_status == "VERIFIED").where(F.tags.has("Digital Marketing")),
        None,
    ),
}


def client_cases() -> list[dict[str, Any]]:
    """Return what a real client wrote for a query class, with the builder call or the wire clause it was given."""
    return [json.loads(line) for line in (GOLDEN / "client.jsonl").read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_text_is_reproduced(name: str) -> None:
    """The builder writes the recorded text byte for byte."""
    built, flag = RECORDED[name]
    recorded = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert write_dsl(built.node, include_relationship_attributes=flag) == recorded


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_text_is_read(name: str) -> None:
    """The recorded text reads to the clause that the builder makes, and is kept as it came."""
    recorded = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    read = read_dsl(recorded)
    assert (read.text, read.node) == (recorded, RECORDED[name][0].node)


def test_every_recording_has_its_builder_call() -> None:
    """No recorded text is left without a call that reproduces it."""
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(RECORDED)


@pytest.mark.parametrize("case", client_cases(), ids=lambda case: str(case["name"]))
def test_client_text_is_reproduced_and_read(case: dict[str, Any]) -> None:
    """Every query class of the client: the same text comes out, and it reads back to the same clause."""
    node = eval(case["built"], NAMES).node if "built" in case else wire.read(case["query"])  # noqa: S307 - own fixture
    assert write_dsl(node) == case["expected"]
    assert read_dsl(case["expected"]).node == node


def test_attributes_are_those_of_the_clients() -> None:
    """There are 58 names, and the three that clients repeat are repeated."""
    repeated = {name for name in ATTRIBUTES if ATTRIBUTES.count(name) == 2}
    assert (len(ATTRIBUTES), repeated) == (58, {"certificateStatus", "connectorName", "connectionQualifiedName"})
