"""`muster import …` and `muster export …`: catalogs in and out."""

from pathlib import Path
from typing import Annotated

import typer

from muster.cli.options import Data, Force, Json

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
    from muster.cli.importing import How, bring_dbt  # noqa: PLC0415 - help needs none of it

    bring_dbt((manifest, catalog, results), connection, How(data, force, as_json))


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
    from muster.cli.importing import How, bring_ndjson  # noqa: PLC0415 - as above

    bring_ndjson(file, scope or (), How(data, force, as_json), skip_bad=skip_bad)


@exporting.command("ndjson")
def export_ndjson(
    archived: Annotated[bool, typer.Option("--archived", help="Archived entities as well.")] = False, data: Data = None
) -> None:
    """Write every entity that is in use to standard output, one JSON object a line; `import ndjson` reads it back.

    Example:

    muster export ndjson | gzip > catalog.ndjson.gz
    """
    from muster.cli.importing import take_ndjson  # noqa: PLC0415 - as above

    take_ndjson(data, archived=archived)
