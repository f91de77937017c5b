"""The composition root: settings in, a wired workspace out. The only place that knows every adapter.

Adapters are loaded when they are wired: each takes as long as everything else, and a process needs one of a kind.
"""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from muster.errors import DataFolderBusy, InvalidInput
from muster.fields import asset_fields
from muster.protocols import Engine, Record
from muster.service.tags import TagNaming
from muster.service.workspace import Workspace
from muster.settings import SERVER_FILE, Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

    from muster.api.app import Opener
    from muster.engines.embedded import EmbeddedEngine
    from muster.engines.opensearch import OpenSearchEngine
    from muster.service.hooks.subscribing import Out

EMBEDDED = "embedded:"

ADDRESS: Final = "engine.json"
"""The file in which a process that serves says how others reach its engine."""

TRIES: Final = 20
BETWEEN: Final = 0.05
"""How often, and every how many seconds, to look for an owner that is coming or going."""


def now() -> int:
    """Return milliseconds since 1970-01-01 UTC."""
    return time.time_ns() // 1_000_000


@contextmanager
def open_workspace(settings: Settings, *, lending: bool = False) -> Iterator[Workspace]:
    """Open record and index, own the data folder meanwhile, and let go of all three at the end.

    Where another process has the folder and lends its index (`lending`), that one is worked with. With an index on a
    server nothing in the folder needs one owner: any number of processes may open it. An index that is damaged opens
    all the same, so that it can be rebuilt; asking it anything says so.

    Raises:
        DataFolderBusy: another process has the folder open, and lends nothing.
        RecordUnavailable: the record cannot be opened.
    """
    folder = _folder(settings.data)
    with ExitStack() as stack:
        engine = stack.enter_context(_engine(settings, folder, lending=lending))
        record = stack.enter_context(opened_record(settings))
        yield Workspace(record, TagNaming(engine, record), now, settings.user, settings.limits())


@contextmanager
def opened_record(settings: Settings) -> Iterator[Record]:
    """Open the record alone, which many may do at once.

    Raises:
        RecordUnavailable: it cannot be opened.
    """
    from muster.record import open_record  # noqa: PLC0415 - see above

    url = settings.record_url or f"sqlite:///{_folder(settings.data) / 'record.db'}"
    with closing(open_record(url, keeping=settings.record_cache * 2**20)) as record:
        yield record


def application(settings: Settings, opener: "Opener | None" = None, *, key: str | None = None) -> "FastAPI":
    """Return the HTTP service over the workspace that the settings name, or over one that `opener` gives.

    Who brings the `key` from this machine is let in as an admin.
    """
    from muster.api.app import create_app  # noqa: PLC0415 - verbs other than `serve` would load it in vain
    from muster.api.atlan.surface import atlan  # noqa: PLC0415 - as above
    from muster.api.openmetadata.surface import openmetadata  # noqa: PLC0415 - as above
    from muster.api.openmetadata.voice import Form  # noqa: PLC0415 - as above
    from muster.api.own.surface import own  # noqa: PLC0415 - as above
    from muster.posting import Poster  # noqa: PLC0415 - as above

    surfaces = (atlan(), own(), *(openmetadata(form, settings.openmetadata_version) for form in Form))
    opener = opener or partial(open_workspace, settings, lending=True)
    return create_app(opener, settings, surfaces, sender=Poster(settings.hooks_timeout), key=key)


@contextmanager
def way_out(settings: Settings) -> Iterator["Out"]:
    """Give what sends to webhooks, and where it may send to; at the end, what is being sent is broken off."""
    out = _out(settings)
    with closing(out.sender):
        yield out


@contextmanager
def telling_webhooks(work: Workspace, settings: Settings) -> Iterator[None]:
    """Tell webhooks what happens until the end of the block, as a process that serves does; at the end, what is being sent is broken off."""
    from muster.api.delivering import delivering  # noqa: PLC0415 - as above

    out = _out(settings)
    with delivering(work, out, settings), closing(out.sender):
        yield


def _out(settings: Settings) -> "Out":
    from muster.posting import Poster  # noqa: PLC0415 - as above
    from muster.service.hooks.addresses import Allowed  # noqa: PLC0415 - as above
    from muster.service.hooks.subscribing import Out  # noqa: PLC0415 - as above

    return Out(Poster(settings.hooks_timeout), Allowed(settings.hooks_allow_private))


