"""`muster import …` and `muster export …`: catalogs in and out."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from muster.bootstrap import open_workspace
from muster.catalog.entity import Status
from muster.cli.indexing import catch_up
from muster.cli.options import Data, Force, Json, settings
from muster.cli.terminal import complain, emit, err, out, progress
from muster.errors import EngineUnavailable, Held
from muster.importers.dbt import DbtProject, read_dbt
from muster.importers.ndjson import read_ndjson, write_ndjson
from muster.importers.reading import Reading
from muster.service.ingest import Ingested, ingest
from muster.service.tags import shown, tag_names
from muster.service.workspace import Workspace

importing = typer.Typer(
    help="Bring a catalog in; the same again changes nothing.", no_args_is_help=True, rich_markup_mode="markdown"
)
exporting = typer.Typer(help="Write the catalog out.", no_args_is_help=True, rich_markup_mode="markdown")

File = Annotated[Path, typer.Argument(help="The file, `.gz` as well.")]


@importing.command("dbt")
def import_dbt(
    manifest: Annotated[Path, typer.Argument(help="dbt's manifest.json.")],
    catalog: Annotated[
        Path | None, typer.Option("--catalog", help="dbt's catalog.json: column types, statistics.")
    ] = None,
    results: Annotated[
        Path | None, typer.Option("--results", help="run_results.json of `dbt build`: whether models and tests passed.")
    ] = None,
    connection: Annotated[
        str | None,
        typer.Option("--connection", help="Qualified name of the warehouse connection, if not the made one."),
    ] = None,
    force: Force = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Import a dbt project: warehouse relations and columns, the dbt nodes beside them, lineage between.

    What an earlier import of the project brought and this one does not name is archived; held when that would be more
    than half of it, unless forced.

    Example:

    muster import dbt target/manifest.json --catalog target/catalog.json
    """
    with open_workspace(settings(data)) as work:
        reading = read_dbt(manifest, catalog, results, connection=connection)
        _introduce(reading)
        _import(work, reading, force=force, as_json=as_json)


@importing.command("ndjson")
def import_ndjson(
    file: File,
    scope: Annotated[
        list[str] | None,
        typer.Option("--scope", help="Archive what lies below this qualified name and is not in the file; repeatable."),
    ] = None,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave bad lines out instead of stopping.")] = False,
    force: Force = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Import entities, one JSON object a line.

    Example:

    muster import ndjson catalog.ndjson.gz --scope default/snowflake/1700000000
    """
    with open_workspace(settings(data)) as work:
        reading = read_ndjson(file, scopes=tuple(scope or ()), skip_bad=skip_bad)
        for line in reading.bad:
            err.print(f"left out: {line}")
        if reading.archived:
            err.print(f"left out: {len(reading.archived):,} archived entities")
        _import(work, reading, force=force, as_json=as_json)


@exporting.command("ndjson")
def export_ndjson(
    archived: Annotated[bool, typer.Option("--archived", help="Archived entities as well.")] = False, data: Data = None
) -> None:
    """Write every entity that is in use to standard output, one JSON object a line; `import ndjson` reads it back.

    Example:

    muster export ndjson | gzip > catalog.ndjson.gz
    """
    with open_workspace(settings(data)) as work:
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


def _import(work: Workspace, reading: Reading, *, force: bool, as_json: bool) -> None:
    with progress("import", reading.total) as advance:
        done = ingest(work, reading, scopes=reading.scopes, force=force, advance=advance)
    away = _indexed(work)
    _report(done, as_json=as_json)
    if away:
        complain(away, as_json=as_json)
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
