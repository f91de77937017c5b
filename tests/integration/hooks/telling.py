"""What tests of webhooks do: move members, tell receivers, let time pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from muster.api.delivering import messages
from muster.catalog.product import Product
from muster.hook import Delivery, Hook
from muster.membership import Run
from muster.protocols import Sender
from muster.service.hooks.addresses import Allowed
from muster.service.hooks.attempts import Patience
from muster.service.hooks.delivering import Deliverer
from muster.service.hooks.subscribing import Out, Wanted, subscribe
from muster.service.workspace import Workspace
from tests.integration.conftest import SetClock
from tests.integration.receiver import Receiver
from tests.integration.record.samples import product, proposal, selection

SECOND = 1_000
HOUR = 3_600 * SECOND


@dataclass
class Telling:
    """A record, and one worker that tells of what happens in it."""

    work: Workspace
    clock: SetClock
    out: Out
    deliverer: Deliverer
    members: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def over(cls, work: Workspace, clock: SetClock, sender: Sender) -> Telling:
        """Return one over a workspace, with leave to send to this machine."""
        work = replace(work, clock=clock)
        out = Out(sender, Allowed(private=True))
        return cls(work, clock, out, worker(work, out))

    def product(self, name: str = "P", domain: str = "d") -> Product:
        """Create a product in a domain."""
        draft = product(name, domain, f"default/domain/{domain}/product/{name}")
        return self.work.record.create_product(draft, selection(), by="ada", at=self.clock())

    def move(self, of: Product, *, times: int = 1, held: str = "") -> list[Run]:
        """Let a product have another member, in a run each, or hold those runs."""
        runs = []
        for _ in range(times):
            before = self.members.setdefault(of.entity.guid, [])
            now = [*before, len(before) + 1]
            moved = proposal(of, now, before, at=self.clock(), held_because=held and f"{held} {len(before)}")
            runs += self.work.record.commit([moved])
            if not held:
                self.members[of.entity.guid] = now
        return runs

    def hook(self, receiver: Receiver, **wanted: Any) -> Hook:
        """Have a receiver told."""
        return subscribe(self.work, self.out, Wanted(receiver.url, **wanted))

    def read(self, hook: Hook) -> Hook:
        """Return a hook as it is now."""
        return self.work.record.hook(hook.guid)

    def round(self, worker: Deliverer | None = None) -> int:
        """Let a worker do what is to be done now, and return for how many hooks there was something."""
        one = worker or self.deliverer
        turns = one.turns()
        for turn in turns:
            one.take(turn, lambda: False)
        return len(turns)

    def deliveries(self, hook: Hook) -> Sequence[Delivery]:
        """Return what is known of deliveries, the earliest event first."""
        return self.work.record.deliveries(hook.guid, limit=1000)[::-1]


def worker(work: Workspace, out: Out, *, tries: int = 4) -> Deliverer:
    """Return a worker that tries four times, after one second, two and four."""
    return Deliverer(work, out, messages, Patience(tries, SECOND))
