"""The file by which commands find the process that serves a folder."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from muster.cli.neighbour import Neighbour, found, introduced, keep, new_key
from muster.settings import SERVER_FILE, Settings

ONE = Neighbour("http://127.0.0.1:8585", "secret")


def settings(folder: Path, **more: Any) -> Settings:
    """Return the settings of a folder."""
    return Settings(data=folder, **more)


def test_a_service_is_found_while_it_runs(tmp_path: Path) -> None:
    """By its user alone, and by nobody afterwards."""
    with introduced(settings(tmp_path), ONE):
        assert found(settings(tmp_path)) == ONE
        assert stat.S_IMODE((tmp_path / SERVER_FILE).stat().st_mode) == 0o600
    assert found(settings(tmp_path)) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("other", [{"record_url": "sqlite:///x"}, {"engine_url": "embedded:x"}])
def test_who_means_another_record_or_engine_finds_nobody(tmp_path: Path, other: dict[str, str]) -> None:
    """The settings on both sides have to be the same; what is secret in them is not in the file."""
    with introduced(settings(tmp_path, **other), ONE):
        assert found(settings(tmp_path)) is None
        assert found(settings(tmp_path, **other)) == ONE
        assert next(iter(other.values())) not in (tmp_path / SERVER_FILE).read_text()


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}", json.dumps({"url": "x", "key": "y"}), "\0", "ÿ"])
def test_a_file_that_says_nothing_is_passed_over(tmp_path: Path, text: str) -> None:
    """Whatever is in it."""
    (tmp_path / SERVER_FILE).write_text(text, encoding="latin-1")

    assert found(settings(tmp_path)) is None


def test_a_file_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    """All at once, whoever could read that; what an attempt left behind is in nobody's way."""
    file = tmp_path / "folder" / "secret"
    keep(file, "old")
    file.chmod(0o644)
    file.with_name("secret.new").write_text("left")

    keep(file, "new")

    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("new\n", 0o600)
    assert [one.name for one in file.parent.iterdir()] == ["secret"]


def test_keys_are_never_the_same() -> None:
    """And long enough that nobody guesses one."""
    assert len({new_key() for _ in range(100)}) == 100
    assert len(new_key()) >= 43
