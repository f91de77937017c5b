"""Rows and bytes from a catalog's statistics, which every adapter names in its own way."""

from typing import Any

from muster.importers.dbt.artifacts import Raw

_STATS = {"rowCount": ("row_count", "num_rows", "rows"), "sizeBytes": ("bytes", "num_bytes", "size")}
"""Snowflake's, BigQuery's, and that of Redshift and Spark."""


def sizes(stats: Raw) -> dict[str, int]:
    """Return `rowCount` and `sizeBytes`, as far as they are known."""
    found = {attribute: _first(stats, names) for attribute, names in _STATS.items()}
    return {attribute: count for attribute, count in found.items() if count is not None}


def _first(stats: Raw, names: tuple[str, ...]) -> int | None:
    counts = (_whole((stats.get(name) or {}).get("value")) for name in names)
    return next((count for count in counts if count is not None), None)


def _whole(value: Any) -> int | None:
    try:
        return None if isinstance(value, bool) or value is None else int(float(value))
    except (TypeError, ValueError, OverflowError):
        return None
