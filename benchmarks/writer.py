"""Change assets in a record at a steady rate, as a process of its own that says each commit in a line of JSON."""

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from uuid import uuid4

from catalog import CERTIFICATES, drafts
from muster.bootstrap import now
from muster.catalog.entity import EntityDraft
from muster.record import open_record

MARK = "lastSyncRun"
"""The attribute that is changed."""
OWN = 10_000
"""So many assets are changed, one after the other and over again."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit: the number of its last change, when it was done, and a mark that one of its assets has since.

    The time is in seconds by the monotonic clock, which all processes of a machine share.
    """

    position: int
    at: float
    mark: str


def main() -> None:
    """Write for as long as is said."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("record", type=Path)
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--rate", type=int, required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--moving", action="store_true", help="change certificates, by which products move, as well")
    said = parser.parse_args()
    changed = moving() if said.moving else marked()
    with closing(open_record(f"sqlite:///{said.record}")) as record:
        start = time.monotonic()
        for number in range(said.seconds * said.rate // said.batch):
            batch = list(islice(changed, said.batch))
            time.sleep(max(0.0, start + number * said.batch / said.rate - time.monotonic()))
            record.write(batch, by="bench", at=now())
            at = time.monotonic()
            print(json.dumps(asdict(Commit(record.position(), at, batch[-1].attributes[MARK]))), flush=True)


def marked() -> Iterator[EntityDraft]:
    """Yield the first assets of the catalog over and over again, each time with a mark that there has never been."""
    for one in cycle(list(islice(drafts(), OWN))):
        yield replace(one, attributes={**one.attributes, MARK: uuid4().hex})


def moving() -> Iterator[EntityDraft]:
    """Yield the same, each with the next certificate: products that ask for certificates move."""
    for one, certificate in zip(marked(), cycle(CERTIFICATES), strict=False):
        yield replace(one, attributes={**one.attributes, "certificateStatus": certificate})


if __name__ == "__main__":
    main()
