"""What the embedded engine's file survives, and what it refuses."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from pyroaring import BitMap

from muster.binding.tests import OneOf, Within
from muster.engines.embedded import queries, writing
from muster.engines.embedded.layout import ROOT
from muster.engines.embedded.store import Store
from muster.errors import DataFolderBusy, EngineUnavailable
from muster.indexing import IndexedAsset
from muster.query.algebra import AllOf, Atom
from tests.integration.embedded import ask, asset

KILLS = 6
WRITER = """
import sys
from tests.integration import test_embedded_store as story
store = story.opened(sys.argv[1])
store._connection.execute("SET wal_autocheckpoint = '50KB'")
while True:
    story.tell(store)
    print(store.state.position, flush=True)
"""


def opened(path: Path | str) -> Store:
    """Open the file of a test."""
    return Store(path, "fields", memory="200MB", threads=1)


def batch(position: int) -> dict[int, IndexedAsset | None]:
    """Return the batch of a position: new and known assets, deletes, new columns, wider ones, nested objects."""
    values = {"n": (position, position + 1) if position % 5 == 0 else (position,), f"f{position % 30}": ("x",)}
    told: dict[int, IndexedAsset | None] = {
        position: asset(values, o=[{"o.x": (position,)}] * (position % 3)),
        position // 2: asset({"n": (position,)}),
        1000 + position % 7: asset({"long": ("y" * 500,)}),
    }
    return told | ({position - 9: None} if position > 9 else {})


def tell(store: Store) -> None:
    """Write the next batch."""
    writing.write(store, batch(store.state.position + 1), store.state.position + 1)


def expected(position: int) -> dict[int, IndexedAsset]:
    """Return what the batches up to a position leave."""
    held: dict[int, IndexedAsset] = {}
    for number in range(1, position + 1):
        for ordinal, found in batch(number).items():
            held.pop(ordinal, None)
            if found is not None:
                held[ordinal] = found
    return held


def check(store: Store) -> None:
    """Hold every value of a store to what the batches up to its position leave."""
    held = expected(store.state.position)
    assert list(store.state.universe) == sorted(held)
    numbers = {number for found in held.values() for number in found.values.get("n", ())}  # type: ignore[union-attr]
    for number in numbers:
        having = [ordinal for ordinal, found in held.items() if number in found.values.get("n", ())]  # type: ignore[operator]
        assert ask(store, [Atom(OneOf("n", frozenset({number})))]) == [sorted(having)]
    nested = sorted(ordinal for ordinal, found in held.items() if found.nested.get("o"))
    assert ask(store, [Atom(Within("o", AllOf(())))]) == [nested]


def test_a_killed_writer_leaves_some_committed_state(tmp_path: Path) -> None:
    """Killed anywhere, also between a column's change and the next checkpoint, the file opens at a whole batch."""
    path, luck, last = tmp_path / "index.duckdb", random.Random(5), 0
    for _ in range(KILLS):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(luck.uniform(0, 0.4))
            writer.kill()
            told = [int(line) for line in writer.stdout.read().splitlines()]
        store = opened(path)
        assert store.state.position >= max([last, *told])
        last = store.state.position
        check(store)
        store.close()


def test_what_is_closed_is_there_when_opened(tmp_path: Path) -> None:
    """Layout, rows and position come back as they were."""
    store = opened(tmp_path / "index")
    for _ in range(12):
        tell(store)
    before = store.state
    store.close()
    store = opened(tmp_path / "index")
    assert store.state == before
    check(store)
    store.close()


def test_an_older_position_changes_nothing(tmp_path: Path) -> None:
    """A batch that comes late is ignored; one at the same position is written, as when documents are mended."""
    store = opened(tmp_path / "index")
    writing.write(store, {1: asset({"n": (1,)})}, 5)
    writing.write(store, {1: None, 2: asset({"n": (2,)})}, 4)
    assert (store.state.position, store.state.universe) == (5, BitMap([1]))
    writing.write(store, {3: asset({"n": (3,)})}, 5)
    assert (store.state.position, store.state.universe) == (5, BitMap([1, 3]))
    store.close()


def test_a_batch_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """Rows and columns written before the failure are gone with it, and the next batch goes through."""
    store = opened(tmp_path / "index")
    writing.write(store, {1: asset({"n": (1,)})}, 1)
    with pytest.raises(OverflowError):
        writing.write(store, {1: None, 2: asset({"m": ("x",), "n": (2**70,)})}, 2)
    assert (store.state.position, store.state.universe, list(store.state.layout.columns)) == (1, BitMap([1]), ["n"])
    writing.write(store, {2: asset({"m": ("x",)})}, 2)
    assert ask(store, [Atom(OneOf("n", frozenset({1}))), Atom(OneOf("m", frozenset("x")))]) == [[1], [2]]
    store.close()


def test_clearing_leaves_an_empty_index(tmp_path: Path) -> None:
    """Rows, columns and position are gone, for good, and what comes next starts anew."""
    path = tmp_path / "index"
    store = opened(path)
    tell(store)
    writing.clear(store)
    store.close()
    store = opened(path)
    assert (store.state.position, list(store.state.layout.tables), dict(store.state.layout.columns)) == (0, [ROOT], {})
    tell(store)
    check(store)
    store.close()


def whole(path: Path) -> bytes:
    """Return the bytes of a sound index."""
    store = opened(path)
    tell(store)
    store.close()
    return path.read_bytes()


