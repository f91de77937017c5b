"""When products are synced, what their runs may move, how fresh they have to be, and how long their history is kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias, assert_never
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from muster.errors import InvalidInput
from muster.membership import Guard

SHORTEST: Final = 1_000
"""Milliseconds between two syncs of a product, at least."""

LONGEST: Final = 10 * 365 * 86_400_000
"""Milliseconds of a span, at most: ten years."""

MOST: Final = 2**53
"""The greatest number that a policy says."""

FIELDS: Final = 5
"""Fields of a cron expression."""

ENDLESS: Final = re.compile(r"/0*([1-9]\d{2,})")
"""A step beyond the end of any field of a cron expression."""

OF_THE_MACHINE: Final = frozenset({"Factory", "localtime", "posixrules"})
"""Names of time zones that mean another one on each machine, or none."""


@dataclass(frozen=True, slots=True)
class OnChange:
    """Synced when an asset changes, or the time does what a selection says."""


@dataclass(frozen=True, slots=True)
class Manual:
    """Synced when somebody says so."""


@dataclass(frozen=True, slots=True)
class Every:
    """Synced every so many milliseconds."""

    milliseconds: int

    def __post_init__(self) -> None:
        if self.milliseconds < SHORTEST:
            raise InvalidInput(
                "a product is synced once a second at most", path="/schedule/every", hint="name a longer interval"
            )
        if self.milliseconds > LONGEST:
            raise InvalidInput(
                "a product is synced every ten years at least", path="/schedule/every", hint='or say "manual"'
            )


@dataclass(frozen=True, slots=True)
class Cron:
    """Synced at the times of a cron expression of five fields, in a time zone of the IANA's list.

    As Debian's cron does it, a time that a change of clocks leaves out comes right after the change, and one that comes
    twice counts once; an expression whose hour or minute begins with `*` just goes on.
    """

    expression: str
    time_zone: str = "UTC"

    def __post_init__(self) -> None:
        try:
            zone = ZoneInfo("" if self.time_zone in OF_THE_MACHINE else self.time_zone)
        except (KeyError, ValueError, OSError) as error:
            raise InvalidInput(
                f"there is no time zone `{self.time_zone}`",
                path="/schedule/timeZone",
                hint="name one such as `Europe/Berlin`",
            ) from error
        if (why := _unusable(self.expression, zone)) is not None:
            raise InvalidInput(
                f"`{self.expression}` is no cron expression: {why}",
                path="/schedule/cron",
                hint="`0 6 * * *` is daily at six",
            )

    @property
    def english(self) -> str:
        """The times in words."""
        return f"{CronSim(self.expression, datetime(2024, 1, 1, tzinfo=UTC)).explain()}, {self.time_zone}"


def _unusable(expression: str, zone: ZoneInfo) -> str | None:
    """Return why a cron expression names no times; None where it does."""
    if len(expression.split()) != FIELDS:
        return f"it has {len(expression.split())} fields, not {FIELDS}"
    if step := ENDLESS.search(expression):
        return f"a step of {step[1][:20]} is beyond the end of its field"
    try:
        next(CronSim(expression, datetime(2024, 1, 1, tzinfo=zone)))
    except CronSimError as error:
        return str(error).lower()
    except StopIteration:
        return "that time never comes"
    return None


Schedule: TypeAlias = OnChange | Manual | Every | Cron


def next_time(schedule: Schedule, last: int | None, now: int) -> int | None:
    """Return when a product is due (ms since 1970) that was synced at a time; None when only a change makes it so.

    One that was never synced is due at once, unless that is for somebody to say; so is one that was synced at a time that
    is yet to come, for the clock was set back.
    """
    match schedule:
        case Manual():
            return None
        case OnChange():
            return now if last is None else None
        case Every(milliseconds):
            return now if last is None or last > now else last + milliseconds
        case Cron(expression, time_zone):
            return now if last is None or last > now else _after(expression, time_zone, last)
        case _:
            assert_never(schedule)


@lru_cache(maxsize=65_536)
def _after(expression: str, time_zone: str, last: int) -> int | None:
    """Return the first time after another: in an hour that comes twice the expression may name one before it."""
    start = datetime.fromtimestamp(last / 1000, UTC).astimezone(ZoneInfo(time_zone))
    times = (int(at.timestamp() * 1000) for at in CronSim(expression, start))
    return next((at for at in times if at > last), None)


@dataclass(frozen=True, slots=True)
class Policy:
    """What is said for one scope; None: what the scope around it says.

    `percent`, `least` and `may_empty` are those of `Guard`; `freshness` is how old, in ms, what is stored may be before
    that is told; `keep` how many runs are kept of each product, of those that moved somebody or were held, and of others.
    """

    schedule: Schedule | None = None
    percent: float | None = None
    least: int | None = None
    may_empty: bool | None = None
    freshness: int | None = None
    keep: int | None = None

    def __post_init__(self) -> None:
        numbers = {"percent": self.percent, "least": self.least, "freshness": self.freshness, "keep": self.keep}
        for name, value in numbers.items():
            if value is not None and not 0 <= value <= MOST:
                raise InvalidInput(f"`{name}` is 0 or more, and {MOST} at most", path=f"/{name}")
        if self.freshness is not None and self.freshness > LONGEST:
            raise InvalidInput("what is older than ten years is fresh to nobody", path="/freshness")
        if self.freshness is not None and self.freshness < SHORTEST:
            raise InvalidInput("nothing is fresher than a second", path="/freshness", hint="name a longer span")
        if self.keep == 0:
            raise InvalidInput("at least one run is kept", path="/keep")

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Policy":
        """Read what `said` wrote.

        Raises:
            InvalidInput: it is none.
        """
        known = {name: said.get(name) for name in _NAMES if said.get(name) is not None}
        if unknown := next((name for name in said if name not in {"schedule", *_NAMES}), None):
            raise InvalidInput(
                f"a policy says nothing of `{unknown}`", path=f"/{unknown}", hint=", ".join(("schedule", *_NAMES))
            )
        schedule = said.get("schedule")
        return cls(
            schedule=None if schedule is None else read_schedule(schedule), **{_NAMES[k]: v for k, v in known.items()}
        )

    def said(self) -> dict[str, Any]:
        """Return what is said as JSON, without what is not."""
        known = {name: getattr(self, key) for name, key in _NAMES.items()}
        schedule = {} if self.schedule is None else {"schedule": write_schedule(self.schedule)}
        return schedule | {name: value for name, value in known.items() if value is not None}

    def within(self, around: "Policy") -> "Policy":
        """Return what holds where this is said inside a wider scope."""
        return replace(around, **{name: value for name in PARTS if (value := getattr(self, name)) is not None})

    @property
    def guard(self) -> Guard:
        """What a run may move by itself."""
        usual = Guard()
        return Guard(
            usual.percent if self.percent is None else self.percent,
            usual.least if self.least is None else self.least,
            may_empty=usual.may_empty if self.may_empty is None else self.may_empty,
        )


@dataclass(frozen=True, slots=True)
class Stated:
    """A policy as it was said for a scope: by whom, and when (ms since 1970)."""

    policy: Policy
    by: str
    at: int


_NAMES: Final = {
    "percent": "percent",
    "least": "least",
    "mayEmpty": "may_empty",
    "freshness": "freshness",
    "keep": "keep",
}

PARTS: Final = ("schedule", *_NAMES.values())
"""What a policy says, by the names of its parts."""

USUAL: Final = Policy(schedule=OnChange(), keep=1_000)
"""What holds where nobody has said anything."""

EVERYWHERE: Final = ""
"""The scope of all products."""


def effective(policies: Mapping[str, Policy], guid: str, qualified_name: str) -> Policy:
    """Return what holds for a product: its own policy, within those of the domains that it is in, the nearest first."""
    found = USUAL
    for scope in scopes(guid, qualified_name):
        if scope in policies:
            found = policies[scope].within(found)
    return found


@dataclass(frozen=True, slots=True)
class Policies:
    """What holds for each of many products by the same policies: those in one domain that say nothing share it."""

    policies: Mapping[str, Policy]
    _of_home: dict[str, Policy] = field(default_factory=dict, repr=False, compare=False)

    def of(self, guid: str, qualified_name: str) -> Policy:
        """Return what holds for a product."""
        if guid in self.policies:
            return effective(self.policies, guid, qualified_name)
        home = qualified_name.rpartition("/")[0]
        if home not in self._of_home:
            self._of_home[home] = effective(self.policies, guid, qualified_name)
        return self._of_home[home]


def scopes(guid: str, qualified_name: str) -> list[str]:
    """Return the scopes that a product is in, the widest first: everywhere, the domains that it is in, itself."""
    steps = qualified_name.split("/")
    return [EVERYWHERE, *("/".join(steps[:end]) for end in range(3, len(steps))), guid]


def read_schedule(said: Any) -> Schedule:
    """Read a schedule: `on change`, `manual`, `{"every": ms}`, `{"cron": "…", "timeZone": "…"}`.

    Raises:
        InvalidInput: it is none.
    """
    match said:
        case "on change":
            return OnChange()
        case "manual":
            return Manual()
        case {"every": int() as milliseconds, **rest} if not rest:
            return Every(milliseconds)
        case {"cron": str() as expression, **rest} if not rest.keys() - {"timeZone"}:
            return Cron(expression, str(rest.get("timeZone", "UTC")))
        case _:
            hint = 'write "on change", "manual", {"every": "15m"} or {"cron": "0 6 * * *", "timeZone": "Europe/Berlin"}'
            raise InvalidInput("that is no schedule", path="/schedule", hint=hint)


def write_schedule(schedule: Schedule) -> Any:
    """Return a schedule as JSON."""
    match schedule:
        case OnChange():
            return "on change"
        case Manual():
            return "manual"
        case Every(milliseconds):
            return {"every": milliseconds}
        case Cron(expression, time_zone):
            return {"cron": expression, "timeZone": time_zone}
        case _:
            assert_never(schedule)