def is_shared(settings: Settings) -> bool:
    """Whether the engine is on a server, where any number of processes may use it."""
    return bool(settings.engine_url) and not str(settings.engine_url).startswith(EMBEDDED)


@contextmanager
def _engine(settings: Settings, folder: Path, *, lending: bool) -> Iterator[Engine]:
    """Open the engine that the settings name: a server, or DuckDB in a folder of its own or the data folder."""
    url = settings.engine_url or ""
    if is_shared(settings):
        with closing(_on_server(settings, url)) as engine:
            yield engine
        return
    place = _folder(Path(_named(url))) if url else folder
    with ExitStack() as stack:
        if lent := _owned_or_lent(stack, folder, lending=lending):
            yield stack.enter_context(closing(lent))
            return
        embedded = stack.enter_context(closing(_embedded(settings, place)))
        if lending:
            from muster.engines.remote import hosted  # noqa: PLC0415 - see above

            stack.enter_context(hosted(embedded, folder / ADDRESS))
        yield embedded


def _owned_or_lent(stack: ExitStack, folder: Path, *, lending: bool) -> Engine | None:
    """Own the folder from now on, or return the engine of who does; who lends has to own.

    Raises:
        DataFolderBusy: another process has the folder, and its engine cannot be had.
    """
    for left in reversed(range(TRIES)):
        try:
            stack.enter_context(_owned(folder))
        except DataFolderBusy:
            from muster.engines.remote import connect, read_address  # noqa: PLC0415 - see above

            address = None if lending else read_address(folder / ADDRESS)
            lent = address and connect(address, asset_fields())
            if lent:
                return lent
            if address is None or not left:
                raise
            time.sleep(BETWEEN)
        else:
            return None
    return None


def _named(url: str) -> str:
    """Return the folder that a URL of an embedded engine names."""
    folder = url.removeprefix(EMBEDDED)
    if not folder:
        raise InvalidInput("`embedded:` names no folder", hint="write `MUSTER_ENGINE_URL=embedded:PATH`")
    return folder


def _on_server(settings: Settings, url: str) -> "OpenSearchEngine":
    from muster.engines.opensearch import Index, OpenSearchEngine, open_server  # noqa: PLC0415 - see above
    from muster.engines.opensearch import read_address as read_url  # noqa: PLC0415 - as above
    from muster.fields.template import asset_template  # noqa: PLC0415 - as above

    address = read_url(url)
    server = open_server(address, timeout=settings.engine_timeout, connections=settings.engine_connections)
    index = Index(server, asset_template()["template"], address.alias, shards=settings.engine_shards)
    return OpenSearchEngine(index)


def _embedded(settings: Settings, folder: Path) -> "EmbeddedEngine":
    from muster.engines.embedded import EmbeddedEngine  # noqa: PLC0415 - see above

    path = folder / "index.duckdb"
    return EmbeddedEngine(path, asset_fields(), memory=settings.engine_memory, threads=settings.engine_threads)


def _folder(path: Path) -> Path:
    try:
        str(path).encode()
        path.mkdir(parents=True, exist_ok=True)
    except UnicodeEncodeError as error:
        raise InvalidInput(
            f"the data folder `{str(path)!a}` is not UTF-8", hint="name another with `--data`"
        ) from error
    except OSError as error:
        raise InvalidInput(
            f"the data folder `{path}` cannot be made: {error.strerror}", hint="name another with `--data`"
        ) from error
    return path


@contextmanager
def _owned(folder: Path) -> Iterator[None]:
    """Own the folder: DuckDB lets one process at its file, and two writers would have two indexes."""
    lock, owner = FileLock(folder / "lock"), folder / "owner"
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise DataFolderBusy(
            f"the data folder `{folder}` is in use by {_owner(owner)}",
            hint="wait for it to end, stop it, or work on another folder with `--data`",
        ) from error
    try:
        for left in (ADDRESS, SERVER_FILE):  # of an owner that was killed
            (folder / left).unlink(missing_ok=True)
        owner.write_text(f"process {os.getpid()}")
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


def _owner(path: Path) -> str:
    try:
        return path.read_text() or "another process"
    except OSError:
        return "another process"
