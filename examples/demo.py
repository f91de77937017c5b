"""The main job from end to end: import a dbt project, define products, change the catalog, see who moved and why.

usage: python examples/demo.py --manifest MANIFEST [--catalog CATALOG]
"""

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from muster.query.english import english
from muster.query.faces import Face
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from muster.bootstrap import open_workspace
from muster.catalog.entity import Entity, EntityDraft
from muster.catalog.product import Product
from muster.cli import show
from muster.cli.terminal import complain, progress
from muster.errors import MusterError
from muster.importers.dbt import read_dbt
from muster.protocols import Page
from muster.query.build import F, select
from muster.query.nodes import Bool, Terms
from muster.query.wire import parse
from muster.service import define, resolve
from muster.service.explain import explain
from muster.service.history import moved
from muster.service.ingest import ingest
from muster.service.project import project
from muster.service.resolve import Live, PageRequest
from muster.service.sync import Synced, sync
from muster.service.workspace import Workspace
from muster.settings import Settings

HERE = Path(__file__).parent
OURS = HERE / "shop" / "artifacts" / "manifest.json"
CHANGED = OURS.with_name("changed-manifest.json"), OURS.with_name("changed-catalog.json")
FOLDER = Path(".demo")
console = Console(highlight=False, soft_wrap=True)


