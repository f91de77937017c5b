"""The embedded engine: DuckDB in the data folder."""
