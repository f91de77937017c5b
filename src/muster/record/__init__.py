"""The record: the SQL store of truth, on SQLite or PostgreSQL."""

from muster.record.sql_record import SqlRecord, open_record

__all__ = ["SqlRecord", "open_record"]
