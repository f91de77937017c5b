"""A record is for its owner: secrets of webhooks are in it."""

import os
from contextlib import closing
from pathlib import Path

from muster.record import open_record
from tests.integration.record.samples import table


def test_nobody_else_can_read_a_new_file(tmp_path: Path) -> None:
    """Nor the log beside it, however open the files are that this user makes otherwise."""
    before = os.umask(0)
    try:
        with closing(open_record(f"sqlite:///{tmp_path / 'record.db'}")) as record:
            record.write([table("a")], by="ann", at=1)
            modes = {one.name: one.stat().st_mode & 0o777 for one in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes["record.db"] == modes["record.db-wal"] == 0o600


def test_a_file_that_is_there_stays_as_open_as_it_is(tmp_path: Path) -> None:
    """Whoever lets a group read it meant that."""
    url = f"sqlite:///{tmp_path / 'record.db'}"
    with closing(open_record(url)):
        (tmp_path / "record.db").chmod(0o640)
    with closing(open_record(url)):
        assert (tmp_path / "record.db").stat().st_mode & 0o777 == 0o640
