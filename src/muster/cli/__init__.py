"""The command line: verbs over the use cases."""

import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line; an interruption is no error, also while the program is still being loaded."""
    try:
        from muster.cli.app import run  # noqa: PLC0415 - loading it takes long enough to be interrupted

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
