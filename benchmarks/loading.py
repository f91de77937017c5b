"""Load the catalog: into the record, and from there into the index."""

from itertools import islice

from catalog import drafts, entities
from measure import Taken, forget_peak, peak_memory, size_on_disk, timed
from muster.catalog.document import document
from server import ALIAS
from stand import Stand
from subjects import WholePath
from watch import index_size, settle, watched


def measure_load(stand: Stand) -> None:
    """Load, and say how fast; what it costs to draw the catalog is left out."""
    report, assets = stand.report, stand.plan.assets
    forget_peak()
    with watched(stand.raw.usual, report, "load"):
        loading = _loaded(stand)
    report.took("load: into the index", loading)
    report.add("load: into the index", assets / loading.clock, "assets/s")
    report.add("load: peak memory of Muster", peak_memory(), "MB")
    settle(stand.raw.usual, ALIAS)
    report.add("index on disk", index_size(stand.raw.usual, ALIAS), "MB")
    report.add("record on disk", size_on_disk(stand.folder), "MB")


def _loaded(stand: Stand) -> Taken:
    """Load the subject; return what the index took of it."""
    subject, assets, report = stand.subject, stand.plan.assets, stand.report
    if not isinstance(subject, WholePath):
        _, drawing = timed(lambda: sum(1 for one in entities(assets) if document(one)))
        _, loading = timed(lambda: subject.load(assets))
        return _without(loading, drawing)
    _, drawing = timed(lambda: sum(1 for _ in islice(drafts(), assets)))
    _, ingesting = timed(lambda: subject.ingest(assets))
    ingesting = _without(ingesting, drawing)
    report.took("load: into the record", ingesting)
    report.add("load: into the record", assets / ingesting.clock, "assets/s")
    _, projecting = timed(subject.project)
    return projecting


def _without(taken: Taken, part: Taken) -> Taken:
    return Taken(taken.clock - part.clock, taken.processors - part.processors)
