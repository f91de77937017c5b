"""Rounds of keeping memberships right, in tests that do not go on by themselves."""

from muster.service.keeping.keeper import Keeper


def kept(keeper: Keeper) -> None:
    """Do rounds until nothing is waiting; the lease is kept, and the index is not carried to."""
    while (done := keeper.step()) is None or done.more:
        pass
