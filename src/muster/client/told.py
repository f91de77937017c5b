"""What the models of all answers are made of: names as in JSON, times, and what a later server says besides."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel


def iso(time: datetime) -> str:
    """Return a time as the server writes it: ISO 8601 in UTC, to the millisecond.

    Example:
        >>> iso(datetime(2026, 1, 31, 12, tzinfo=UTC))
        '2026-01-31T12:00:00.000Z'
    """
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Time = Annotated[datetime, PlainSerializer(iso)]


class Told(BaseModel):
    """Something that a server told: it does not change.

    What a later server says besides is kept, and found by its name in JSON.
    """

    model_config = ConfigDict(
        frozen=True, extra="allow", alias_generator=to_camel, populate_by_name=True, defer_build=True
    )

    def as_json(self) -> dict[str, Any]:
        """Return what was told, as JSON values: no more and no less."""
        return self.model_dump(by_alias=True, exclude_unset=True)
