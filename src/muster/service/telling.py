"""Events as they are told to others: what happened to which product, in which run, and to whom."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from pyroaring import BitMap

from muster.batches import batches
from muster.catalog.entity import Entity
from muster.errors import InvalidInput, NotFound
from muster.hook import EVERY, Interest
from muster.membership import Cause, Event, EventKind, Run, moved
from muster.protocols import Happening
from muster.service.dotted import archived_product, domain, dotted_names, product
from muster.service.workspace import Workspace

SHOWN: Final = 100
"""Assets that an event names of those who joined, and of those who left."""

AT_ONCE: Final = 10
"""Events whose member sets are in memory at once."""

TYPES: Final[Mapping[EventKind, str]] = {
    EventKind.MOVED: "muster.membership.moved",
    EventKind.HELD: "muster.membership.held",
}
"""What the kinds of events are called by others."""

KINDS: Final[Mapping[str, EventKind]] = {name: kind for kind, name in TYPES.items()}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many joined and left for one cause."""

    cause: Cause
    joined: int
    left: int


@dataclass(frozen=True, slots=True)
class Named:
    """The first of some assets by guid, in the order in which they came to the catalog; whether there are more."""

    guids: tuple[str, ...]
    truncated: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One event with all that is told of it; `record` is the identity of the record that it happened in."""

    record: str
    event: Event
    product: Entity
    dotted_name: str
    run: Run
    causes: tuple[Counted, ...]
    joined: Named
    left: Named

    @property
    def id(self) -> str:
        """What no other event of any record is called, and this one always is."""
        return f"{self.record}:{self.event.number}"


@dataclass(frozen=True, slots=True)
class Page:
    """Some events; `after` is the number to go on from, `last` that of the last event there is."""

    shown: tuple[Told, ...]
    after: int
    last: int


def page(work: Workspace, after: int, limit: int, interest: Interest) -> Page:
    """Return the events after a number that somebody wants, at most `limit`.

    Raises:
        InvalidInput: nothing that late has happened yet: the number is of another record.
    """
    last = refuse_future(work, after)
    found = work.record.events(after, limit, interest)
    come = [one.number for one in found]
    upto = come[-1] if len(come) == limit else max([last, *come])
    return Page(tuple(tell(work, found)), upto, last)


def refuse_future(work: Workspace, after: int, path: str | None = None) -> int:
    """Return the number of the last event; refuse one after it, which stands at a path.

    Raises:
        InvalidInput: nothing that late has happened yet: the number is of another record.
    """
    last = work.record.last_event()
    if after > last:
        hint = "begin again after 0, or after the last"
        raise InvalidInput(f"event {after} has not happened yet: the last one is {last}", path=path, hint=hint)
    return last


def refuse_both(of_product: str | None, of_domain: str | None) -> None:
    """Refuse a product and a domain at once.

    Raises:
        InvalidInput: both are named.
    """
    if of_product is not None and of_domain is not None:
        raise InvalidInput("a product or a domain, not both", path="/domain", hint="leave one of them out")


@contextmanager
def hinted(path: str | None = None) -> Iterator[None]:
    """Say of a product or a domain that is not there how one is named, and where this one is."""
    try:
        yield
    except NotFound as error:
        error.path, error.hint = path, "name it by guid, qualified name or dotted name"
        raise


def interest(work: Workspace, of_product: str | None, of_domain: str | None, types: Iterable[str] = ()) -> Interest:
    """Return what somebody wants who names a product or a domain, or neither, and types of events, or none for all.

    Raises:
        NotFound: there is no such product or domain.
        InvalidInput: both are named, or a type is none.
    """
    refuse_both(of_product, of_domain)
    with hinted():
        found = None if of_product is None else known_product(work, of_product).guid
        below = None if of_domain is None else domain(work, of_domain, archived=True).key.qualified_name
    return Interest(found, below, kinds(types))


def kinds(types: Iterable[str]) -> frozenset[EventKind]:
    """Return the kinds of some types of events; all, where none are named.

    Raises:
        InvalidInput: one is none.
    """
    named = list(types)
    if unknown := next((name for name in named if name not in KINDS), None):
        raise InvalidInput(
            f"there are no events of type `{unknown}`", path="/type", hint=f"there are: {', '.join(KINDS)}"
        )
    return frozenset(KINDS[name] for name in named) or EVERY


def known_product(work: Workspace, ref: str) -> Entity:
    """Return a product by whatever names it, an archived one as well.

    Raises:
        NotFound: there is none.
    """
    try:
        return product(work, ref).entity
    except NotFound:
        return archived_product(work, ref)


def tell(work: Workspace, events: Sequence[Event]) -> Iterator[Told]:
    """Yield events with what is told of each; one whose run is kept no more is left out."""
    record = work.record.identity() if events else ""
    for some in batches(events, AT_ONCE):
        happened = work.record.happenings(some)
        ordinals = list({one.ordinal for one in happened})
        products = {one.ordinal: one for one in work.record.entities(ordinals, purged=True)}
        names = dotted_names(work, list(products.values()))
        for one in happened:
            yield _told(work, record, one, products[one.ordinal], names)


def _told(work: Workspace, record: str, one: Happening, of: Entity, names: Mapping[str, str]) -> Told:
    causes = (Counted(move.cause, len(move.joined), len(move.left)) for move in one.moves)
    named = (_named(work, assets) for assets in moved(one.moves))
    return Told(record, one.event, of, names[of.guid], one.run, tuple(causes), *named)


def _named(work: Workspace, assets: BitMap) -> Named:
    return Named(tuple(work.record.guids(assets[:SHOWN])) if assets else (), len(assets) > SHOWN)
