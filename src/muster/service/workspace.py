"""What every use case works with."""

from dataclasses import dataclass, field

from muster.fields import Fields
from muster.protocols import Clock, Engine, Record
from muster.query.limits import DEFAULT, Limits


@dataclass(frozen=True, slots=True)
class Workspace:
    """One record, its index and the fields they share; `by` signs what is written."""

    record: Record
    engine: Engine
    fields: Fields
    clock: Clock
    by: str
    limits: Limits = field(default=DEFAULT)
