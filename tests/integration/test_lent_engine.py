"""An engine that another process has open: the contract of engines holds through the connection, and only friends get one."""

from __future__ import annotations

import json
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pyroaring import BitMap

from muster.bootstrap import ADDRESS, open_workspace
from muster.engines.remote import Address, connect, hosted, read_address
from muster.engines.remote.channel import Channel, Stranger
from muster.engines.remote.values import CLASSES, decode, encode
from muster.errors import DataFolderBusy, EngineUnavailable, UnknownField
from muster.fields import Fields, asset_fields
from muster.protocols import Engine, Page
from muster.query.aggregations import read_aggregations
from muster.query.nodes import MatchAll, Term
from muster.query.sorting import Sort
from muster.settings import Settings
from tests.integration.contract.assets import ASSETS
from tests.integration.contract.test_apply import (
    test_a_batch_may_come_again,
    test_a_batch_of_another_index_is_ignored,
    test_an_empty_index_stands_at_nothing,
    test_an_older_version_never_takes_the_place_of_a_newer_one,
    test_many_documents_are_one_batch,
    test_odd_texts_are_kept,
    test_what_is_taken_out_is_gone_from_every_answer,
)
from tests.integration.contract.test_brought_fields import test_names_that_documents_bring_are_fields_from_then_on
from tests.integration.contract.test_pages import (
    test_a_cursor_of_another_order_is_refused,
    test_a_page_is_in_order_and_within_a_set,
    test_an_order_by_an_unknown_field_is_refused,
)
from tests.integration.contract.test_rebuilding import (
    test_a_rebuilt_index_takes_the_place_of_the_one_before,
    test_an_index_keeps_whose_it_is,
)
from tests.integration.contract.test_values import (
    counting,
    test_a_set_is_counted_alone,
    test_an_empty_index_has_no_values_and_no_digests,
    test_ranges_of_ordinals_are_digested,
)
from tests.integration.places import MAPPINGS, ROOM, InFile, Json, template

CONTRACT = (
    test_a_batch_may_come_again,
    test_a_batch_of_another_index_is_ignored,
    test_an_empty_index_stands_at_nothing,
    test_an_older_version_never_takes_the_place_of_a_newer_one,
    test_many_documents_are_one_batch,
    test_odd_texts_are_kept,
    test_what_is_taken_out_is_gone_from_every_answer,
    test_names_that_documents_bring_are_fields_from_then_on,
    test_a_cursor_of_another_order_is_refused,
    test_a_page_is_in_order_and_within_a_set,
    test_an_order_by_an_unknown_field_is_refused,
    test_a_rebuilt_index_takes_the_place_of_the_one_before,
    test_an_index_keeps_whose_it_is,
    test_a_set_is_counted_alone,
    test_an_empty_index_has_no_values_and_no_digests,
    test_ranges_of_ordinals_are_digested,
)
"""Tests of other files that run here, on a lent engine."""

FIXTURES = (counting,)
"""What they need."""


@dataclass
class Lent:
    """A file of the embedded engine, opened by one and asked by another."""

    path: Path
    name: str = "lent"
    _file: InFile = field(init=False)
    _stack: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        """Take a file."""
        self._file = InFile(self.path / "index")

    def open(self, mappings: Json = MAPPINGS, *, limit: int = ROOM) -> Engine:
        """Close what is open, open the file, lend it, and return an engine that borrows it."""
        self._stack.close()
        self._stack.enter_context(hosted(self._file.open(mappings, limit=limit), self.path / ADDRESS))
        self._mapped = Fields.from_mapping(**template(mappings, limit))
        return self.beside()

    def beside(self) -> Engine:
        """Return another engine that borrows it."""
        address = read_address(self.path / ADDRESS)
        assert address is not None
        engine = connect(address, self._mapped)
        assert engine is not None
        return self._stack.enter_context(closing(engine))

    def close(self) -> None:
        """Let go of everything."""
        self._stack.close()
        self._file.close()


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Lent]:
    """A file that is lent."""
    with closing(Lent(tmp_path)) as made:
        yield made


