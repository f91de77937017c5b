"""A process that writes until it is killed: batches of 40 entities, a run after each, every one acknowledged."""

import sys

from muster.record import open_record
from tests.integration.record.samples import proposal, table

BATCH = 40


def main(url: str, seed: str) -> None:
    """Write batches named by seed and number; a line on stdout says that a batch is safe."""
    record = open_record(url)
    one = next(record.products())
    last = record.generations([one.entity.guid]).get(one.entity.guid)
    before = list(last.members) if last else []
    for batch in range(1_000_000):
        written = record.write([table(f"{seed}/{batch}/{number}") for number in range(BATCH)], by=seed, at=batch)
        now = [*before, *written.created]
        record.commit([proposal(one, now, before, at=batch)])
        before = now
        print(batch, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
