"""Reports over HTTP: as JSON, and as tables."""

import csv
import io
import json

import pyarrow.parquet as pq
import pytest

from muster.catalog.token import Role
from tests.unit.api.own.asking import Asking, Json, fresh

REPORTS = ("overlap", "unchanging", "deadClauses", "freshness", "uncovered")


@pytest.fixture(scope="module")
def told(api: Asking) -> Json:
    """Three products of two tables, two of them equal, and what they are called."""
    scope = fresh("default/reports/")
    api.tables(scope, ["a", "b"], costCentre=scope)
    one, two = (api.product(f'type:Table qualifiedName:"{scope}/*"', domain="Reported") for _ in range(2))
    part = api.product(f'qualifiedName:"{scope}/a" -tag:PII', domain="Reported")
    for _ in range(2):
        for product in (one, two, part):
            api.sync(product)
    return {"scope": scope, "one": one.entity, "two": two.entity, "part": part.entity}


def test_what_overlaps(api: Asking, told: Json) -> None:
    """With the exact numbers; of one product, its pairs alone."""
    found = api.get("/reports/overlap", params={"of": told["part"].guid})["data"]
    (pair, *_) = [one for one in found if {one["one"]["guid"], one["other"]["guid"]} >= {told["one"].guid}]
    assert (pair["common"], sorted((pair["ofOne"], pair["ofOther"])), pair["jaccard"]) == (1, [1, 2], 0.5)
    assert pair["one"]["dottedName"].startswith("Reported.")
    all_ = api.get("/reports/overlap", params={"limit": 1_000}, role=Role.VIEWER)["data"]
    equal = [one for one in all_ if {one["one"]["guid"], one["other"]["guid"]} == {told["one"].guid, told["two"].guid}]
    assert [one["jaccard"] for one in equal] == [1.0]
    first = api.get("/reports/overlap", params={"limit": 1})
    assert (len(first["data"]), first["total"]) == (1, len(all_))


def test_what_never_changes_is_dead_or_old(api: Asking, told: Json) -> None:
    """Each row with its product."""
    mine = {told[name].guid for name in ("one", "two", "part")}

    def rows(report: str, **params: str) -> list[Json]:
        found = api.get(f"/reports/{report}", params=params)["data"]
        return [one for one in found if one["product"]["guid"] in mine]

    assert {(one["product"]["guid"], one["never"], one["runs"]) for one in rows("unchanging")} == {
        (guid, True, 2) for guid in mine
    }
    assert rows("unchanging", **{"for": "1d"}) == []
    dead = [(one["path"], one["because"]) for one in rows("deadClauses") if one["product"]["guid"] == told["part"].guid]
    assert dead == [("/bool/must_not/0", "keeps nobody out")]
    api.ask("PUT", f"/dataProducts/{told['one'].guid}/policy", {"freshness": "1s", "schedule": "manual"})
    api.clock.time += 5_000
    api.sync(api.work.record.product(told["two"].guid))
    (late,) = [one for one in rows("freshness") if one["product"]["guid"] == told["one"].guid]
    assert (late["breached"], late["age"], late["wanted"]) == (True, 5.0, 1.0)
    breached = [one["breached"] for one in api.get("/reports/freshness")["data"]]
    assert breached == sorted(breached, reverse=True)


def test_what_no_product_has(api: Asking, told: Json) -> None:
    """How many, of which types, page by page; among a selection."""
    scope = fresh("default/uncovered/")
    api.tables(scope, ["x", "y", "z"])
    params = {"q": f'qualifiedName:("{scope}/*" OR "{told["scope"]}/*")', "limit": 2, "sort": "name.keyword"}
    first = api.get("/reports/uncovered", params=params)
    assert (first["total"], first["of"], first["byType"]) == (3, 5, {"Table": 3})
    second = api.get("/reports/uncovered", params={**params, "cursor": first["paging"]["next"]})
    assert [one["name"] for page in (first, second) for one in page["data"]] == ["x", "y", "z"]
    text = api.sent("GET", "/reports/uncovered", params={**params, "format": "csv"}).text
    assert [row["name"] for row in csv.DictReader(io.StringIO(text))] == ["x", "y", "z"]
    assert api.get("/reports/uncovered", params={"q": "nonsense:x"}, code=400)["path"].startswith("/query/q")


@pytest.mark.parametrize("report", REPORTS)
def test_reports_are_tables_as_well(api: Asking, told: Json, report: str) -> None:
    """As NDJSON, CSV and Parquet, with as many rows and the same columns in each."""
    assert told
    path = f"/reports/{report}"
    text = api.sent("GET", path, headers={"Accept": "text/csv"})
    assert text.headers["content-type"].startswith("text/csv")
    assert f'filename="{report}.csv"' in text.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(text.text)))
    lines = [json.loads(line) for line in api.sent("GET", path, params={"format": "ndjson"}).text.splitlines()]
    table = pq.read_table(io.BytesIO(api.sent("GET", path, params={"format": "parquet"}).content))
    assert len(rows) == len(lines) == table.num_rows > 0
    assert list(rows[0]) == list(lines[0]) == table.column_names
    if report != "uncovered":
        assert "Reported" in text.text


def test_a_report_of_nothing_has_its_columns(api: Asking, told: Json) -> None:
    """A table that is read by a program has a header in any case."""
    assert told
    text = api.sent("GET", "/reports/unchanging", params={"for": "5000d", "format": "csv"}).text
    assert text.splitlines() == [
        "product.guid,product.name,product.qualifiedName,product.dottedName,members,since,runs,never"
    ]


@pytest.mark.parametrize(
    ("path", "params", "where"),
    [
        ("unchanging", {"for": "long"}, "/query/for"),
        ("overlap", {"limit": 1_001}, "/query/limit"),
        ("freshness", {"format": "xml"}, "/query/format"),
        ("uncovered", {"cursor": "x"}, "/query/cursor"),
        ("uncovered", {"sort": "nothing.there"}, "/query/sort"),
    ],
)
def test_what_cannot_be_reported(api: Asking, path: str, params: Json, where: str) -> None:
    """The error says which word is wrong."""
    assert api.get(f"/reports/{path}", params=params, code=400)["path"] == where


def test_nobody_is_told_without_a_token(api: Asking) -> None:
    """Nor is there any other report."""
    for report in REPORTS:
        assert api.sent("GET", f"/reports/{report}", role=None).status_code == 401
    assert api.sent("GET", "/reports/everything").status_code == 404
    assert api.get("/reports/overlap", params={"of": "nothing"}, code=404)["path"] == "/query/of"
