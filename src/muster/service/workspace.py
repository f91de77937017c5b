"""What every use case works with."""

from dataclasses import dataclass, field

from muster.fields import Fields
from muster.protocols import Clock, Engine, Record
from muster.query.limits import DEFAULT, Limits


@dataclass(frozen=True, slots=True)
class Workspace:
    """One record and its index; `by` signs what is written."""

    record: Record
    engine: Engine
    clock: Clock
    by: str
    limits: Limits = field(default=DEFAULT)

    @property
    def fields(self) -> Fields:
        """The searchable fields, those that documents brought along among them."""
        return self.engine.fields()
