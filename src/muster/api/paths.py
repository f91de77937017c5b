"""Names in paths, with whatever is in them: slashes, line breaks and all."""

from typing import Final

from starlette.convertors import Convertor, register_url_convertor

NAMES: Final = "name"
"""The convertor of a parameter in the middle of a path: `{ref:name}`."""

REST: Final = "rest"
"""The convertor of a parameter at the end of a path: `{ref:rest}`."""


class _Name(Convertor[str]):
    """A name with whatever is in it, slashes too; it ends where the rest of a path can first begin."""

    regex = r"[\s\S]+?"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class _Rest(_Name):
    """A name that a path ends with, line breaks and all: Starlette's own convertor stops at the first."""

    regex = r"[\s\S]+"


register_url_convertor(NAMES, _Name())
register_url_convertor(REST, _Rest())
