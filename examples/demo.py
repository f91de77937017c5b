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

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from muster.bootstrap import open_workspace
from muster.catalog.product import Product
from muster.cli import show
from muster.cli.answering.here import Here
from muster.cli.terminal import complain, progress
from muster.errors import MusterError
from muster.importers.dbt import read_dbt
from muster.protocols import Page
from muster.query.build import F, select
from muster.query.english import english
from muster.query.faces import Face
from muster.query.nodes import Bool, MatchAll, Node, Terms
from muster.service import define, resolve
from muster.service.ingest import ingest
from muster.service.project import project
from muster.service.resolve import Live, PageRequest
from muster.service.selecting import Written
from muster.service.sync import Synced, sync
from muster.service.workspace import Workspace
from muster.settings import Settings

HERE = Path(__file__).parent
OURS = HERE / "shop" / "artifacts" / "manifest.json"
CHANGED = OURS.with_name("changed-manifest.json"), OURS.with_name("changed-catalog.json")
FOLDER = Path(".demo")
SETTINGS = Settings(data=FOLDER)
BUILT = 'select("Table", "View").active().where({followed}).where_not(F.tags.has("pii"))'
RAW = (
    '{"query": {"dsl": {"from": 0, "query": {"bool": {"filter": {"bool": {"filter": ['
    '{"term": {"__state": {"value": "ACTIVE"}}}, {"term": {"__typeName.keyword": {"value": "Column"}}}, '
    '{"exists": {"field": "description"}}]}}}}}}, "filterScrubbed": true}'
)
console = Console(highlight=False, soft_wrap=True)


def main() -> None:
    """Run every step on a fresh folder."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--manifest", type=Path, required=True)
    options.add_argument("--catalog", type=Path)
    chosen = options.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)
    began = time.monotonic()
    with open_workspace(SETTINGS) as work:
        tell(work, chosen.manifest, chosen.catalog)
    console.print(f"\nThat took {time.monotonic() - began:.1f} s. Look around: muster product list --data {FOLDER}")
    console.print(f"Over HTTP: muster serve --data {FOLDER}; its first start leaves a token in {FOLDER}/admin.token")


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
    show.counts(dict(resolve.tally(work, work.engine.members(MatchAll(), now=work.clock()), limit=12)))


def define_products(work: Workspace) -> list[Product]:
    """Define one product by each of three faces, over what this catalog has most of."""
    tag = tag_to_follow(work)
    schema = common(work, "schemaName.keyword")
    followed, written = (
        (F.tags.has(tag), f'F.tags.has("{tag}")') if tag else (F.schema_name == schema, f'F.schema_name == "{schema}"')
    )
    built = select("Table", "View").active().where(followed).where_not(F.tags.has("pii"))
    return [
        defined(work, "Relations to share", built.dsl(), Face.DSL, BUILT.format(followed=written)),
        defined(work, "Identifiers", 'type:Column state:ACTIVE name:("*_id" OR "id")', Face.SHORTHAND),
        defined(work, "Documented columns", RAW, Face.DSL),
    ]


def tag_to_follow(work: Workspace) -> str | None:
    """Return the tag of the first product: Marketing's, or else what most assets are tagged."""
    tags = [str(tag) for tag, _ in work.engine.terms("__traitNames", limit=100)]
    return "marketing" if "marketing" in tags else next(iter(tags), None)


def common(work: Workspace, field: str) -> str | None:
    """Return the most frequent value of a field."""
    found = work.engine.terms(field, limit=1)
    return str(found[0][0]) if found else None


def defined(work: Workspace, name: str, text: str, face: Face, written: str | None = None) -> Product:
    """Define a product and show its selection and members."""
    product = define.create(work, name, Written(text, face), define.Details(), domain_name="Demo").product
    project(work)
    page = resolve.members_page(work, name, Live(), PageRequest(4))
    console.print()
    console.print(Text.assemble((name, "bold cyan"), f"  {page.total:,} members"))
    console.print(f"  written  {shortened(written or text)}")
    console.print(f"  English  {english(product.selection.node)}")
    console.print(Text(f"  string   {shortened(product.entity.attributes['dataProductAssetsDSL'])}", style="dim"))
    for one in page.members:
        console.print(Text(f"    {one.key.type_name:<12} {one.key.qualified_name}"))
    if page.next:
        console.print(Text(f"    … and {page.total - len(page.members):,} more", style="dim"))
    return product


def shortened(string: str) -> str:
    """Return a dataProductAssetsDSL string with its list of attributes, the same in all, cut short."""
    head, found, tail = string.partition('"attributes": [')
    return string if not found else head + found + "…]" + tail.partition("]")[2]


def report(work: Workspace, done: Sequence[Synced]) -> None:
    """Show each run and, after the first, the assets that moved in it and why."""
    for one in done:
        run = one.run
        name = (one.product.entity.name, "bold cyan")
        counts = f"  {run.outcome.value}: {run.total:,} members, +{run.joined:,} -{run.left:,}"
        console.print(Text.assemble(name, counts))
        if run.generation != 1 or one.held:
            show.moved(Here(work, SETTINGS).moves(one.product.entity.guid, run.number, limit=6).data)


def change_with_dbt(work: Workspace) -> None:
    """Import the same project as dbt wrote it after an edit."""
    console.print("the project was edited and built again: tags and owners changed, models came and went")
    bring_in(work, *CHANGED)


def change_by_hand(work: Workspace) -> None:
    """Tag, untag and archive a few relations, as people do in a catalog."""
    relations = resolve.members_page(work, "Relations to share", Live(), PageRequest(3)).members
    columns = resolve.members_page(work, "Identifiers", Live(), PageRequest(2)).members
    tagged = [replace(one.draft(), tags=(*one.tags, "pii")) for one in relations[:2]]
    renamed = [replace(one.draft(), attributes={**one.attributes, "name": f"{one.name}_key"}) for one in columns]
    work.record.write([*tagged, *renamed], by="demo", at=work.clock())
    work.record.archive([one.ordinal for one in relations[2:]], by="demo", at=work.clock())
    project(work)
    for verb, those in (("tagged pii", relations[:2]), ("archived", relations[2:]), ("renamed", columns)):
        console.print(f"{verb}: {', '.join(one.name for one in those) or 'none'}")


def explain_two(work: Workspace, product: Product) -> None:
    """Explain one asset that just joined the product and one that just left, or else any in and any out."""
    muster, guid = Here(work, SETTINGS), product.entity.guid
    moves = muster.moves(guid, muster.history(guid, limit=1).runs[0].run, limit=1).data
    joined = [one.guid for one in moves if one.joined] or a_page(work, product.selection.node)
    left = [one.guid for one in moves if not one.joined] or a_page(work, others(product))
    for asset in (*joined, *left):
        console.print()
        show.explained(muster.explain(guid, asset, None))


def others(product: Product) -> Node:
    """Return the relations that the product leaves out."""
    relations = Terms("__typeName.keyword", ("Table", "View"))
    return Bool(filter=(relations,), must_not=(product.selection.node,))


def a_page(work: Workspace, query: Node) -> list[str]:
    """Return the guid of the first asset that a query finds, if there is one."""
    found = work.engine.search(query, Page(1), now=work.clock()).hits
    return [one.guid for one in work.record.entities([hit.ordinal for hit in found])]


if __name__ == "__main__":
    try:
        main()
    except MusterError as error:
        complain(error, as_json=False)
        sys.exit(1)
