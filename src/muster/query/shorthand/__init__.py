"""The shorthand: a selection in one line, `type:Table certificate:VERIFIED -tag:PII updated:>now-30d`."""

from muster.query.shorthand.parser import parse
from muster.query.shorthand.printer import print_shorthand

__all__ = ["parse", "print_shorthand"]
