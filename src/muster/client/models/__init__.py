"""What a server answers, typed. The keys in JSON are those of the reference of JSON output; times know their zone.

What only some answers say is None, or empty, in the others.
"""

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
from muster.client.models.members import Clause, Count, Explained, MemberPage, Members, Provenance
from muster.client.models.products import Cost, Moving, Preview, Product, Replacement
from muster.client.models.things import Asset, Complaint, CurrentSelection, Selection, Standing

__all__ = [
    "Asset",
    "Because",
    "CauseCount",
    "Change",
    "Clause",
    "Complaint",
    "Cost",
    "Count",
    "CurrentSelection",
    "Explained",
    "FieldChange",
    "MemberPage",
    "Members",
    "Moved",
    "Moving",
    "Preview",
    "Product",
    "Provenance",
    "Replacement",
    "Revision",
    "Run",
    "RunInFull",
    "Selection",
    "Standing",
    "SyncedRun",
]
