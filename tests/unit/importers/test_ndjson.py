"""Entities as lines of JSON."""

import gzip
import io
import os
import string
import threading
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as some

from muster.catalog.entity import Entity, EntityDraft, Key, Status
from muster.errors import InvalidInput
from muster.importers.ndjson import Row, parse, read_ndjson, row_of, text, write_ndjson

GOOD = b'{"typeName":"Table","qualifiedName":"default/x/1/a"}'
DRAFT = EntityDraft(Key("Table", "default/x/1/a"), {})

words = some.text(some.characters(codec="utf-8"), min_size=1).filter(str.strip)
scalars = (
    some.none()
    | some.booleans()
    | some.integers(-(2**63), 2**64 - 1)
    | some.floats(allow_nan=False, allow_infinity=False)
)
values = some.recursive(
    scalars | some.text(some.characters(codec="utf-8")),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(words, inner, max_size=3),
    max_leaves=8,
)
objects = some.dictionaries(words, values, max_size=4)
keys = some.builds(Key, words, words)
entities = some.builds(
    Entity,
    ordinal=some.integers(0, 9),
    guid=words,
    key=keys,
    status=some.sampled_from((Status.ACTIVE, Status.DELETED)),
    attributes=objects,
    tags=some.lists(words, max_size=3).map(tuple),
    terms=some.lists(words, max_size=3).map(tuple),
    relationships=some.dictionaries(words, some.lists(keys, max_size=2).map(tuple), max_size=3),
    custom=objects,
    version=some.integers(1, 9),
    created_at=some.just(0),
    updated_at=some.just(0),
    created_by=some.just("a"),
    updated_by=some.just("a"),
)


@given(some.lists(entities, max_size=4))
def test_what_is_written_is_read_back(written: list[Entity]) -> None:
    """A file of entities gives the same rows, and rows give the same lines."""
    stream = io.BytesIO(b"".join(write_ndjson(written)))
    rows = list(read_ndjson(stream).rows())
    assert rows == [row_of(entity) for entity in written]
    assert [text(row) for row in rows] == list(write_ndjson(written))


@given(entities)
def test_a_line_has_no_line_feed_inside(entity: Entity) -> None:
    """Whatever the values hold, an entity is one line."""
    assert text(row_of(entity)).count(b"\n") == 1


def test_a_whole_line() -> None:
    """Every key of a line finds its place in the draft."""
    line = {
        "typeName": "Column",
        "qualifiedName": "default/x/1/a/b",
        "guid": "g",
        "status": "DELETED",
        "attributes": {"name": "b", "order": 2},
        "tags": ["pii"],
        "terms": ["t@g"],
        "relationships": {"table": [{"typeName": "Table", "qualifiedName": "default/x/1/a"}]},
        "custom": {"RACI": {"Owner": "ann"}},
    }
    draft = EntityDraft(
        key=Key("Column", "default/x/1/a/b"),
        attributes={"name": "b", "order": 2},
        tags=("pii",),
        terms=("t@g",),
        relationships={"table": (Key("Table", "default/x/1/a"),)},
        custom={"RACI": {"Owner": "ann"}},
        guid="g",
    )
    assert parse(orjson.dumps(line)) == Row(draft, Status.DELETED)
    assert orjson.loads(text(Row(draft, Status.DELETED))) == line


