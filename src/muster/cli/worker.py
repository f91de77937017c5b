"""`muster worker`: keep memberships right from a process of its own, beside those that serve."""

from typing import Annotated

import typer

from muster.cli.options import Data, Json


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what is to be done now, and end.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Follow changes, keep stored memberships right and tell webhooks what happens, until stopped.

    One process does this at a time, whoever has the lease; others stand by and take over. `muster serve` does it too. Once
    a day (`MUSTER_KEEPING_AUDIT`) everything that follows changes is evaluated in full besides; where that came to other
    members, it is told. With `--once` there is no audit, nobody is told, and it ends with 1 when a run was held.

    Examples:

    muster worker

    muster worker --once --json
    """
    from muster.cli.working import settle, work_on  # noqa: PLC0415 - other verbs need none of it

    (settle if once else work_on)(data, as_json=as_json)
