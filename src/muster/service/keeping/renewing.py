"""A lease that stays taken for as long as what it was taken for goes on."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Final

from muster.errors import RecordUnavailable
from muster.membership import Fence
from muster.service.workspace import Workspace

PARTS: Final = 3
"""How often a lease is renewed before it would end."""


@contextlib.contextmanager
def renewed(work: Workspace, fence: Fence, holder: str, lease: int) -> Iterator[None]:
    """Renew a lease of so many milliseconds from a thread of its own, until the end of the block.

    Where somebody else has taken over meanwhile, what is committed under the fence is refused as ever.
    """
    done = threading.Event()

    def renew() -> None:
        while not done.wait(lease / 1000 / PARTS):
            now = work.clock()
            with contextlib.suppress(RecordUnavailable):
                if work.record.lease(fence.name, holder, at=now, until=now + lease) != fence:
                    return

    thread = threading.Thread(target=renew, name=f"lease {fence.name}")
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
