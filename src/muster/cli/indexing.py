"""Bringing the index along before a verb reads it: with progress, and a word of what it could not take."""

from collections.abc import Sequence

from muster.cli.terminal import err, progress
from muster.protocols import Refusal
from muster.service.project import Projected, project
from muster.service.workspace import Workspace

NAMED = 5


def catch_up(work: Workspace) -> Projected:
    """Carry the record's changes to the index.

    Raises:
        EngineUnavailable: the index belongs to another record, or does not answer.
    """
    with progress("index", work.record.position() - work.engine.position()) as advance:
        done = project(work, advance=advance)
    warn(done.refused)
    return done


def warn(refused: Sequence[Refusal]) -> None:
    """Tell of documents that the index could not take."""
    for one in refused[:NAMED]:
        err.print(f"the index could not take the entity with ordinal {one.ordinal}: {one.reason}")
    if refused:
        err.print(f"{len(refused):,} refused: what the index held of them before stays; `muster doctor` compares")
