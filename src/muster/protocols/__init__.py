"""The seams: what the services ask of a record, an engine and a clock."""

from muster.protocols.clock import Clock
from muster.protocols.engine import Digest, Engine, Finding, Found, Hit, Page, Postings, Refusal, Update
from muster.protocols.record import Change, Record, Typedefs, Written

__all__ = [
    "Change",
    "Clock",
    "Digest",
    "Engine",
    "Finding",
    "Found",
    "Hit",
    "Page",
    "Postings",
    "Record",
    "Refusal",
    "Typedefs",
    "Update",
    "Written",
]