def main() -> None:
    """Run every step on a fresh folder."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--manifest", type=Path, required=True)
    options.add_argument("--catalog", type=Path)
    chosen = options.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)
    began = time.monotonic()
    with open_workspace(Settings(data=FOLDER)) as work:
        tell(work, chosen.manifest, chosen.catalog)
    console.print(f"\nThat took {time.monotonic() - began:.1f} s. Look around: muster product list --data {FOLDER}")


def tell(work: Workspace, manifest: Path, catalog: Path | None) -> None:
    """Tell the story."""
    chapter("A real catalog in", f"muster import dbt {manifest}")
    bring_in(work, manifest, catalog)
    chapter("Three products, each defined by a query", "builder, shorthand, and Atlan's own string")
    products = define_products(work)
    chapter("Membership, stored", "muster sync")
    report(work, list(sync(work)))
    chapter("The catalog moves", "people tag, rename and drop things")
    edit = change_with_dbt if manifest.resolve() == OURS.resolve() else change_by_hand
    edit(work)
    chapter("Membership follows, and says why", "muster sync; muster product history NAME --run N")
    report(work, list(sync(work)))
    chapter("Why is this one in, and that one out?", "muster product explain NAME ASSET")
    explain_two(work, products[0])


def chapter(title: str, what: str) -> None:
    """Head a step."""
    console.print()
    console.print(Rule(Text(title, style="bold"), align="left"))
    console.print(Text(what, style="dim"))


def bring_in(work: Workspace, manifest: Path, catalog: Path | None) -> None:
    """Import a dbt project and count what came of it."""
    reading = read_dbt(manifest, catalog)
    began = time.monotonic()
    with progress("import", reading.total) as advance:
        done = ingest(work, reading, scopes=reading.scopes, advance=advance)
    project(work)
    console.print(
        f"{done.seen:,} entities in {time.monotonic() - began:.1f} s: "
        f"{done.created:,} new, {done.updated:,} updated, {done.gone:,} archived"
    )
    show.counts(resolve.tally(work, work.engine.universe(), limit=12))


def define_products(work: Workspace) -> list[Product]:
    """Define one product by each of three faces, over what this catalog has most of."""
    tag = common(work, "__traitNames") or "none"
    schema = common(work, "schemaName.keyword") or "main"
    built = select("Table", "View").active().where(F.schema_name == schema).where_not(F.tags.has("pii"))
    string = select().active().where(F.tags.has(tag)).dsl()
    return [
        defined(work, f"Relations of {schema}", built.dsl(), Face.DSL, 'select("Table", "View").active()…'),
        defined(work, "Identifiers", 'type:Column name:("*_id" OR "id")', Face.SHORTHAND),
        defined(work, f"Tagged {tag}", string, Face.DSL),
    ]


def common(work: Workspace, field: str) -> str | None:
    """Return the most frequent value of a field."""
    found = work.engine.terms(field, limit=1)
    return str(found[0][0]) if found else None


def defined(work: Workspace, name: str, text: str, face: Face, written: str | None = None) -> Product:
    """Define a product and show its selection and members."""
    product = define.create(work, name, define.Written(text, face), define.Details(), domain_name="Demo").product
    project(work)
    page = resolve.members_page(work, name, Live(), PageRequest(4))
    console.print()
    console.print(Text.assemble((name, "bold cyan"), f"  {page.total:,} members"))
    console.print(f"  written  {written or text}", overflow="ellipsis", no_wrap=True)
    console.print(f"  English  {english(parse(product.selection.wire))}")
    console.print(Text(f"  string   {product.entity.attributes['dataProductAssetsDSL']}", style="dim"))
    for one in page.members:
        console.print(Text(f"    {one.key.type_name:<12} {one.key.qualified_name}"))
    if page.next:
        console.print(Text(f"    … and {page.total - len(page.members):,} more", style="dim"))
    return product


def report(work: Workspace, done: Sequence[Synced]) -> None:
    """Show each run and, after the first, the assets that moved in it and why."""
    for one in done:
        run = one.run
        name = (one.product.entity.name, "bold cyan")
        counts = f"  {run.outcome.value}: {run.total:,} members, +{run.joined:,} -{run.left:,}"
        console.print(Text.assemble(name, counts))
        if run.generation != 1 or one.held:
            show.moved(moved(work, one.product.entity.guid, run.number, limit=6))


def change_with_dbt(work: Workspace) -> None:
    """Import the same project as dbt wrote it after an edit."""
    console.print("the project was edited and built again: tags and owners changed, models came and went")
    bring_in(work, *CHANGED)


def change_by_hand(work: Workspace) -> None:
    """Tag, untag and archive a few relations, as people do in a catalog."""
    page = resolve.members_page(work, list_products(work)[-1], Live(), PageRequest(3))
    untagged = [replace(one.draft(), tags=()) for one in page.members]
    relations = resolve.members_page(work, list_products(work)[0], Live(), PageRequest(3)).members
    work.record.write([*untagged, *(_tagged(one) for one in relations[:2])], by="demo", at=work.clock())
    work.record.archive([one.ordinal for one in relations[2:]], by="demo", at=work.clock())
    project(work)
    for verb, those in (("untagged", page.members), ("tagged pii", relations[:2]), ("archived", relations[2:])):
        console.print(f"{verb}: {', '.join(one.name for one in those)}")


def list_products(work: Workspace) -> list[str]:
    """Return the demo's products as defined: relations first, tagged last."""
    order = ("Relations", "Identifiers", "Tagged")
    names = (one.entity.name for one in work.record.products())
    return sorted(names, key=lambda name: order.index(name.split()[0]))


def explain_two(work: Workspace, product: Product) -> None:
    """Explain one relation that is in the product and one that is not."""
    inside = resolve.members_page(work, product.entity.guid, Live(), PageRequest(1)).members
    outside = Bool(filter=(Terms("__typeName.keyword", ("Table", "View")),), must_not=(parse(product.selection.wire),))
    hits = work.engine.search(outside, Page(1), now=work.clock()).hits
    for one in (*inside, *work.record.entities([hit.ordinal for hit in hits])):
        console.print()
        show.explained(explain(work, product.entity.guid, one.guid))


def _tagged(one: Entity) -> EntityDraft:
    return replace(one.draft(), tags=(*one.tags, "pii"))


if __name__ == "__main__":
    try:
        main()
    except MusterError as error:
        complain(error, as_json=False)
        sys.exit(1)
