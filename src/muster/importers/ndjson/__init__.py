"""Entities as lines of JSON, in and out."""

from muster.importers.ndjson.files import BadLine, NdjsonFile, read_ndjson, write_ndjson
from muster.importers.ndjson.rows import Row, parse, row_of, text

__all__ = ["BadLine", "NdjsonFile", "Row", "parse", "read_ndjson", "row_of", "text", "write_ndjson"]
