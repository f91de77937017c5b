"""Clocks, percentiles and memory, and the report that is made of them."""

import json
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds by the clock, and of all processors; the latter say more where others are at work too."""

    clock: float
    processors: float


class Report:
    """Figures by name, printed as they come and written as JSON at the end."""

    def __init__(self) -> None:
        self.figures: dict[str, Any] = {}

    def add(self, name: str, value: float, unit: str = "") -> None:
        """Take one figure down."""
        self.figures[name] = round(value, 4)
        print(f"  {name:<58}{_said(value):>14} {unit}", flush=True)

    def row(self, name: str, figures: Mapping[str, float]) -> None:
        """Take several figures of one thing down, by what each is in or of."""
        self.figures[name] = {unit: round(value, 4) for unit, value in figures.items()}
        said = "  ".join(f"{_said(value):>10} {unit}" for unit, value in figures.items())
        print(f"  {name:<46}{said}", flush=True)

    def took(self, name: str, taken: Taken) -> None:
        """Take down how long something took."""
        self.add(name, taken.clock, "s")
        self.add(f"{name}, of processors", taken.processors, "s")

    def write(self, path: Path, **beside: Any) -> None:
        """Write all figures, with what they were measured on, and what is told beside that."""
        path.parent.mkdir(parents=True, exist_ok=True)
        told = {"measured_on": machine() | beside, "figures": self.figures}
        path.write_text(json.dumps(told, indent=2) + "\n")


def _said(value: float) -> str:
    """Write a number with as many digits as are read."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.{0 if value >= 100 else 2}f}"


def machine() -> dict[str, Any]:
    """Say what the figures were measured on."""
    packages = ("duckdb", "numpy", "opensearch-py", "pyarrow", "pyroaring", "sqlalchemy")
    return {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


def timed(work: Callable[[], T]) -> tuple[T, Taken]:
    """Return what the work gives, and what it took."""
    clock, processors = time.perf_counter(), time.process_time()
    given = work()
    return given, Taken(time.perf_counter() - clock, time.process_time() - processors)


def spread(times: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 90th percentile, in milliseconds."""
    return 1000 * statistics.median(times), 1000 * statistics.quantiles(times, n=10)[8]


def forget_peak() -> None:
    """Let `peak_memory` count from now on, where the system can: Linux does."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak_memory() -> float:
    """Return the most memory this process has held so far, or since `forget_peak`, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1024


def size_on_disk(folder: Path) -> float:
    """Return the size of all files in a folder, in MB."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
