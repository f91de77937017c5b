"""What `muster import` and `muster export` do."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from muster.catalog.entity import Status
from muster.cli.indexing import catch_up
from muster.cli.opening import workspace
from muster.cli.options import settings
from muster.cli.terminal import complain, emit, err, out, progress
from muster.errors import EngineUnavailable, Held
from muster.importers.dbt import DbtProject, read_dbt
from muster.importers.ndjson import read_ndjson, write_ndjson
from muster.importers.reading import Reading
from muster.service.ingest import Ingested, ingest
from muster.service.tags import shown, tag_names
from muster.service.workspace import Workspace


@dataclass(frozen=True, slots=True)
class How:
    """Where to, whether past a guard, and how to tell."""

    data: Path | None
    force: bool
    as_json: bool


def bring_dbt(files: tuple[Path, Path | None, Path | None], connection: str | None, how: How) -> None:
    """Import a dbt project from its manifest, and its catalog and results where there are any."""
    with workspace(settings(how.data)) as work:
        reading = read_dbt(*files, connection=connection)
        _introduce(reading)
        _import(work, reading, how)


def bring_ndjson(file: Path, scopes: Sequence[str], how: How, *, skip_bad: bool) -> None:
    """Import entities from a file, archiving what is below the scopes and not in it."""
    with workspace(settings(how.data)) as work:
        reading = read_ndjson(file, scopes=tuple(scopes), skip_bad=skip_bad)
        for line in reading.bad:
            err.print(f"left out: {line}")
        if reading.archived:
            err.print(f"left out: {len(reading.archived):,} archived entities")
        _import(work, reading, how)


def take_ndjson(data: Path | None, *, archived: bool) -> None:
    """Write entities to standard output."""
    with workspace(settings(data)) as work:
        entities = (one for batch in work.record.scan() for one in batch if archived or one.status is Status.ACTIVE)
        names = tag_names(work.record)
        for line in write_ndjson(shown(one, names) for one in entities):
            sys.stdout.buffer.write(line)


def _introduce(project: DbtProject) -> None:
    """Say what was read, and where the files do not fit together."""
    nodes = ", ".join(f"{count:,} {kind}" for kind, count in project.resources.items())
    err.print(
        f"{project.name}, dbt {project.dbt_version} (manifest v{project.manifest_version}), {project.adapter}: {nodes}"
    )
    if project.uncatalogued:
        err.print(f"not in the catalog, taken from the manifest alone: {len(project.uncatalogued):,} relations")
    if project.unclaimed:
        err.print(f"in the catalog but not in the manifest, left out: {len(project.unclaimed):,} relations")


def _import(work: Workspace, reading: Reading, how: How) -> None:
    with progress("import", reading.total) as advance:
        done = ingest(work, reading, scopes=reading.scopes, force=how.force, advance=advance)
    away = _indexed(work)
    _report(done, as_json=how.as_json)
    if away:
        complain(away, as_json=how.as_json)
    if done.held:
        raise Held(
            f"nothing was archived: {done.gone:,} entities are no longer named, more than half of what this import owns",
            hint="if that is right, import again with `--force`",
        )


def _indexed(work: Workspace) -> EngineUnavailable | None:
    """Bring the index along; return what kept it away, since what was imported is in the record whatever it does."""
    try:
        catch_up(work)
    except EngineUnavailable as error:
        told = f"{error.message}; what was imported is in the record, and the index catches up"
        return EngineUnavailable(told, hint=error.hint)
    return None


def _report(done: Ingested, *, as_json: bool) -> None:
    archived = 0 if done.held else done.gone
    if as_json:
        counts = {"created": done.created, "updated": done.updated, "unchanged": done.unchanged}
        emit(counts | {"archived": archived, "held": done.held, "gone": done.gone})
        return
    out.print(
        f"{done.seen:,} entities: {done.created:,} created, {done.updated:,} updated, "
        f"{done.unchanged:,} unchanged, {archived:,} archived"
    )
