"""The embedded engine: DuckDB in the data folder."""

from muster.engines.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
