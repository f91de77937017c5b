"""What the parts of a measurement on a server share: what is measured, what stands beside it, and the report."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from measure import Report
from muster.bootstrap import now
from muster.protocols import Engine
from muster.record import open_record
from muster.service.workspace import Workspace
from server import Asked, engine_at
from subjects import EngineAlone, WholePath
from ways import Raw


@dataclass(frozen=True)
class Plan:
    """What is measured, over how much."""

    assets: int
    products: int
    sample: int
    """Products that one scan each is measured on."""
    rounds: int
    """How often each way of reading is tried, one after the other."""
    seconds: int
    """How long changes come, for the lag of the index."""
    rate: int
    """Changes a second."""


@dataclass(frozen=True)
class Stand:
    """Muster on a server, and the official client on the same one."""

    plan: Plan
    report: Report
    url: str
    folder: Path
    """Where the record is."""
    subject: EngineAlone | WholePath
    asked: Asked
    """What Muster asked the server so far."""
    raw: Raw

    @property
    def engine(self) -> Engine:
        """The engine on the server."""
        return self.subject.engine


@contextmanager
def engine_stand(plan: Plan, report: Report, url: str, folder: Path) -> Iterator[Stand]:
    """Set up the engine alone."""
    engine, asked = engine_at(url)
    with closing(engine), closing(Raw(url)) as raw:
        yield Stand(plan, report, url, folder, EngineAlone(engine), asked, raw)


@contextmanager
def whole_stand(plan: Plan, report: Report, url: str, folder: Path) -> Iterator[Stand]:
    """Set up a record and an engine, as a workspace has them."""
    engine, asked = engine_at(url)
    with ExitStack() as stack:
        stack.enter_context(closing(engine))
        record = stack.enter_context(closing(open_record(f"sqlite:///{folder / 'record.db'}")))
        raw = stack.enter_context(closing(Raw(url)))
        subject = WholePath(Workspace(record, engine, now, "bench"))
        yield Stand(plan, report, url, folder, subject, asked, raw)