@pytest.mark.parametrize(
    ("line", "pointer", "message"),
    [
        (b"{", "", "not JSON"),
        (b'"text"', "", "must be an object, got `text`"),
        (b"[]", "", "must be an object, got a list"),
        (b"null", "", "must be an object, got nothing"),
        (b'{"name":"a"}', "/name", "`name` is not a key of a line"),
        (b'{"typeName":"Table"}', "/qualifiedName", "`qualifiedName` is missing"),
        (b'{"qualifiedName":"a"}', "/typeName", "`typeName` is missing"),
        (b'{"typeName":null,"qualifiedName":"a"}', "/typeName", "`typeName` is missing"),
        (b'{"typeName":"DataProduct","qualifiedName":"a"}', "/typeName", "a data product needs a selection"),
        (b'{"typeName":5,"qualifiedName":"a"}', "/typeName", "must be text that is not empty, got `5`"),
        (b'{"typeName":" ","qualifiedName":"a"}', "/typeName", "must be text that is not empty, got ` `"),
        (b'{"typeName":"T","qualifiedName":"a","attributes":[]}', "/attributes", "must be an object, got a list"),
        (b'{"typeName":"T","qualifiedName":"a","tags":"pii"}', "/tags", "must be a list, got `pii`"),
        (
            b'{"typeName":"T","qualifiedName":"a","tags":["a",{}]}',
            "/tags/1",
            "must be text that is not empty, got an object",
        ),
        (
            b'{"typeName":"T","qualifiedName":"a","status":"GONE"}',
            "/status",
            "must be `ACTIVE` or `DELETED`, got `GONE`",
        ),
        (b'{"typeName":"T","qualifiedName":"a","status":[]}', "/status", "must be `ACTIVE` or `DELETED`, got a list"),
        (
            b'{"typeName":"T","qualifiedName":"a","relationships":{"a/b":[{"typeName":"T"}]}}',
            "/relationships/a~1b/0/qualifiedName",
            "must be text that is not empty, got nothing",
        ),
        (
            b'{"typeName":"T","qualifiedName":"a","relationships":{"t":{}}}',
            "/relationships/t",
            "must be a list, got an object",
        ),
        (b'{"typeName":"T","qualifiedName":"a","custom":1}', "/custom", "must be an object, got `1`"),
        (b'{"typeName":"\\ud800","qualifiedName":"a"}', "", "not JSON"),
        (b'{"typeName":"T\xff","qualifiedName":"a"}', "", "not JSON"),
    ],
)
def test_bad_lines_are_pointed_at(line: bytes, pointer: str, message: str) -> None:
    """The complaint points into the line."""
    with pytest.raises(InvalidInput) as caught:
        parse(line)
    assert caught.value.path == pointer
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("typename", "did you mean `typeName`?"),
        ("attribute", "did you mean `attributes`?"),
        ("zzz", "the keys of a line are"),
    ],
)
def test_a_wrong_key_has_a_suggestion(key: str, hint: str) -> None:
    """A key that is nearly right is recognised."""
    with pytest.raises(InvalidInput) as caught:
        parse(orjson.dumps({"typeName": "T", "qualifiedName": "a", key: 1}))
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        GOOD + b"\n",
        GOOD + b"\r\n",
        b"\n  \r\n\n" + GOOD + b"\n\n",
        b"\xef\xbb\xbf" + GOOD,
        gzip.compress(GOOD + b"\n", mtime=0),
    ],
)
def test_line_ends_blank_lines_marks_and_gzip_make_no_difference(tmp_path: Path, content: bytes) -> None:
    """The same entity, however the file is written, from a path or a stream."""
    path = tmp_path / "any-name"
    path.write_bytes(content)
    for origin in (path, io.BytesIO(content)):
        reading = read_ndjson(origin)
        assert (reading.total, list(reading), list(reading)) == (1, [DRAFT], [DRAFT])


def test_all_bad_lines_are_told_before_anything_is_read() -> None:
    """Line numbers count blank lines; the hints of the complaints come along."""
    content = b"\n".join([GOOD, b"", b"{", b'{"typeName":"T","qualifiedName":"b","tag":[]}'])
    with pytest.raises(InvalidInput) as caught:
        read_ndjson(io.BytesIO(content))
    first, *lines = caught.value.message.split("\n")
    assert first == "2 lines cannot be used"
    assert lines[0].startswith("line 3: not JSON: ")
    assert lines[1] == "line 4 at /tag: `tag` is not a key of a line (did you mean `tags`?)"
    assert caught.value.hint == "mend them, or leave them out with `--skip-bad`; nothing was written"


def test_of_very_many_bad_lines_the_first_are_told() -> None:
    """Twenty are named, the rest counted."""
    with pytest.raises(InvalidInput) as caught:
        read_ndjson(io.BytesIO(b"[]\n" * 1022))
    lines = caught.value.message.split("\n")
    assert (lines[0], len(lines), lines[-1]) == ("1,022 lines cannot be used", 22, "and 1,002 more")