@pytest.fixture
def engine(there: Lent) -> Engine:
    """A borrowed engine with five assets at position 5."""
    opened = there.open()
    opened.apply(ASSETS, position=5)
    return opened


def test_what_one_writes_the_other_finds(engine: Engine, there: Lent) -> None:
    """All borrow one index."""
    engine.apply([], position=9)
    assert there.beside().position() == 9


def test_errors_come_across_whole(engine: Engine) -> None:
    """As the same class, with path and hint."""
    with pytest.raises(UnknownField, match="`nam` is not a searchable field") as raised:
        engine.search(MatchAll(), Page(1, (Sort("nam"),)), now=0)
    assert raised.value.hint


def test_aggregations_come_across(engine: Engine) -> None:
    """Asked and answered, with what is inside of them."""
    wanted = read_aggregations({"all": {"terms": {"field": "rows"}, "aggs": {"most": {"max": {"field": "rows"}}}}})
    assert decode(json.loads(json.dumps(encode(wanted)))) == wanted
    found = engine.aggregate(Term("rows", 1), wanted, now=0)
    assert found
    assert decode(json.loads(json.dumps(encode(found)))) == found


def test_only_what_engines_speak_of_is_sent() -> None:
    """Nothing else has a form, and nothing else comes out of a message."""
    with pytest.raises(TypeError):
        encode(Path("x"))
    with pytest.raises(KeyError):
        decode({"class": ["Path", "x"]})
    assert decode(encode(BitMap([1, 5]))) == BitMap([1, 5])
    assert "Page" in CLASSES


def test_who_lends_no_more_is_said_to_be_gone(there: Lent, engine: Engine) -> None:
    """Whoever borrowed is told, and can try again."""
    there._stack.pop_all().close()
    with pytest.raises(EngineUnavailable):
        engine.position()
    assert read_address(there.path / ADDRESS) is None


def test_the_address_is_for_its_owner_alone(there: Lent, engine: Engine) -> None:
    """It holds the key; whoever has another is not let in."""
    path = there.path / ADDRESS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    address = read_address(path)
    assert address is not None
    assert connect(Address(address.port, b"x" * 32), engine.fields()) is None


def test_a_silent_stranger_keeps_nobody_waiting(there: Lent, engine: Engine) -> None:
    """It is hung up on after a while, and others are served meanwhile."""
    address = read_address(there.path / ADDRESS)
    assert address is not None
    with socket.create_connection(("127.0.0.1", address.port)) as silent:
        assert there.beside().position() == engine.position() == 5
        silent.settimeout(15)
        while silent.recv(100):
            pass


def test_an_impostor_is_not_told_anything() -> None:
    """Whoever took the port of an address without knowing its key is not asked for anything."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def pose() -> None:
            connected, _ = listener.accept()
            channel = Channel(connected)
            with pytest.raises(Stranger):
                channel.prove(b"guess", first=True)
            channel.close()

        poser = threading.Thread(target=pose)
        poser.start()
        assert connect(Address(listener.getsockname()[1], b"k" * 32), asset_fields()) is None
        poser.join()


def test_the_folder_of_a_lender_can_be_worked_on(tmp_path: Path) -> None:
    """The record directly, the index through who has it; when that is gone, by oneself."""
    settings = Settings(data=tmp_path / "data")
    with open_workspace(settings, lending=True) as owner:
        with open_workspace(settings) as guest:
            guest.engine.apply([], position=3)
            assert guest.record.identity() == owner.record.identity()
        assert owner.engine.position() == 3
        with pytest.raises(DataFolderBusy), open_workspace(settings, lending=True):
            pass
    with open_workspace(settings) as alone:
        assert alone.engine.position() == 3


def test_an_address_left_by_who_was_killed_is_recognised(tmp_path: Path) -> None:
    """Whoever owns the folder next takes it away, and a folder whose owner lends nothing is busy."""
    settings = Settings(data=tmp_path)
    stale = tmp_path / ADDRESS
    with open_workspace(settings):
        stale.write_text(json.dumps({"port": 1, "key": "00"}))
        with pytest.raises(DataFolderBusy), open_workspace(settings):
            pass
    with open_workspace(settings):
        assert not stale.exists()
