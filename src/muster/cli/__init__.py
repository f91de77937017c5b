"""The command line: verbs over the use cases."""

from muster.cli.app import main

__all__ = ["main"]
