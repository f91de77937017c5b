"""Scenario files are read strictly, and the suite keeps its promises about itself."""

from __future__ import annotations

import collections
import datetime as dt

import pytest
import yaml

from tests.conformance import agreement, loading, moments

_WHOLE = "{number: 1, name: n, why: w, selection: {}, expect: [a]}"


def _file(entry: str = _WHOLE, head: str = "corpus: {a: {type: x}}") -> str:
    return f"family: f\n{head}\nscenarios:\n  - {entry}\n"


def test_a_whole_scenario_is_read() -> None:
    """A scenario takes the assets of its file and carries its family."""
    (scenario,) = loading.parse(_file(), "f.yaml")
    assert (scenario.family, scenario.assets, scenario.expect) == ("f", {"a": {"type": "x"}}, frozenset({"a"}))


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (_WHOLE.replace("name:", "title: t, name:"), "unknown keys"),
        (_WHOLE.replace("why: w, ", ""), "missing"),
        (_WHOLE.replace("why: w", "why: ''"), "missing"),
        (_WHOLE.replace(", expect: [a]", ""), "either `expect`"),
        (_WHOLE.replace("expect: [a]", "expect: [a], refused: r, status: 400"), "either `expect`"),
        (_WHOLE.replace("expect: [a]", "refused: r"), "either `expect`"),
        (_WHOLE.replace("expect: [a]", "refused: r, status: 404"), "either `expect`"),
        (_WHOLE.replace("[a]", "[b]"), "no assets"),
        (_WHOLE.replace("expect", "assets: {a: {typo: 1}}, expect"), "not mapped"),
        (_WHOLE.replace("expect", "unsupported: {duckdb: r}, expect"), "a text"),
        (_WHOLE.replace("selection: {}", "selection: {x: 1, x: 2}"), "repeated keys"),
        (_WHOLE.replace("expect", "elasticsearch: {expect: [], why: w, reason: r}, expect"), "unknown keys"),
        (_WHOLE.replace("expect", "elasticsearch: {expect: []}, expect"), "missing"),
        (_WHOLE.replace("expect", "elasticsearch: {why: w}, expect"), "either `expect`"),
        (_WHOLE.replace("expect", "elasticsearch: {expect: [b], why: w}, expect"), "no assets"),
        (_WHOLE.replace("expect", "elasticsearch: {expect: [a], why: w}, expect"), "no difference"),
        (_WHOLE.replace("expect", "elasticsearch: {expect: [], why: w, before: nine}, expect"), "whole numbers"),
    ],
)
def test_what_is_not_a_scenario_is_refused(entry: str, complaint: str) -> None:
    """Unknown keys, missing sentences and missing or double expectations are errors."""
    with pytest.raises(loading.BadScenario, match=complaint):
        loading.parse(_file(entry), "f.yaml")


@pytest.mark.parametrize(
    ("versions", "differing"), [("", {8, 9}), (", since: 9", {9}), (", before: 9", {8}), (", since: 8, before: 9", {8})]
)
def test_a_difference_is_of_versions(versions: str, differing: set[int]) -> None:
    """What Elasticsearch answers otherwise holds for the versions named, and for no other judge."""
    entry = _WHOLE.replace("expect", f"elasticsearch: {{expect: [], why: w{versions}}}, expect")
    (scenario,) = loading.parse(_file(entry), "f.yaml")
    answering = {major for major in (8, 9) if agreement.agrees(scenario, frozenset(), "elasticsearch", major)}
    assert (answering, agreement.agrees(scenario, frozenset(), "opensearch", 3)) == (differing, False)


@pytest.mark.parametrize("head", ["{}", "corpora: {a: {}}"])
def test_a_file_without_its_parts_is_refused(head: str) -> None:
    """A file holds a family, scenarios and perhaps a corpus, and a scenario has assets."""
    with pytest.raises((loading.BadScenario, yaml.YAMLError)):
        loading.parse(_file(head=head), "f.yaml")


def test_plain_words_are_texts() -> None:
    """Dates and yes are texts, as they would be in JSON; numbers, booleans and null are themselves."""
    entry = _WHOLE.replace("selection: {}", "selection: {a: 2024-01-01, b: yes, c: 012, d: 1.50, e: null, f: true}")
    (scenario,) = loading.parse(_file(entry), "f.yaml")
    assert scenario.selection == {"a": "2024-01-01", "b": "yes", "c": "012", "d": 1.5, "e": None, "f": True}


def test_numbers_are_unique_and_the_first_twenty_are_of_bool() -> None:
    """Numbers name scenarios across files, and 1 to 20 are the traps of bool."""
    numbered = collections.Counter(scenario.number for scenario in loading.scenarios())
    families = {scenario.family for scenario in loading.scenarios() if scenario.number <= 20}
    assert (max(numbered.values()), families) == (1, {"bool"})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{now}}", "2024-03-05T10:20:30.000Z"),
        ("{{now-3d}}", "2024-03-02T10:20:30.000Z"),
        ("{{now/d-1s}}", "2024-03-04T23:59:59.000Z"),
        ("{{now+2h:millis}}", 1709641230000),
        ("{{now-1d:day}}", "2024-03-04"),
        ("no placeholder", "no placeholder"),
    ],
)
def test_placeholders_follow_the_clock(text: str, value: object) -> None:
    """Dates relative to the run are filled in, wherever they stand in an asset."""
    now = dt.datetime(2024, 3, 5, 10, 20, 30, tzinfo=dt.UTC)
    assert moments.fill({"x": [text]}, now) == {"x": [value]}


def test_a_malformed_placeholder_is_an_error() -> None:
    """A placeholder with a typing error does not become a text."""
    with pytest.raises(ValueError, match="not a placeholder"):
        moments.fill("{{now-3x}}", dt.datetime.now(dt.UTC))