@pytest.mark.parametrize("damage", ["garbage", "empty", "cut", "flipped"])
def test_a_damaged_file_is_refused_with_what_to_do(tmp_path: Path, damage: str) -> None:
    """Whatever is wrong with the file, the error says how to get an index again; discarding it does."""
    path = tmp_path / "index"
    sound = whole(path)
    middle = len(sound) // 2
    flipped = bytes(byte ^ 0xFF for byte in sound[12_288:])
    contents = {"garbage": b"x" * 5000, "empty": b"", "cut": sound[:middle], "flipped": sound[:12_288] + flipped}
    path.write_bytes(contents[damage])
    check_unusable(path, "cannot be used")


def check_unusable(path: Path, message: str) -> None:
    """Hold a store to refusing everything but being cleared, after which it works again."""
    store = opened(path)
    for ask_it in (lambda: store.state, lambda: tell(store), lambda: store.view().__enter__()):
        with pytest.raises(EngineUnavailable, match=message) as caught:
            ask_it()
        assert caught.value.hint == "rebuild it with `muster reindex`"
    writing.clear(store)
    assert store.state.position == 0
    tell(store)
    check(store)
    store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE other (i INTEGER)",
        "CREATE TABLE index_state AS SELECT 99 AS format, 'fields' AS fields, 1 AS position",
        "CREATE TABLE index_state AS SELECT 1 AS format, 'others' AS fields, 1 AS position",
        "CREATE TABLE index_state (format INTEGER, fields VARCHAR, position BIGINT)",
    ],
)
def test_a_file_of_another_version_is_refused(tmp_path: Path, statement: str) -> None:
    """A database that is none of ours, of another format, or indexed by other fields is not searched."""
    path = tmp_path / "index"
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement)
    check_unusable(path, "is not an index of this version")


def test_a_file_has_one_owner(tmp_path: Path) -> None:
    """A second process, and a second engine in this one, hear that the file is open."""
    path = tmp_path / "index"
    store = opened(path)
    with pytest.raises(DataFolderBusy):
        opened(path)
    other = f"from tests.integration.test_embedded_store import opened; opened({str(path)!r})"
    answer = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=False)
    assert "DataFolderBusy" in answer.stderr
    store.close()


def readings(store: Store, stop: threading.Event) -> Iterator[str]:
    """Yield what is wrong with each view, read over and over: its parts must be of one position."""
    while not stop.is_set():
        with store.view() as view:
            state = view.state
            rows = view.rows("SELECT position FROM index_state")
            counted = queries.count(view, AllOf(()))
            posted = queries.postings(view, [Atom(OneOf("n", frozenset({state.position}))), AllOf(())])
        if rows != [(state.position,)] or counted != len(state.universe) or posted[1] != state.universe:
            yield f"at {state.position}: {rows}, {counted} counted, {len(state.universe)} known"


def test_readers_see_whole_batches_while_a_writer_goes_on(tmp_path: Path) -> None:
    """A view is of one position through and through, columns and tables coming and widening meanwhile."""
    store, stop, wrong = opened(tmp_path / "index"), threading.Event(), []
    tell(store)

    def read() -> None:
        try:
            wrong.extend(readings(store, stop))
        except BaseException as error:  # noqa: BLE001 - whatever it was, the test shall say it
            wrong.append(repr(error))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(60):
        tell(store)
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    check(store)
    store.close()


def test_a_signal_during_a_query_interrupts(tmp_path: Path) -> None:
    """Ctrl-C while DuckDB works is an interruption like any other, and the store goes on afterwards."""
    store = opened(tmp_path / "index.duckdb")
    threading.Timer(0.3, signal.raise_signal, [signal.SIGINT]).start()
    with pytest.raises(KeyboardInterrupt), store.view() as view:
        view.rows("SELECT count(*) FROM range(100_000_000_000) WHERE range % 7 = 3")
    with store.view() as view:
        assert view.rows("SELECT 1") == [(1,)]
    store.close()


def test_a_batch_of_many_new_fields_keeps_what_was_there(tmp_path: Path) -> None:
    """A thousand fields at once, on assets and on nested objects, are added in bounded memory; readers see one state."""
    path = tmp_path / "index.duckdb"
    store = opened(path)
    writing.write(store, {1: asset({"k": ("a",)}, o=[{"o.x": ("p",)}])}, 1)
    fields = {f"f{number}": (str(number),) for number in range(1000)}
    inner = {f"o.f{number}": (number,) for number in range(1000)}
    with store.view() as before:
        writing.write(store, {2: asset({"k": ("a", "b"), **fields}, o=[{"o.x": ("p",), **inner}])}, 2)
        assert queries.members(before, Atom(OneOf("k", frozenset("a")))) == BitMap([1])
    formulas = [
        Atom(OneOf("k", frozenset("a"))),
        Atom(OneOf("f999", frozenset({"999"}))),
        Atom(Within("o", Atom(OneOf("o.x", frozenset("p"))))),
        Atom(Within("o", Atom(OneOf("o.f7", frozenset({7}))))),
    ]
    assert ask(store, formulas) == [[1, 2], [2], [1, 2], [2]]
    store.close()
    store = opened(path)
    assert ask(store, formulas) == [[1, 2], [2], [1, 2], [2]]
    store.close()
