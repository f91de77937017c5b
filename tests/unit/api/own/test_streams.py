"""Rows as NDJSON, CSV and Parquet say what they say."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.api.own import streams
from muster.api.own.streams import ndjson, parquet
from muster.service.rows import HEADER, Column, Row, columns
from muster.views import sheets
from muster.views.sheets import csv_text

COLUMNS = (Column("guid"), Column("note"), Column("owners", many=True))
ROWS: list[Row] = [
    ("g1", "plain", ["ann", "bob"]),
    ("g2", None, None),
    ("g3", 'a "quoted", \r\n line', []),
    ("g4", {"a": [1, None]}, "ann"),
    ("g5", True, [1, None, "é"]),
    ("g6", -1.5, ["=x"]),
    ("g7", "注文\u2028", ["🦆"]),
]
AS_TEXT = ["plain", None, 'a "quoted", \r\n line', '{"a":[1,null]}', "true", "-1.5", "注文\u2028"]


def batches(rows: list[Row], size: int = 3) -> Iterator[list[Row]]:
    """Cut rows into batches."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def of_csv(told: bytes) -> list[list[str]]:
    """Read CSV as any reader of RFC 4180 does."""
    return list(csv.reader(io.StringIO(told.decode(), newline=""), strict=True))


def test_ndjson_has_an_object_a_line() -> None:
    """With every column, and each value as the record has it."""
    told = b"".join(ndjson(COLUMNS, batches(ROWS)))

    assert [json.loads(line) for line in told.decode().split("\n")[:-1]] == [
        dict(zip(("guid", "note", "owners"), row, strict=True)) for row in ROWS
    ]


def test_csv_has_a_row_each() -> None:
    """After the names; lists and objects are JSON, nothing is an empty cell, lines end as RFC 4180 has it."""
    told = b"".join(csv_text(COLUMNS, batches(ROWS)))

    assert told.startswith(b"guid,note,owners\r\ng1,plain,")
    _, *rows = of_csv(told)
    assert [row[1] for row in rows] == [text or "" for text in AS_TEXT]
    lists = [row[2] for row in rows]
    assert lists == ['["ann","bob"]', "", "[]", "ann", '[1,null,"é"]', '["=x"]', '["🦆"]']


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_csv_texts_run_in_no_spreadsheet(begin: str) -> None:
    """What one would take for a formula has a quotation mark before it, also as the name of a column."""
    text = f"{begin}HYPERLINK(1)"
    told = b"".join(csv_text((Column("guid"), Column(text)), batches([("g1", text)])))

    assert of_csv(told) == [["guid", f"'{text}"], ["g1", f"'{text}"]]


def test_csv_numbers_stay_numbers() -> None:
    """A negative one is no formula."""
    told = b"".join(csv_text((Column("guid"), Column("rows")), batches([("g1", -5)])))

    assert of_csv(told)[1] == ["g1", "-5"]


@given(st.lists(st.tuples(st.text(), st.text(), st.lists(st.text())), max_size=8))
def test_csv_reads_back(rows: list[Row]) -> None:
    """Whatever is in a text, quotation mark before formulas apart."""
    _, *told = of_csv(b"".join(csv_text(COLUMNS, batches(rows))))

    back = [(row[0], row[1], json.loads(row[2])) for row in told]
    guarded = [tuple(f"'{one}" if one.startswith(sheets.FORMULAS) else one for one in row[:2]) for row in rows]
    assert back == [(*texts, row[2]) for texts, row in zip(guarded, rows, strict=True)]


def test_parquet_has_texts_and_lists_of_texts() -> None:
    """What is none is JSON; a single value in a column of lists is a list of one; nothing is null."""
    table = pq.read_table(io.BytesIO(b"".join(parquet(COLUMNS, batches(ROWS)))))

    assert [str(kind) for kind in table.schema.types] == ["string", "string", "list<element: string>"]
    assert table["guid"].to_pylist() == [row[0] for row in ROWS]
    assert table["note"].to_pylist() == AS_TEXT
    owners = [["ann", "bob"], None, [], ["ann"], ["1", None, "é"], ["=x"], ["🦆"]]
    assert table["owners"].to_pylist() == owners


def test_parquet_is_given_away_group_by_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that only one is held: the file is whole with the last part."""
    monkeypatch.setattr(streams, "GROUP", 4)
    rows: list[Row] = [(f"g{number}", None, None) for number in range(10)]
    parts = list(parquet(COLUMNS, batches(rows, size=2)))

    file = pq.ParquetFile(io.BytesIO(b"".join(parts)))
    assert [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)] == [4, 4, 2]
    assert len(parts) == 3
    assert file.read()["guid"].to_pylist() == [row[0] for row in rows]


@pytest.mark.parametrize(
    ("write", "count"),
    [
        (ndjson, lambda told: len(told.splitlines())),
        (csv_text, lambda told: len(of_csv(told)) - 1),
        (parquet, lambda told: pq.read_table(io.BytesIO(told)).num_rows),
    ],
)
def test_nobody_is_a_table_too(write: Callable[..., Iterator[bytes]], count: Callable[[bytes], int]) -> None:
    """Of no rows."""
    assert count(b"".join(write(COLUMNS, iter(())))) == 0


@pytest.mark.parametrize("write", [ndjson, csv_text, parquet])
def test_what_fails_in_the_middle_ends_nothing(
    write: Callable[..., Iterator[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failure comes through, so that whoever sends this breaks off, and no file is finished."""
    monkeypatch.setattr(streams, "GROUP", 1)

    def failing() -> Iterator[list[Row]]:
        yield ROWS[:1]
        raise ZeroDivisionError

    told = list[bytes]()
    with pytest.raises(ZeroDivisionError):
        told.extend(write(COLUMNS, failing()))
    assert not b"".join(told).endswith(b"PAR1") or len(b"".join(told)) == 4


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ((), {}),
        (("certificateStatus", "ownerUsers"), {"certificateStatus": False, "ownerUsers": True}),
        (("guid", "name", "x", "x"), {"x": False}),
        (("__traitNames", "__modifiedBy"), {"__traitNames": True, "__modifiedBy": False}),
    ],
)
def test_columns_know_what_holds_lists(fields: tuple[str, ...], expected: dict[str, Any]) -> None:
    """By the types; each is there once, after the header."""
    found = columns(fields)

    assert [one.name for one in found[: len(HEADER)]] == list(HEADER)
    assert {one.name: one.many for one in found[len(HEADER) :]} == expected
