"""What the services ask of the record about memberships: what they were and are, how they came about, and by what rules."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from pyroaring import BitMap

from muster.membership import (
    Fence,
    Followed,
    Generation,
    Move,
    Outcome,
    Proposal,
    Run,
    Seen,
    Standing,
    Trigger,
    Verdict,
)
from muster.policy import Policy, Stated


class Memberships(Protocol):
    """The part of a record that holds memberships, the runs that made them, and what is decided and said about them.

    Raises:
        RecordUnavailable: the store does not answer.
        NotFound: there is no such product, run or generation.
    """

    def standings(self, guids: Sequence[str]) -> dict[str, tuple[Standing, ...]]:
        """Return pins and exclusions per product, ended ones too, in order of asset and time; products without are left out."""
        ...

    def standings_about(self, ordinals: Sequence[int]) -> dict[str, tuple[Standing, ...]]:
        """Return the pins and exclusions of these entities by product, those that expired too, not what was withdrawn."""
        ...

    def decide(
        self, guid: str, standings: Sequence[Standing], withdrawn: Collection[int] = (), *, by: str, at: int
    ) -> int:
        """Let decisions stand, each in the place of what stood about its asset, and end what stands about other assets.

        The product gets its next version, unless nothing stood and nothing shall. Returns how many ended that had not
        been ended before.
        """
        ...

    def generations(self, guids: Sequence[str]) -> dict[str, Generation]:
        """Return the last generation per product; products never synced are left out.

        Run, revision, position and time are those of the last run that made or confirmed it.
        """
        ...

    def members_at(self, guid: str, generation: int) -> BitMap:
        """Return the members of a product's generation, the last one or an older one that is kept."""
        ...

    def settled(
        self, guid: str, *, upto: int | None = None, at: int | None = None, generation: int | None = None
    ) -> Run | None:
        """Return the last run of a product that made or confirmed a membership; None where there is none.

        Only runs up to a number, up to a time (ms since 1970), or of one generation count where these are given.
        """
        ...

    def commit(self, proposals: Sequence[Proposal], *, fence: Fence | None = None) -> list[Run]:
        """Commit runs: generation, moves, run row and event of each, all in one transaction.

        A proposal whose members equal the last generation's confirms that one, one that is held leaves it alone, and is
        the last run again where that was held as well. Conflict when, since a proposal was made, its product was deleted,
        its selection edited, or its membership moved by another run; nothing is stored then, for any of them. `fence` is
        what the work was taken under: Overtaken when somebody else has it by now.
        """
        ...

    def advance(self, proposals: Sequence[Proposal], upto: Followed, *, seen: int, fence: Fence) -> list[Run]:
        """Commit runs as `commit` does, and that all memberships have followed the change log so far.

        `seen` is the last run that was known of: Conflict when a product has a later one that was held.
        """
        ...

    def missed(self) -> dict[str, Followed]:
        """Return the products, by guid, that do not hold what following changes would have led to, and until when they did.

        They are those that were DELETED meanwhile, those whose last run had not seen all that was followed when it was
        committed, and those that `miss` named; a run that has seen it ends that. 0 where only their last run says since
        when.
        """
        ...

    def miss(self, guids: Sequence[str]) -> None:
        """Say that from now on products do not hold what following changes would have led to."""
        ...

    def judge(self, guid: str, run: int, verdict: Verdict, *, by: str, at: int, because: str = "") -> Run:
        """Say what someone decided about a held run, and why.

        Conflict when it was not held, was decided about before, or is not the last run of its product.
        """
        ...

    def approve(self, proposal: Proposal, run: int, *, by: str, because: str = "") -> tuple[Run, Run]:
        """Commit what a held run would have moved, and say that someone approved it; return both, the new run first.

        All in one transaction. Conflict as `judge` and `commit` say; nothing is stored then.
        """
        ...

    def current_runs(self) -> list[Run]:
        """Return the run that made or last confirmed the membership of each ACTIVE product that has one, in no order."""
        ...

    def moved_lately(self, since: Mapping[str, int]) -> dict[str, BitMap]:
        """Return which assets the catalog moved by itself in and out of products since a time each (ms since 1970).

        What came before a run that somebody answers for does not count, nor who is back. Products of which nothing did
        are left out.
        """
        ...

    def made(self) -> dict[str, tuple[int, int]]:
        """Return by product when its current membership was made (ms since 1970), and how many runs made or confirmed it.

        All runs are looked through.
        """
        ...

    def last_run(self) -> int:
        """Return the number of the last run of any product; 0 when there is none."""
        ...

    def synced_since(self, run: int) -> list[str]:
        """Return the guids of products that have runs after a number, in no order."""
        ...

    def waiting(self, guids: Sequence[str]) -> dict[str, Run]:
        """Return the last runs of those of the products whose last run was held, and not approved since."""
        ...

    def runs(self, guid: str, *, limit: int, before: int | None = None, moving: bool = False) -> list[Run]:
        """Return the last runs of a product, newest first, those numbered below `before`; `moving`: those that moved assets."""
        ...

    def runs_of_all(
        self,
        *,
        limit: int,
        before: int | None = None,
        outcome: Outcome | None = None,
        trigger: Trigger | None = None,
        decided: bool | None = None,
    ) -> list[Run]:
        """Return runs of the ACTIVE products, newest first, those numbered below `before`.

        `decided`: those held runs that somebody decided about, or (False) that wait for it: the last of their products.
        """
        ...

    def run_counts(self) -> list[tuple[str, str, int]]:
        """Return guid and qualified name of each product that has runs, DELETED ones too, and how many runs are kept of it."""
        ...

    def moves(self, guid: str, run: int) -> tuple[Move, ...]:
        """Return what a run of a product moved, or would have moved when it was held."""
        ...

    def trim(self, keeping: Mapping[str, int]) -> int:
        """Let go of runs that are older than the last ones of their product, given how many of these to keep by guid.

        With a run go its moves, its event, and the generations that no kept run has. What the memberships of kept runs
        follow from stays, and so does the run of the current one. Returns how many runs went; unknown guids are left out.
        """
        ...

    def followed(self) -> Followed:
        """Return how far all memberships have followed the change log."""
        ...

    def seen(self) -> Seen:
        """Return what was the case when changes were followed last."""
        ...

    def see(self, seen: Seen, fence: Fence) -> None:
        """Say what is the case, for whoever follows changes next; Overtaken where somebody else does by now."""
        ...

    def policies(self) -> dict[str, Policy]:
        """Return all policies by scope: the guid of a product, the qualified name of a domain, or nothing for all."""
        ...

    def policy(self, scope: str) -> Stated | None:
        """Return what is said for a scope, with who said it and when; None where nobody did."""
        ...

    def put_policy(self, scope: str, policy: Policy | None, *, by: str, at: int) -> None:
        """Store the policy of a scope in the place of the one before; None takes it away."""
        ...

    def lease(self, name: str, holder: str, *, at: int, until: int) -> Fence | None:
        """Take a piece of work, or keep it; None where somebody else has it. Times are ms since 1970."""
        ...

    def release(self, fence: Fence) -> None:
        """Let a piece of work go; one that somebody else has by now stays theirs."""
        ...
