"""Files of lines: all checked before the first is handed over."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from muster.catalog.entity import Entity, EntityDraft, Key, Status
from muster.errors import InvalidInput, LimitExceeded
from muster.importers.ndjson.lines import LINE_BYTES, Line, Source, source
from muster.importers.ndjson.rows import PRODUCT, Row, parse, row_of, text

REPORTED = 20
"""How many bad lines are kept and told; the rest are counted."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be used; `error.path` points into it."""

    number: int
    error: InvalidInput

    def __str__(self) -> str:
        where = f"line {self.number} at {self.error.path}" if self.error.path else f"line {self.number}"
        hint = f" ({self.error.hint})" if self.error.hint else ""
        return f"{where}: {self.error.message}{hint}"


@dataclass(frozen=True, slots=True)
class NdjsonFile:
    """A checked file; iterating reads it again and gives the drafts of its good lines in use, in order.

    `total` counts those. `archived` are the keys of lines with status DELETED, which give no draft. `bad` are the first
    bad lines of `bad_total`, none unless they are skipped.
    """

    total: int
    archived: tuple[Key, ...]
    bad: tuple[BadLine, ...]
    bad_total: int
    scopes: tuple[str, ...]
    source: Source
    limit: int

    def rows(self) -> Iterator[Row]:
        """Yield what the good lines say, in order, whatever their status."""
        for line in self.source.lines(self.limit):
            row = _read(line, self.limit)
            if isinstance(row, Row):
                yield row

    def __iter__(self) -> Iterator[EntityDraft]:
        return (row.draft for row in self.rows() if row.status is Status.ACTIVE)


def read_ndjson(
    origin: Path | IO[bytes], *, scopes: tuple[str, ...] = (), skip_bad: bool = False, limit: int = LINE_BYTES
) -> NdjsonFile:
    """Check a file, plain or gzip, and make it ready to be read; a line may have `limit` bytes.

    Raises:
        InvalidInput: the file cannot be read; or lines of it cannot be used and are not to be skipped: the message
            names the first of them, `path` points into the first.
    """
    lines = source(origin)
    total, archived, bad, bad_total = 0, list[Key](), list[BadLine](), 0
    for line in lines.lines(limit):
        match _read(line, limit):
            case BadLine() as found:
                bad_total += 1
                bad.extend([found] if bad_total <= REPORTED else [])
            case Row(draft, Status.DELETED):
                archived.append(draft.key)
            case Row():
                total += 1
    if bad and not skip_bad:
        raise _refused(bad, bad_total)
    return NdjsonFile(total, tuple(archived), tuple(bad), bad_total, scopes, lines, limit)


def write_ndjson(entities: Iterable[Entity]) -> Iterator[bytes]:
    """Yield the line of each entity but data products, which no line can hold."""
    return (text(row_of(entity)) for entity in entities if entity.key.type_name != PRODUCT)


def _read(line: Line, limit: int) -> Row | BadLine:
    if line.text is None:
        return BadLine(line.number, LimitExceeded(f"longer than {limit:,} bytes"))
    try:
        return parse(line.text)
    except InvalidInput as error:
        return BadLine(line.number, error)


def _refused(bad: list[BadLine], total: int) -> InvalidInput:
    lines = [str(line) for line in bad]
    if total > len(bad):
        lines.append(f"and {total - len(bad):,} more")
    many = f"{total:,} lines cannot be used" if total > 1 else "one line cannot be used"
    hint = "mend them, or leave them out with `--skip-bad`; nothing was written"
    return InvalidInput("\n".join([many, *lines]), path=bad[0].error.path or None, hint=hint)