def test_bad_lines_can_be_skipped() -> None:
    """The good ones are read, and what was left out is told."""
    reading = read_ndjson(io.BytesIO(b"{\n" + GOOD + b"\n[]\n"), skip_bad=True, scopes=("default/x/1",))
    assert list(reading) == [DRAFT]
    assert (reading.total, reading.bad_total, [bad.number for bad in reading.bad]) == (1, 2, [1, 3])
    assert reading.scopes == ("default/x/1",)


def test_archived_entities_are_named_and_not_drafted() -> None:
    """A draft would bring them back to life."""
    gone = b'{"typeName":"Table","qualifiedName":"gone","status":"DELETED"}\n'
    reading = read_ndjson(io.BytesIO(gone + GOOD))
    assert (list(reading), reading.total, reading.archived) == ([DRAFT], 1, (Key("Table", "gone"),))
    assert [row.status for row in reading.rows()] == [Status.DELETED, Status.ACTIVE]


@pytest.mark.parametrize(("extra", "fits"), [(0, True), (1, False), (5000, False)])
@pytest.mark.parametrize("end", [b"", b"\n", b"\n" + GOOD])
def test_lines_have_a_limit(extra: int, fits: bool, end: bytes) -> None:  # noqa: FBT001
    """A line may be as long as the limit, line feed apart; reading goes on after a longer one."""
    long = GOOD[:-1] + b',"guid":"' + b"g" * (200 - len(GOOD) - 10 + extra) + b'"}'
    reading = read_ndjson(io.BytesIO(long + end), skip_bad=True, limit=200)
    assert reading.bad_total == (not fits)
    assert [str(bad) for bad in reading.bad] == ([] if fits else ["line 1: longer than 200 bytes"])
    assert reading.total == fits + end.endswith(GOOD)


def test_what_can_be_read_once_is_kept(tmp_path: Path) -> None:
    """A pipe is checked and read like a file."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(GOOD,))
    writer.start()
    assert list(read_ndjson(pipe)) == [DRAFT]
    writer.join()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read"),
        (gzip.compress(GOOD * 99, mtime=0)[:-12], "the gzip is damaged"),
        (b"\x1f\x8bxx", "the gzip is damaged"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, content: bytes | None, message: str) -> None:
    """A missing file and a damaged one are complaints, not tracebacks."""
    path = tmp_path / "file.ndjson.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidInput, match=message):
        read_ndjson(path)


def test_a_folder_cannot_be_read(tmp_path: Path) -> None:
    """A folder is a complaint that names it."""
    with pytest.raises(InvalidInput, match=f"`{tmp_path}` cannot be read: Is a directory"):
        read_ndjson(tmp_path)


@pytest.mark.parametrize("empty", [b"", b"\n", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_no_entity(empty: bytes) -> None:
    """Nothing in it, nothing wrong with it."""
    reading = read_ndjson(io.BytesIO(empty))
    assert (reading.total, list(reading)) == (0, [])


def test_empty_parts_are_not_written() -> None:
    """A line says only what there is to say."""
    line: dict[str, Any] = orjson.loads(text(Row(DRAFT)))
    assert line == {"typeName": "Table", "qualifiedName": "default/x/1/a", "status": "ACTIVE"}


def test_data_products_are_left_out() -> None:
    """A line cannot hold a selection, so none is written for a product."""
    header = {"ordinal": 1, "guid": "g", "status": Status.ACTIVE, "tags": (), "terms": (), "relationships": {}}
    times = {"version": 1, "created_at": 0, "updated_at": 0, "created_by": "a", "updated_by": "a"}
    both = [
        Entity(key=Key(type_name, "a"), attributes={}, custom={}, **header, **times)
        for type_name in ("DataProduct", "Table")
    ]
    assert [parse(line).draft.key for line in write_ndjson(both)] == [Key("Table", "a")]


def test_printable_text_stays_readable() -> None:
    """Text is written as UTF-8, not as escapes."""
    draft = EntityDraft(Key("Table", "表"), {"name": string.punctuation + "Größe"})
    assert "表".encode() in text(Row(draft))
