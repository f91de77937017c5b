"""A selection read aloud: "Active tables, certified VERIFIED, tagged Marketing, but not tagged PII"."""

from muster.query.english.reading import english

__all__ = ["english"]
