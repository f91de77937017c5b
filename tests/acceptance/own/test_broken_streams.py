"""A stream that fails in the middle is seen to have failed."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.acceptance.own.conftest import Shop, opened
from tests.acceptance.serving import Served, served

TABLES = 1_500
LONG = random.Random(1).randbytes(6_000).hex()
"""So much of each that the whole fits into no buffer between service and client, compressed or not."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop of large tables, stored and synced, whose service is stopped."""
    with opened(tmp_path_factory.mktemp("whole"), {}) as shop:
        shop.tables(*(f"large_{number:05d}" for number in range(TABLES)), description=LONG)
        shop.product("name.keyword:large_*", "Large tables").sync()
        assert shop.served.stop() == 0
        yield shop


@pytest.fixture
def large(whole: Shop, tmp_path: Path) -> Iterator[Served]:
    """A copy of it, whose service has begun anew and remembers nothing of them."""
    shutil.copytree(whole.served.data, tmp_path / "data")
    with served(tmp_path / "data", whole.served.settings) as one:
        yield one


@pytest.mark.parametrize(("how", "encoding"), [("ndjson", "identity"), ("csv", "gzip")])
def test_a_record_that_breaks_breaks_the_stream_off(large: Served, how: str, encoding: str) -> None:
    """The connection closes before its end: nobody takes a part for the whole. The service goes on."""
    query = {"format": how, "mode": "stored", "fields": "description"}
    with large.client() as http:
        headers = {"accept-encoding": encoding}
        path = "/api/v1/dataProducts/Large tables/members"
        with http.stream("GET", path, params=query, headers=headers) as answer:
            assert (answer.status_code, answer.headers["x-muster-total"]) == (200, str(TABLES))
            parts = answer.iter_raw(1_000)
            next(parts)
            os.truncate(large.data / "record.db", 0)
            with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
                list(parts)
        assert http.get("/healthz").status_code == 200
