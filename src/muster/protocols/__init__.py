"""The seams: what the services ask of a record, an engine, time and a sender."""

from muster.protocols.clock import Clock, Pause
from muster.protocols.engine import Digest, Engine, Finding, Found, Hit, Page, Postings, Refusal, Update
from muster.protocols.record import Change, Record, Typedefs, Written
from muster.protocols.sender import Answer, Sender, Stopped, Target
from muster.protocols.telling import Happening

__all__ = [
    "Answer",
    "Change",
    "Clock",
    "Digest",
    "Engine",
    "Finding",
    "Found",
    "Happening",
    "Hit",
    "Page",
    "Pause",
    "Postings",
    "Record",
    "Refusal",
    "Sender",
    "Stopped",
    "Target",
    "Typedefs",
    "Update",
    "Written",
]
