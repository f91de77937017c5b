"""What a server answers, typed. The keys in JSON are those of the reference of JSON output; times know their zone.

What only some answers say is None, or empty, in the others.
"""

from muster.client.models.events import Event, EventPage
from muster.client.models.history import (
    Because,
    CauseCount,
    Change,
    FieldChange,
    Moved,
    Revision,
    Run,
    RunInFull,
    SyncedRun,
)
from muster.client.models.keeping import (
    Approved,
    Difference,
    Differing,
    Effective,
    Policy,
    RunOfProduct,
    Stated,
    Words,
)
from muster.client.models.members import Clause, Count, Explained, MemberPage, Members, Provenance
from muster.client.models.products import Cost, Moving, Preview, Product, Replacement
from muster.client.models.reports import (
    DeadRow,
    FreshnessRow,
    MovingRow,
    OverlapRow,
    Report,
    Supposition,
    UnchangingRow,
    Uncovered,
)
from muster.client.models.things import Asset, Brief, Complaint, CurrentSelection, Paging, Selection, Standing
from muster.client.models.webhooks import Delivery, Tested, Webhook

__all__ = [
    "Approved",
    "Asset",
    "Because",
    "Brief",
    "CauseCount",
    "Change",
    "Clause",
    "Complaint",
    "Cost",
    "Count",
    "CurrentSelection",
    "DeadRow",
    "Delivery",
    "Difference",
    "Differing",
    "Effective",
    "Event",
    "EventPage",
    "Explained",
    "FieldChange",
    "FreshnessRow",
    "MemberPage",
    "Members",
    "Moved",
    "Moving",
    "MovingRow",
    "OverlapRow",
    "Paging",
    "Policy",
    "Preview",
    "Product",
    "Provenance",
    "Replacement",
    "Report",
    "Revision",
    "Run",
    "RunInFull",
    "RunOfProduct",
    "Selection",
    "Standing",
    "Stated",
    "Supposition",
    "SyncedRun",
    "Tested",
    "UnchangingRow",
    "Uncovered",
    "Webhook",
    "Words",
]
